"""Which of several formats is wanted (RFC 9110 § 12.5.1)."""

import re
from collections.abc import Iterator, Sequence

from fastapi import Request

from front.errors import NotAcceptable

_WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?", re.ASCII)


def preferred(request: Request, *, offers: Sequence[str]) -> str:
    """The offer that is wanted most, the first of equals. Raises NotAcceptable."""
    ranges = dict(_ranges(",".join(request.headers.getlist("accept")) or "*/*"))
    best = max(offers, key=lambda offer: _weight(offer, ranges))
    if not _weight(best, ranges):
        raise NotAcceptable(offered=", ".join(offers))
    return best


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for wish in accept.lower().split(","):
        media, *parameters = (part.strip() for part in wish.split(";"))
        weights = [parameter[2:] for parameter in parameters if parameter.startswith("q=")]
        weight = weights[0] if weights else "1"
        yield media, float(weight) if _WEIGHT.fullmatch(weight) else 0.0


def _weight(offer: str, ranges: dict[str, float]) -> float:
    """The weight of the range that names the offer most closely."""
    kind = offer.split("/", maxsplit=1)[0]
    return next((ranges[range_] for range_ in (offer, f"{kind}/*", "*/*") if range_ in ranges), 0.0)
