"""OpenAPI 3.1 from the routes' declarations: schemas, rules across fields, examples, scopes, every answer."""

from gateway.openapi.document import document, written

__all__ = ["document", "written"]
