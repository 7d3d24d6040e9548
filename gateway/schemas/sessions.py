"""Signing in, tokens, and who one is."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, Text, View, YesNo, an_id, an_instant


class SignIn(Body):
    login = Text(120, required=True)
    password = fields.String(required=True, validate=validate.Length(1, 512), metadata={"format": "password"})
    network = fields.UUID(metadata={"description": "only where the login exists in more than one network"})
    cookie = YesNo(load_default=False)


class Renewal(Body):
    refresh_token = Text(512, required=True)


class ClientCredentials(Body):
    grant_type = fields.String(required=True, validate=validate.OneOf(["client_credentials"]))
    client_id = Text(120)
    client_secret = Text(512)
    scope = Text(2000, shortest=0)


class Session(View):
    session_id = an_id()
    access_token = fields.String()
    token_type = fields.String()
    expires_in = fields.Integer()
    refresh_token = fields.String()
    session_expires_at = an_instant()


class Token(View):
    access_token = fields.String()
    token_type = fields.String()
    expires_in = fields.Integer()
    scope = fields.String()


class Network(View):
    network_id = an_id()
    name = fields.String()


class Me(View):
    account_id = an_id()
    kind = fields.String()
    login = fields.String()
    role = fields.String()
    network = fields.Nested(Network)
    site_ids = fields.List(an_id(), allow_none=True, metadata={"description": "null: every site of the network"})
    scopes = fields.List(fields.String())
    now = an_instant()
    simulated = fields.Boolean()
