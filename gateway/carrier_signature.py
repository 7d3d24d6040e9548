"""How a carrier in Twilio's style signs its webhooks: HMAC-SHA1 over the address and the form, keyed with our secret.

The address is the one that the carrier was given, with FRONTDESK_PUBLIC_URL in front: a proxy may rename the rest.
"""

import base64
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable

from shared.carriers import CarrierAccount

HEADER = "X-Twilio-Signature"


def signature(secret: str, url: str, form: Iterable[tuple[str, str]]) -> str:
    """Base64. Names in their order, each followed by its values in theirs, doubled values once."""
    values: dict[str, set[str]] = defaultdict(set)
    for name, value in form:
        values[name].add(value)
    signed = url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    return base64.b64encode(hmac.new(secret.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def signers(
    given: str, accounts: Collection[CarrierAccount], url: str, form: Collection[tuple[str, str]]
) -> frozenset[CarrierAccount]:
    """Whose signature it is: of several accounts where they share a secret, of none where it is forged."""
    return frozenset(it for it in accounts if _is_by(given, it.secret, url, form))


def _is_by(given: str, secret: str, url: str, form: Collection[tuple[str, str]]) -> bool:
    return bool(secret) and hmac.compare_digest(given.encode(), signature(secret, url, form).encode())
