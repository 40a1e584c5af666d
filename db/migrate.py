"""`python -m db.migrate` brings the schema to the newest revision. Safe to repeat."""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"


def config(url: str | None) -> Config:
    """Alembic, told where the migrations are; `url` begins with postgresql+asyncpg://."""
    alembic = Config()
    alembic.set_main_option("script_location", str(MIGRATIONS))
    alembic.attributes["url"] = url
    return alembic


def head() -> str:
    """The revision this code was written for."""
    revision = ScriptDirectory.from_config(config(None)).get_current_head()
    assert revision is not None  # noqa: S101 - there is always a first migration
    return revision


def upgrade(url: str) -> None:
    """Run what is missing."""
    command.upgrade(config(url), "head")


if __name__ == "__main__":
    from settings import Settings

    upgrade(Settings.read(os.environ).sqlalchemy_url)
