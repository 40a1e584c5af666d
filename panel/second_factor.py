"""Codes of six digits that an app makes every 30 seconds (RFC 6238)."""

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken

ISSUER = "DocFly Partner"
SECONDS = 30
DRIFT = (-1, 0, 1)
"""Steps that a telephone's clock may be wrong by."""
SEALED = "gAAAA"
"""How a Fernet token begins: version 0x80, and a time stamp before the year 2106. No letter of base 32 is small."""


def new_secret() -> str:
    """160 bits, in base 32."""
    return pyotp.random_base32()


def sealed(secret: str, *, by: str) -> str:
    """As the database keeps it: who reads a copy of the database makes no codes."""
    return _seal(by).encrypt(secret.encode()).decode()


def opened(kept: str, *, by: str) -> str | None:
    """The secret again; one that was kept before secrets were sealed is as it is. None if another key sealed it."""
    if not kept.startswith(SEALED):
        return kept
    try:
        return _seal(by).decrypt(kept).decode()
    except InvalidToken:
        return None


def _seal(by: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"second-factor:" + by.encode()).digest()))


def picture(secret: str, *, login: str) -> str:
    """What the app's camera reads, as the address of an image."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)
    return segno.make(address).svg_data_uri(scale=5)


def step(secret: str, *, code: str, now: datetime, after: int | None) -> int | None:
    """The time step of a right code; None for a wrong one, and for one that was used before (RFC 6238 § 5.2)."""
    present = int(now.timestamp()) // SECONDS
    for one in (present + drift for drift in DRIFT):
        if pyotp.utils.strings_equal(code, pyotp.TOTP(secret).at(one * SECONDS)) and (after is None or one > after):
            return one
    return None
