"""Files on their way out."""

import re
import unicodedata
from urllib.parse import quote

_UNSAFE = re.compile(r'[^ -~]|["\\%]')


def attachment(name: str, *, media_type: str, size_bytes: int) -> dict[str, str]:
    """The headers of a file that is saved and never shown, whatever it looks like (RFC 6266)."""
    plain = _UNSAFE.sub("_", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    return {
        "Content-Type": media_type,
        "Content-Length": str(size_bytes),
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
