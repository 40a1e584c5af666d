"""The operator's command line: `python cli.py --help`. It works on the database that DOCFLY_DATABASE_URL names."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from db import connection, prices
from domain.calendar import rome_day
from domain.errors import DomainError, NoPriceList
from domain.price_files import BadPriceFileError, read_csv, read_toml
from domain.prices import PriceList, changes
from domain.words import ITEM_NAMES, euro, giorno
from front.problems import PROBLEMS
from settings import Given, SettingsError, with_driver

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
price_lists = typer.Typer(no_args_is_help=True, help="Listini: quali sono in vigore, e quali lo saranno.")
app.add_typer(price_lists, name="prices")

READERS: dict[str, Callable[[str], PriceList]] = {".toml": read_toml, ".csv": read_csv}

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Il listino, in TOML o CSV.")]
Yes = Annotated[bool, typer.Option("--yes", help="Non chiedere conferma.")]
Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="In vigore in questo giorno.")]


@app.callback()
def main() -> None:
    """Comandi per gli operatori."""


@price_lists.command()
def show(on: Day = None) -> None:
    """Mostra il listino in vigore."""
    _print(None, _run(lambda session: prices.in_force(session, on=on.date() if on else _today())))


@price_lists.command()
def load(file: File, *, yes: Yes = False) -> None:
    """Mostra che cosa cambia con un listino nuovo, e dopo la conferma lo carica."""
    price_list = _read(file)
    _print(_run(lambda session: _before(session, price_list.valid_from)), price_list)
    if not yes and not typer.confirm(f"Caricare questo listino, in vigore dal {giorno(price_list.valid_from)}?"):
        raise typer.Exit(1)
    _run(lambda session: prices.load(session, price_list, today=_today()))
    typer.echo("Caricato. Gli ordini già fatti tengono il loro prezzo.")


def _read(file: Path) -> PriceList:
    if (read := READERS.get(file.suffix.lower())) is None:
        _refuse("Il file deve essere .toml o .csv.")
    try:
        return read(file.read_text(encoding="utf-8-sig"))
    except (BadPriceFileError, UnicodeDecodeError) as error:
        _refuse(str(error))


async def _before(session: AsyncSession, day: date) -> PriceList | None:
    try:
        return await prices.in_force(session, on=day)
    except NoPriceList:
        return None


def _print(before: PriceList | None, after: PriceList) -> None:
    table = Table("Voce", "Prima", "Dopo", title=f"Listino dal {giorno(after.valid_from)}, IVA {after.vat_percent}%")
    for change in changes(before, after):
        old = "" if change.before_cents is None else euro(change.before_cents)
        mark = "" if change.before_cents in (None, change.after_cents) else " *"
        table.add_row(ITEM_NAMES[change.item], old, euro(change.after_cents) + mark)
    Console().print(table)
    if before is not None and before.vat_percent != after.vat_percent:
        typer.echo(f"IVA: prima {before.vat_percent}%, dopo {after.vat_percent}%")


def _run(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Do one thing in the database; what the business refuses is said in plain words, with exit status 1."""
    try:
        url = Given.read(os.environ).database_url
    except SettingsError as error:
        _refuse(str(error))
    if url is None:
        _refuse("Indicare il database in DOCFLY_DATABASE_URL, o in un file con DOCFLY_DATABASE_URL_FILE.")
    return asyncio.run(_work(work, url=with_driver(url.get_secret_value())))


async def _work(work: Callable[[AsyncSession], Awaitable[T]], *, url: str) -> T:
    engine = connection.engine(url)
    try:
        async with connection.sessions(engine).begin() as session:
            return await work(session)
    except DomainError as error:
        problem = PROBLEMS[type(error)]
        _refuse(f"{problem.titolo} {problem.dettaglio.format(**error.facts)}")
    finally:
        await engine.dispose()


def _refuse(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(1)


def _today() -> date:
    return rome_day(datetime.now(UTC))


if __name__ == "__main__":
    app()
