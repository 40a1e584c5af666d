"""Codes of six digits that an app makes every 30 seconds (RFC 6238)."""

from datetime import datetime

import pyotp
import segno

ISSUER = "DocFly Partner"
SECONDS = 30
DRIFT = (-1, 0, 1)
"""Steps that a telephone's clock may be wrong by."""


def new_secret() -> str:
    """160 bits, in base 32."""
    return pyotp.random_base32()


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
