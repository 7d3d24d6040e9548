"""The facts that services tell each other: one frozen class an event, one shape an aggregate."""
