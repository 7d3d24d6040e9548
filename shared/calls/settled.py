"""`settled`: whether a command of the asker's own has been settled under a key.

Who needs two commands for one request (the gateway, `<key>/register` and `<key>/book`) asks before the first, so that
a key which was used with another body changes nothing.
"""

from marshmallow import Schema, fields, validate


class SettledQuestion(Schema):
    """The operation's name and the whole key."""

    operation = fields.String(required=True, validate=validate.Length(1, 100))
    key = fields.String(required=True, validate=validate.Length(1, 300))


class SettledAnswer(Schema):
    """Carried out, or refused by a rule."""

    settled = fields.Boolean()
