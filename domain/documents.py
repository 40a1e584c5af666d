"""Documents that are added to an order: their kinds, their names, how large they may be."""

import re
import unicodedata
from enum import StrEnum

LARGEST_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 255
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (they reverse text), surrogate, private, unassigned, line and paragraph separator."""
_PATH = re.compile(r'[/\\:<>"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever comes after the dot."""


class MediaType(StrEnum):
    """The kinds that are kept."""

    PDF = "application/pdf"
    P7M = "application/pkcs7-mime"
    XML = "application/xml"
    JPEG = "image/jpeg"
    PNG = "image/png"


def document_name(given: str) -> str | None:
    """The name in its normal form (NFC); None if it isn't one that every system could give to a file."""
    name = unicodedata.normalize("NFC", given).strip()
    if not name or len(name) > LONGEST_NAME or name.endswith(".") or _RESERVED.fullmatch(name):
        return None
    if _PATH.search(name) or any(unicodedata.category(character) in _UNSEEN for character in name):
        return None
    return name
