"""The credit's curve is the credit."""

import re
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from panel.charts import HEIGHT, WIDTH, credit_curve

FIRST = date(2026, 1, 1)
DAYS = 90
changes = st.dictionaries(st.integers(0, DAYS), st.integers(0, 10**9)).map(
    lambda found: [(FIRST + timedelta(days=day), cents) for day, cents in sorted(found.items())]
)


@given(changes=changes, opening=st.integers(0, 10**9))
def test_it_stays_within_the_picture_and_steps_as_the_days_do(changes: list[tuple[date, int]], opening: int) -> None:
    curve = credit_curve(changes, opening_cents=opening, first=FIRST, last=FIRST + timedelta(days=DAYS))
    across = [int(x) for x in re.findall(r"H(\d+)", curve.path)]
    assert across == sorted(across)
    assert across[-1] == WIDTH
    heights = [int(y) for y in re.findall(r"[MV](?:0 )?(\d+)", curve.path)]
    assert all(0 <= y <= HEIGHT for y in heights)
    values = [opening, *(cents for _, cents in changes)]
    assert (curve.closing_cents, curve.lowest_cents, curve.highest_cents) == (values[-1], min(values), max(values))
    for (high, y), (low, under) in pairwise(zip(values, heights, strict=True)):
        assert (high >= low) <= (y <= under)
        assert (high <= low) <= (y >= under)


def test_without_movements_it_is_a_line() -> None:
    curve = credit_curve([], opening_cents=500, first=FIRST, last=FIRST)
    assert curve.path == f"M0 0 H{WIDTH}"
