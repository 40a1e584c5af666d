"""Pictures of numbers: drawn by us as SVG paths, without text, so that they stretch to any width."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

WIDTH, HEIGHT = 600, 120


class Curve(NamedTuple):
    """A stepped line and what people read beside it; amounts in cents."""

    path: str
    first: date
    last: date
    opening_cents: int
    closing_cents: int
    lowest_cents: int
    highest_cents: int


def credit_curve(changes: Sequence[tuple[date, int]], *, opening_cents: int, first: date, last: date) -> Curve:
    """The credit from day to day: it stays until a day's movements change it. `changes` are the oldest first."""
    values = [opening_cents, *(cents for _, cents in changes)]
    lowest, highest = min(0, *values), max(1, *values)
    days = max(1, (last - first).days)

    def y(cents: int) -> int:
        return round(HEIGHT * (highest - cents) / (highest - lowest))

    steps = [f"M0 {y(opening_cents)}"]
    steps += [f"H{round(WIDTH * (day - first).days / days)} V{y(cents)}" for day, cents in changes]
    closing = values[-1]
    path = " ".join([*steps, f"H{WIDTH}"])
    return Curve(path, first, last, opening_cents, closing, min(values), max(values))
