import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from settings import Given, Settings, SettingsError, variable, with_driver

ROOT = Path(__file__).parents[2]
WHOLE = {
    "DOCFLY_DATABASE_URL": "postgresql://docfly:parola-a@127.0.0.1:5432/docfly",
    "TEMPORAL_ADDRESS": "127.0.0.1:7233",
    "DOCFLY_SMTP_URL": "smtp+starttls://ordini:parola-b@smtp.example:587",
    "DOCFLY_PEC_SMTP_URL": "smtps://pec:parola-c@pec.example:465",
    "DOCFLY_PROVIDER_URL": "https://docfly:parola-d@provider.example",
    "DOCFLY_TIMESTAMP_URL": "https://tsa.example",
    "DOCFLY_SEAL_KEY": "-----BEGIN PRIVATE KEY-----\nparola-g\n-----BEGIN CERTIFICATE-----",
    "DOCFLY_SECRET": "parola-e" * 4,
    "DOCFLY_PROVIDER_SECRET": "whsec_" + base64.b64encode(b"parola-f" * 4).decode(),
}


def test_nothing_needs_to_be_given_to_the_launcher() -> None:
    given = Given.read({})
    assert (given.home, given.host, given.port, given.mail_port) == (Path("var").absolute(), "127.0.0.1", 8000, 8025)
    assert given.public_url == "http://127.0.0.1:8000"
    assert given.temporal_namespace == "default"
    assert given.one_docfly_per_partita_iva
    assert {getattr(given, field) for field in Given.model_fields if variable(field) in WHOLE} == {None}


def test_a_running_system_demands_the_rest_and_names_each() -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.read({})
    assert [line.split(" is not set: give ")[0] for line in str(refusal.value).splitlines()] == list(WHOLE)


def test_the_public_url_follows_the_port() -> None:
    assert Given.read({"DOCFLY_PORT": "8080"}).public_url == "http://127.0.0.1:8080"
    assert Given.read({"DOCFLY_PUBLIC_URL": "https://docfly.example/"}).public_url == "https://docfly.example"


@pytest.mark.parametrize("name", WHOLE)
def test_a_value_may_stand_in_a_file(name: str, tmp_path: Path) -> None:
    file = tmp_path / "value"
    file.write_text(f"\n{WHOLE[name]}\n")
    rest = {other: value for other, value in WHOLE.items() if other != name}
    assert Settings.read({**rest, f"{name}_FILE": str(file)}) == Settings.read(WHOLE)


def test_documents_are_kept_at_home_unless_told_otherwise(tmp_path: Path) -> None:
    assert Given.read({"DOCFLY_HOME": str(tmp_path / "a b")}).documents_url == (tmp_path / "a b/documents").as_uri()
    for url in ("file:///srv/documents", "s3://bucket", "s3://bucket/a/b?endpoint=http://127.0.0.1:9000&region=x"):
        assert Given.read({"DOCFLY_DOCUMENTS_URL": url}).documents_url == url


def test_it_refuses_a_value_and_a_file_together() -> None:
    with pytest.raises(SettingsError, match="DOCFLY_SECRET and DOCFLY_SECRET_FILE are both given"):
        Settings.read({**WHOLE, "DOCFLY_SECRET_FILE": "secret"})


def test_it_says_which_file_it_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"DOCFLY_PORT_FILE: \S+missing can't be read"):
        Given.read({"DOCFLY_PORT_FILE": str(tmp_path / "missing")})


