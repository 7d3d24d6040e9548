"""How facts get from one service's database into another's: outbox, relay, broker, inbox, parking."""
