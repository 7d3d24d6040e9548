"""Events on the wire: marshmallow schemas, one module a service."""