def test_an_empty_value_counts_as_none() -> None:
    assert Given.read({"DOCFLY_PORT": "", "DOCFLY_SECRET_FILE": " "}) == Given.read({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOCFLY_PORT", "0"),
        ("DOCFLY_MAIL_PORT", "65536"),
        ("DOCFLY_PORT", "otto"),
        ("DOCFLY_DATABASE_URL", "mysql://docfly@127.0.0.1/docfly"),
        ("DOCFLY_SMTP_URL", "imap://smtp.example"),
        ("DOCFLY_PEC_SMTP_URL", "smtps://pec.example:99999"),
        ("DOCFLY_PROVIDER_URL", "provider.example"),
        ("DOCFLY_PUBLIC_URL", "docfly.example"),
        ("DOCFLY_DOCUMENTS_URL", "./archivio"),
        ("DOCFLY_DOCUMENTS_URL", "file://documents"),
        ("DOCFLY_DOCUMENTS_URL", "https://bucket.example"),
        ("DOCFLY_DOCUMENTS_URL", "s3:///documents"),
        ("DOCFLY_DOCUMENTS_URL", "s3://bucket?secret_access_key=parola"),
        ("DOCFLY_DOCUMENTS_URL", "s3://key:parola@bucket"),
        ("TEMPORAL_ADDRESS", "temporal.example"),
        ("DOCFLY_SECRET", "breve"),
        ("DOCFLY_PROVIDER_SECRET", "whsec_è"),
        ("DOCFLY_PROVIDER_SECRET", "whsec_" + base64.b64encode(b"breve").decode()),
        ("DOCFLY_PROVIDER_SECRET", "parola_" + base64.b64encode(b"x" * 32).decode()),
        ("DOCFLY_MAIL_FROM", "ordini"),
        ("DOCFLY_ONE_DOCFLY_PER_PARTITA_IVA", "forse"),
    ],
)
def test_it_names_what_is_of_no_use_without_repeating_it(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.read({**WHOLE, name: value})
    assert re.fullmatch(rf"{name} is of no use as it is: give .*", str(refusal.value))
    assert len(value) == 1 or value not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_no_secret_is_in_what_gets_printed() -> None:
    settings = Settings.read(WHOLE)
    assert "parola" not in f"{settings!r}{settings}{settings.model_dump()}{settings.model_dump_json()}"
    assert settings.sqlalchemy_url == "postgresql+asyncpg://docfly:parola-a@127.0.0.1:5432/docfly"


def test_the_driver_is_told_of_ssl_in_its_own_words() -> None:
    url = "postgresql://u:p@db.example/docfly?application_name=x&sslmode=require"
    assert with_driver(url) == "postgresql+asyncpg://u:p@db.example/docfly?application_name=x&ssl=require"


def test_an_entry_point_ends_with_status_2() -> None:
    entry_point = "from settings import Settings; Settings.read_or_exit({})"
    ended = subprocess.run([sys.executable, "-c", entry_point], cwd=ROOT, check=False, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("DOCFLY_DATABASE_URL is not set: give postgresql://")


def test_the_example_lists_exactly_the_variables_that_are_read() -> None:
    example = (ROOT / ".env.example").read_text()
    assert sorted(re.findall(r"^#(\w+)=", example, re.MULTILINE)) == sorted(map(variable, Given.model_fields))
    assert Settings.model_fields.keys() == Given.model_fields.keys()


def test_the_example_shows_the_defaults() -> None:
    example = dict(re.findall(r"^#(\w+)=(.+)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    changed = {"DOCFLY_PUBLIC_URL", "DOCFLY_DOCUMENTS_URL", *WHOLE}
    assert Given.read({name: value for name, value in example.items() if name not in changed}) == Given.read({})
    assert Settings.read({**WHOLE, **example})


def test_temporals_own_variables_give_key_and_tls() -> None:
    assert Given.read(os.environ).temporal_access == {}
    assert Settings.read(WHOLE).temporal_access == {}
    assert Settings.read({**WHOLE, "TEMPORAL_API_KEY": "parola-h"}).temporal_access == {
        "api_key": "parola-h",
        "tls": True,
    }
    both = {"TEMPORAL_TLS_CLIENT_CERT_DATA": "parola-i", "TEMPORAL_TLS_CLIENT_CERT_PATH": "/parola"}
    for wrong in (both, {"TEMPORAL_TLS_SERVER_CA_CERT_PATH": "/no/such/file"}):
        with pytest.raises(SettingsError, match="TEMPORAL_TLS") as refusal:
            Settings.read({**WHOLE, **wrong})
        assert "parola-i" not in str(refusal.value)
