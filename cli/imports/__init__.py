"""Importers: programs that bring in other systems' data through the gateway's ordinary API."""
