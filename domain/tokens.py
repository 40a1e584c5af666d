"""Secrets: acceptance tokens, API keys, first passwords. Only their hashes are kept."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from uuid import UUID


def acceptance_token(mail_id: UUID, *, secret: str) -> str:
    """The 256-bit token of a contract mail; the same mail, sent twice, carries the same link."""
    mac = hmac.digest(secret.encode(), b"acceptance:" + mail_id.bytes, "sha256")
    return urlsafe_b64encode(mac).decode().rstrip("=")


def handed_over(cause: UUID, *, secret: str) -> str:
    """The 256 bits that a page hands over once, for whatever derives its id from the page's form and from its owner.

    The form, sent twice, hands over the same; no other partner's form can have the same cause.
    """
    mac = hmac.digest(secret.encode(), b"handed-over:" + cause.bytes, "sha256")
    return urlsafe_b64encode(mac).decode().rstrip("=")


def fingerprint(token: str) -> bytes:
    """What is stored. The tokens have full entropy, so a plain hash is enough."""
    return sha256(token.encode()).digest()
