"""Carriers: each behind the protocol of `operations/gateway.py`, chosen by FRONTDESK_TEXT_GATEWAY."""
