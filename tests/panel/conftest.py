"""Whatever a visitor does, nothing is reported: a report is a bug of ours."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs


@pytest.fixture(autouse=True)
def nothing_is_reported() -> Iterator[None]:
    with capture_logs() as told:
        yield
    assert [one for one in told if one["log_level"] in ("error", "critical")] == []
