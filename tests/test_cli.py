"""The operator's command line, as an operator runs it."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from db.prices import PriceListRow
from domain.calendar import rome_day
from local.demo import PRICES
from tests.domain.test_price_files import table, toml
from tests.personas import Partner, Stage

ROOT = Path(__file__).parents[1]
TODAY = rome_day(datetime.now(UTC))
FAR = TODAY + timedelta(days=3_650)
DEARER_CENTS = {item: cents + 100 for item, cents in PRICES.net_cents.items()}
DEARER = PRICES.model_copy(update={"valid_from": FAR, "net_cents": DEARER_CENTS})


def run(stage: Stage, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "DOCFLY_DATABASE_URL": stage.settings.database_url.get_secret_value(), "COLUMNS": "100"}
    command = [sys.executable, "cli.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, check=False, capture_output=True, text=True, input=answer)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "listino.toml"
    file.write_text(toml(DEARER))
    return file


@pytest.fixture(autouse=True)
async def _as_before(stage: Stage) -> AsyncIterator[None]:
    """No list to come is left to other tests."""
    yield
    async with stage.sessions.begin() as session:
        await session.execute(delete(PriceListRow).where(PriceListRow.valid_from > TODAY))


def test_it_shows_what_is_in_force(stage: Stage) -> None:
    done = run(stage, "prices", "show")
    assert done.returncode == 0, done.stderr
    assert "01/01/2026" in done.stdout
    assert "19,00 €" in done.stdout


async def test_it_shows_the_difference_and_asks_before_it_loads(stage: Stage, bianchi: Partner, file: Path) -> None:
    refused = run(stage, "prices", "load", str(file), answer="n\n")
    assert refused.returncode == 1
    assert "19,00 €" in refused.stdout
    assert "20,00 € *" in refused.stdout
    assert "19,00 €" in run(stage, "prices", "show", "--on", str(FAR)).stdout
    assert run(stage, "prices", "load", str(file), answer="y\n").returncode == 0
    assert "20,00 €" in run(stage, "prices", "show", "--on", str(FAR)).stdout
    now = (await bianchi.get("/v1/price-list")).json()
    assert now["valid_from"] == str(PRICES.valid_from)


def test_a_list_to_come_may_be_loaded_anew(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "listino.csv"
    another = {"vat_percent": 23, "valid_from": FAR + timedelta(days=30)}
    file.write_text(table(DEARER.model_copy(update=another), separator=";"))
    for _ in range(2):
        done = run(stage, "prices", "load", str(file), "--yes")
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("days", [0, -1])
def test_what_is_in_force_is_not_touched(stage: Stage, tmp_path: Path, days: int) -> None:
    file = tmp_path / "listino.toml"
    day = TODAY + timedelta(days=days)
    file.write_text(toml(DEARER.model_copy(update={"valid_from": day})))
    done = run(stage, "prices", "load", str(file), "--yes")
    assert done.returncode == 1
    assert "giorno futuro" in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("listino.xls", "x", ".toml o .csv"), ("listino.toml", "=", "TOML"), ("listino.csv", "\xff", "columns")],
)
def test_a_file_that_is_no_list_is_refused(stage: Stage, tmp_path: Path, name: str, content: str, words: str) -> None:
    (tmp_path / name).write_text(content)
    done = run(stage, "prices", "load", str(tmp_path / name), "--yes")
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_it_says_which_database_it_wants() -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DOCFLY_")}
    command = [sys.executable, "cli.py", "prices", "show"]
    done = subprocess.run(command, cwd=ROOT, env=environ, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "DOCFLY_DATABASE_URL" in done.stderr
