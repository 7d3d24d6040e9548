"""What Frontdesk is measured against: small programs of the usual kind, with the same guarantees where it matters."""
