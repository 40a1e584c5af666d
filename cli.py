"""The operator's command line: `python cli.py --help`. It works on the database that DOCFLY_DATABASE_URL names."""

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar
from uuid import UUID, uuid4

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from db import connection, ledger, partners, prices, users
from db.partners import ApiKeyRow, PartnerRow
from db.users import UserRow
from domain.calendar import rome_day
from domain.errors import DomainError, NoPriceList
from domain.identifiers import Email, Text
from domain.price_files import BadPriceFileError, read_csv, read_toml
from domain.prices import PriceList, changes
from domain.tokens import fingerprint
from domain.users import BAD_LOGIN, LOGIN, UserRole
from domain.words import ITEM_NAMES, euro, giorno
from front.problems import PROBLEMS
from panel.passwords import hashed
from settings import Given, SettingsError, with_driver

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
price_lists = typer.Typer(no_args_is_help=True, help="Listini: quali sono in vigore, e quali lo saranno.")
app.add_typer(price_lists, name="prices")
partner_book = typer.Typer(no_args_is_help=True, help="Partner: chi rivende.")
app.add_typer(partner_book, name="partners")
user_book = typer.Typer(no_args_is_help=True, help="Utenti del pannello, dei partner e nostri.")
app.add_typer(user_book, name="users")

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


@partner_book.command("add")
def add_partner(name: str, mail: Annotated[str, typer.Option(help="Indirizzo per gli avvisi.")]) -> None:
    """Registra un partner, con il credito a zero."""
    try:
        called, address = TypeAdapter(Text).validate_python(name), TypeAdapter(Email).validate_python(mail)
    except ValidationError:
        _refuse("Servono un nome, al massimo di 200 caratteri, e un indirizzo e-mail valido.")
    typer.echo(_run(lambda session: _open(session, called, address)))


async def _open(session: AsyncSession, name: str, address: str) -> UUID:
    row = PartnerRow(id=uuid4(), name=name, notification_addresses=[address], created_at=datetime.now(UTC))
    session.add(row)
    await session.flush()
    await ledger.open_accounts(session, partner_id=row.id)
    return row.id


@partner_book.command("list")
def list_partners(words: Annotated[str, typer.Argument(help="Parole del nome.")] = "") -> None:
    """Elenca i partner, ciascuno col suo credito."""
    table = Table("Id", "Nome", "Credito")
    for row, cents in _run(lambda session: ledger.partners_with_credit(session, words=words, limit=1_000)):
        table.add_row(str(row.id), row.name, euro(cents))
    Console().print(table)


@user_book.command("add")
def add_user(
    login: str,
    partner: Annotated[UUID | None, typer.Option(help="Id del partner; senza, è un operatore.")] = None,
    role: Annotated[UserRole, typer.Option(help="Che cosa può fare per il partner.")] = UserRole.OWNER,
) -> None:
    """Crea un utente e ne mostra la password, una volta sola."""
    if not LOGIN.fullmatch(login):
        _refuse(BAD_LOGIN)
    password = secrets.token_urlsafe(18)
    user = UserRow(id=uuid4(), login=login, partner_id=partner, role=role if partner else None)
    _run(lambda session: _join(session, user, password))
    typer.echo(password)


async def _join(session: AsyncSession, user: UserRow, password: str) -> None:
    if user.partner_id is not None:
        await partners.get(session, partner_id=user.partner_id)
    user.password_hash = await hashed(password)
    if not await users.add(session, user):
        _refuse("Questo nome utente è già in uso.")


@user_book.command("key")
def add_key(name: str) -> None:
    """Crea una chiave API di operatore e la mostra, una volta sola. I partner creano le loro nel pannello."""
    key = f"dfk_{secrets.token_urlsafe(32)}"
    row = ApiKeyRow(
        id=uuid4(),
        name=name,
        fingerprint=fingerprint(key),
        partner_id=None,
        created_at=datetime.now(UTC),
        revoked_at=None,
    )
    _run(lambda session: partners.add_key(session, row))
    typer.echo(key)


@user_book.command("keys")
def list_keys() -> None:
    """Elenca le chiavi API degli operatori."""
    table = Table("Id", "Nome", "Creata", "Revocata")
    for row in _run(lambda session: partners.keys(session, partner_id=None)):
        table.add_row(str(row.id), row.name, f"{row.created_at:%d/%m/%Y}", "sì" if row.revoked_at else "no")
    Console().print(table)


@user_book.command("revoke-key")
def revoke_key(key_id: UUID) -> None:
    """Revoca una chiave API di operatore: non apre più nulla."""
    _run(lambda session: _revoke(session, key_id))


async def _revoke(session: AsyncSession, key_id: UUID) -> None:
    if (row := await partners.key_of(session, key_id=key_id, partner_id=None)) is None:
        _refuse("Nessuna chiave di operatore ha questo id.")
    row.revoked_at = row.revoked_at or datetime.now(UTC)


@user_book.command("shut-out")
def shut_out(login: str) -> None:
    """Toglie l'accesso a un utente, di un partner o operatore; `reset` glielo ridà."""
    _run(lambda session: _shut_out(session, login))


async def _shut_out(session: AsyncSession, login: str) -> None:
    if (user := await users.by_login(session, login=login)) is None:
        _refuse("Nessun utente si chiama così.")
    await users.reset(session, user, password_hash=await hashed(secrets.token_urlsafe()))


@user_book.command("reset")
def reset_user(login: str) -> None:
    """Dà una password nuova e la mostra; toglie il secondo fattore e chiude le sessioni."""
    password = secrets.token_urlsafe(18)
    _run(lambda session: _reset(session, login, password))
    typer.echo(password)


async def _reset(session: AsyncSession, login: str, password: str) -> None:
    if (user := await users.by_login(session, login=login)) is None:
        _refuse("Nessun utente si chiama così.")
    await users.reset(session, user, password_hash=await hashed(password))


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
