"""Partners and people, from the command line."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.panel.browsing import Browser
from tests.personas import Caller, Stage
from tests.test_cli import run


async def test_a_new_partners_owner_gets_in(stage: Stage) -> None:
    name = f"Studio {uuid4().hex}"
    partner_id = UUID(run(stage, "partners", "add", name, "--mail", "studio@partner.example").stdout.strip())
    assert "0,00 €" in run(stage, "partners", "list", name).stdout
    login = f"nuovo-{uuid4().hex[:12]}"
    password = run(stage, "users", "add", login, "--partner", str(partner_id)).stdout.strip()
    async with Browser(stage, login=login) as owner:
        assert (await owner.sign_in(password)).status_code == 303
        assert name in (await owner.get("/utenti")).text


async def test_a_lost_second_factor_and_password_are_set_anew(stage: Stage) -> None:
    login = f"olga-{uuid4().hex[:12]}"
    first = run(stage, "users", "add", login).stdout.strip()
    async with Browser(stage, login=login) as olga:
        assert (await olga.sign_in(first)).status_code == 303
        async with stage.sessions.begin() as session:
            lost = text("update users set totp_secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' where login = :login")
            await session.execute(lost, {"login": login})
        second = run(stage, "users", "reset", login).stdout.strip()
        assert (await olga.get("/")).headers["location"].startswith("/pannello/entra")
        assert (await olga.sign_in(first)).status_code == 422
        assert (await olga.sign_in(second)).status_code == 303
        assert (await olga.get("/")).headers["location"] == "/pannello/sicurezza"


async def test_an_operators_key_opens_what_is_operators(stage: Stage) -> None:
    key = run(stage, "users", "key", "ufficio").stdout.strip()
    async with Caller(stage, key) as office:
        assert (await office.get("/v1/orders")).status_code == 200
        listed = run(stage, "users", "keys").stdout
        key_id = next(line.split("│")[1].strip() for line in listed.splitlines() if "ufficio" in line)
        assert run(stage, "users", "revoke-key", key_id).returncode == 0
        assert (await office.get("/v1/orders")).status_code == 401


async def test_who_is_shut_out_gets_in_no_more(stage: Stage) -> None:
    login = f"ex-{uuid4().hex[:12]}"
    password = run(stage, "users", "add", login).stdout.strip()
    async with Browser(stage, login=login) as ex:
        assert (await ex.sign_in(password)).status_code == 303
        assert run(stage, "users", "shut-out", login).returncode == 0
        assert (await ex.get("/sicurezza")).status_code == 303
        assert (await ex.sign_in(password)).status_code == 422


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["users", "add", "Ma Ria"], "3 a 64"),
        (["users", "add", "nessuno", "--partner", str(UUID(int=1))], "partner"),
        (["users", "add", "nessuno", "--partner", "x"], "UUID"),
        (["users", "reset", "chi-sara-mai"], "Nessun utente"),
        (["users", "shut-out", "chi-sara-mai"], "Nessun utente"),
        (["users", "revoke-key", str(UUID(int=1))], "Nessuna chiave"),
        (["partners", "add", "Studio", "--mail", "nessuno"], "e-mail"),
        (["partners", "add", " ", "--mail", "a@b.example"], "nome"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(stage: Stage, arguments: list[str], words: str) -> None:
    done = run(stage, *arguments)
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert words in done.stderr


async def test_a_name_is_given_once(stage: Stage) -> None:
    login = f"due-{uuid4().hex[:12]}"
    assert run(stage, "users", "add", login).returncode == 0
    assert "già in uso" in run(stage, "users", "add", login).stderr
