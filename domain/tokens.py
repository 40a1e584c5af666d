"""Secrets: acceptance tokens, API keys, first passwords. Only their hashes are kept."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from uuid import UUID


def acceptance_token(mail_id: UUID, *, secret: str) -> str:
    """The 256-bit token of a contract mail; the same mail, sent twice, carries the same link."""
    mac = hmac.digest(secret.encode(), b"acceptance:" + mail_id.bytes, "sha256")
    return urlsafe_b64encode(mac).decode().rstrip("=")


def handed_over(wish: UUID, *, secret: str) -> str:
    """The 256 bits that a page hands over once; its form, sent twice, hands over the same."""
    mac = hmac.digest(secret.encode(), b"handed-over:" + wish.bytes, "sha256")
    return urlsafe_b64encode(mac).decode().rstrip("=")


def fingerprint(token: str) -> bytes:
    """What is stored. The tokens have full entropy, so a plain hash is enough."""
    return sha256(token.encode()).digest()
