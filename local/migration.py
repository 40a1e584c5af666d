"""`python -m local.migration "what it does"`: writes a migration from the models, on a PostgreSQL of its own."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from db.migrate import config
from local import postgres


def main(message: str) -> None:
    """What the models have and the migrations don't, as a new file to be read before it is kept."""
    with TemporaryDirectory() as folder, postgres.scratch(Path(folder)) as cluster:
        alembic = config(cluster.sqlalchemy_url)
        command.upgrade(alembic, "head")
        command.revision(alembic, message=message, autogenerate=True)


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
