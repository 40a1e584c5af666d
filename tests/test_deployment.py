"""docker-compose.yml, Dockerfile and deploy/: no engine runs them here, so they are held against what they speak of."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema.validators import validator_for

from db import migrate
from local import postgres
from local.postgres import Cluster
from settings import Given, Settings, variable
from simulators.certificates import self_signed
from worker import GRACE

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
EACH = pytest.mark.parametrize("name", SERVICES)
OURS = pytest.mark.parametrize("name", ["web", "worker", "migrate"])
JOBS = {"temporal-schema", "temporal-namespace", "migrate"}
OPERATING = (ROOT / "docs/operating.md").read_text()

# Written by hand, as no package of the lock carries the specification's own; check-jsonschema does, and counts once
# it is installed.
SCHEMAS = [ROOT / "tests/data/compose.schema.json"]
if (whole := find_spec("check_jsonschema")) is not None and whole.origin is not None:
    SCHEMAS.append(Path(whole.origin).parent / "builtin_schemas/vendor/compose-spec.json")


class Stage:
    """One FROM of the Dockerfile, with everything that it inherits."""

    def __init__(self, text: str, *, before: dict[str, "Stage"]) -> None:
        base, self.name = re.findall(r"\A(\S+) AS (\S+)", text)[0]
        self.parent = before.get(base)
        self.image = None if self.parent else base
        self.own = re.findall(r"^([A-Z]+) (.+)$", text.replace("\\\n", " "), re.MULTILINE)

    @property
    def lines(self) -> list[tuple[str, str]]:
        return [*(self.parent.lines if self.parent else []), *self.own]

    def last(self, instruction: str) -> str:
        return [words for name, words in self.lines if name == instruction][-1]

    @property
    def copied(self) -> set[str]:
        """What comes from this folder."""
        words = [line.split() for name, line in self.lines if name == "COPY" and not line.startswith("--from")]
        return {source for sources in words for source in sources[:-1]}


def _stages() -> dict[str, Stage]:
    found: dict[str, Stage] = {}
    for text in re.split(r"^FROM ", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)[1:]:
        stage = Stage(text, before=found)
        found[stage.name] = stage
    return found


STAGES = _stages()
BUILT = {service["build"]["target"]: service for service in SERVICES.values() if "build" in service}


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda file: file.name)
def test_it_is_what_compose_reads(schema: Path) -> None:
    rules = json.loads(schema.read_text())
    validator_for(rules).check_schema(rules)
    validator_for(rules)(rules).validate(COMPOSE)


def test_every_image_is_pinned() -> None:
    images = [service["image"] for service in SERVICES.values()] + [s.image for s in STAGES.values() if s.image]
    for image in images:
        assert re.fullmatch(r"[a-z0-9/-]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?", image), image


def test_each_of_our_images_bears_our_version_and_is_built_once() -> None:
    """Two builds of one tag at a time can collide; and who only uses it must not ask a registry for it."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    ours = [service for service in SERVICES.values() if service["image"].startswith("docfly-")]
    images = {f"docfly-partner:{version}", f"docfly-partner-development:{version}"}
    assert {service["image"] for service in ours} == images
    assert sorted(service["image"] for service in SERVICES.values() if "build" in service) == sorted(images)
    assert {service["pull_policy"] for service in ours} == {"never"}


@OURS
def test_our_processes_are_told_what_settings_read(name: str) -> None:
    told = {given.removesuffix("_FILE") for given in SERVICES[name]["environment"]}
    needed = {variable(field) for field, info in Settings.model_fields.items() if info.is_required()}
    assert needed <= told <= {variable(field) for field in Given.model_fields}


@OURS
def test_our_processes_understand_what_they_are_told(name: str, tmp_path: Path) -> None:
    secrets = {
        "database_url": "postgresql://docfly:password@postgres:5432/docfly",
        "smtp_url": "smtps://user:password@smtp.example:465",
        "pec_smtp_url": "smtp+starttls://user:password@pec.example:587",
        "secret": "s" * 64,
        "seal_key": self_signed("DocFly"),
        "provider_secret": "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    }
    for secret in SERVICES[name]["secrets"]:
        (tmp_path / secret).write_text(secrets[secret])
    addresses = {f"DOCFLY_{one}_URL": "https://one.example" for one in ("PUBLIC", "PROVIDER", "TIMESTAMP")}
    environment = SERVICES[name]["environment"]
    settings = Settings.read({key: _given(value, addresses, tmp_path) for key, value in environment.items()})
    assert settings.database_url.get_secret_value() == secrets["database_url"]
    assert settings.one_docfly_per_partita_iva
    assert SERVICES["web"]["ports"] == [f"127.0.0.1:{settings.port}:{settings.port}"]
    assert f":{settings.port}/readyz" in " ".join(SERVICES["web"]["healthcheck"]["test"])


def _given(value: str, addresses: dict[str, str], secrets: Path) -> str:
    """What Compose makes of a value: variables filled in, defaults taken, secrets mounted."""
    if fill := re.fullmatch(r"\$\{(\w+)(:-|:\?)([^}]+)\}", value):
        return fill[3] if fill[2] == ":-" else addresses.get(fill[1], "somebody@docfly.example")
    return value.replace("/run/secrets", str(secrets))


def test_our_images_end_as_our_user() -> None:
    assert set(BUILT) == {"production", "development"}
    assert list(STAGES)[-1] == "production"  # what a plain build makes
    for target, service in BUILT.items():
        assert STAGES[target].last("USER") == "10001:10001"
        assert STAGES[target].last("STOPSIGNAL") == "SIGTERM"
        assert isinstance(json.loads(STAGES[target].last("CMD")), list)
        assert "user" not in service


def test_packages_are_what_the_locks_say() -> None:
    locks = {"packages": "requirements-prod.lock", "development-packages": "requirements.lock"}
    for stage, lock in locks.items():
        assert STAGES[stage].copied == {"requirements-uv.lock", lock}
        assert STAGES[stage].last("RUN").endswith(f"--no-build --require-hashes {lock}")


@pytest.mark.parametrize("target", ["production", "development"])
def test_what_runs_is_copied(target: str) -> None:
    entries = ["web.py", "worker.py", "cli.py", "db"] + (["simulators"] if target == "development" else [])
    assert STAGES[target].copied == _reached(entries)


def _reached(entries: list[str]) -> set[str]:
    """The rooms and files of this folder that these import, themselves included."""
    reached, ahead = set[str](), list(entries)
    while ahead:
        if (room := ahead.pop()) in reached:
            continue
        reached.add(room)
        files = [ROOT / room] if room.endswith(".py") else [*(ROOT / room).rglob("*.py")]
        for name in {name for file in files for name in _imports(file)}:
            ahead += [here for here in (name, f"{name}.py") if (ROOT / here).exists()]
    return reached


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)


def test_what_is_copied_and_mounted_exists() -> None:
    patterns = (ROOT / ".dockerignore").read_text().split()
    allowed = [pattern.removeprefix("!") for pattern in patterns if pattern.startswith("!")]
    assert patterns[0] == "*"
    for source in set().union(*(stage.copied for stage in STAGES.values())):
        assert (ROOT / source).exists(), source
        assert any(fnmatch(source, pattern) or source.startswith(f"{pattern}/") for pattern in allowed), source
    for path in (file for name in SERVICES for file in _mounted(name)):
        assert path.exists(), path


def _mounted(name: str) -> list[Path]:
    """Our files that a service sees."""
    volumes = [volume.split(":") for volume in SERVICES[name].get("volumes", [])]
    assert all(modes == ["ro"] for source, _, *modes in volumes if source.startswith("./"))
    return [ROOT / source for source, *_ in volumes if source.startswith("./")]


def test_every_secret_and_volume_that_is_used_is_defined() -> None:
    secrets = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    volumes = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert secrets == set(COMPOSE["secrets"])
    assert {volume for volume in volumes if not volume.startswith("./")} == set(COMPOSE["volumes"])


@EACH
def test_a_service_is_given_the_secrets_it_reads_and_no_others(name: str) -> None:
    service = SERVICES[name]
    words = [*service.get("environment", {}).values(), *(file.read_text() for file in _mounted(name))]
    assert set(re.findall(r"/run/secrets/(\w+)", " ".join(words))) == set(service.get("secrets", []))


@EACH
def test_no_password_stands_in_it(name: str) -> None:
    for key, value in SERVICES[name].get("environment", {}).items():
        if re.search(r"PASSWORD|PWD|SECRET|KEY|TOKEN", key):
            assert key.endswith("_FILE"), key
        assert "://" not in value or value.startswith("${"), key


@EACH
def test_everyone_waits_for_somebody_who_can_be_waited_for(name: str) -> None:
    for other, wait in SERVICES[name].get("depends_on", {}).items():
        is_job = wait["condition"] == "service_completed_successfully"
        assert is_job == (other in JOBS), other
        assert is_job or "healthcheck" in SERVICES[other], other
        assert "profiles" not in SERVICES[other], other


@EACH
def test_jobs_give_up_and_the_rest_comes_back(name: str) -> None:
    assert SERVICES[name]["restart"].startswith("on-failure") == (name in JOBS)


def test_development_is_a_profile() -> None:
    simulated = {name for name, service in SERVICES.items() if "development" in service.get("profiles", ())}
    assert simulated == {"mail-catcher", "provider-simulator", "timestamp-simulator"}


def test_the_worker_may_finish_what_it_has_in_hand() -> None:
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) > GRACE.total_seconds()


def test_temporal_is_set_up_as_our_processes_expect_it() -> None:
    namespace, server = SERVICES["temporal-namespace"]["environment"], SERVICES["temporal"]["environment"]
    assert SERVICES["web"]["environment"].items() >= {
        ("TEMPORAL_ADDRESS", namespace["TEMPORAL_ADDRESS"]),
        ("TEMPORAL_NAMESPACE", namespace["TEMPORAL_NAMESPACE"]),
    }
    assert int(namespace["RETENTION"].removesuffix("d")) >= 30
    assert int(server["NUM_HISTORY_SHARDS"]) >= 128  # the image's own is 4, for good
    limits = yaml.safe_load((ROOT / "deploy/temporal.yaml").read_text())
    assert [limit["value"] for limit in limits["limit.maxIDLength"]] == [255]
    assert f"./deploy/temporal.yaml:{server['DYNAMIC_CONFIG_FILE_PATH']}:ro" in SERVICES["temporal"]["volumes"]


@pytest.mark.parametrize("script", sorted((ROOT / "deploy").glob("*.sh")), ids=lambda file: file.name)
def test_a_script_is_one(script: Path) -> None:
    assert "\nset -eu\n" in script.read_text()
    assert subprocess.run(["/bin/sh", "-n", script], check=False).returncode == 0


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server on which the roles were made as the image makes them."""
    folder = tmp_path_factory.mktemp("production")
    for role in ("docfly", "temporal"):
        (folder / f"{role}_password").write_text(f"{role}'s own")
    roles = (ROOT / "deploy/postgres-roles.sql").read_text()
    # On this server, which is for tests, the superuser has the names that are ours in production.
    roles = re.sub(r"\b(role|database|owner) (docfly)\b", r"\1 our_\2", roles)
    with postgres.scratch(folder) as cluster:
        _psql(cluster.url, roles.replace("/run/secrets", str(folder)))
        yield cluster


def _psql(url: str, text: str) -> str:
    command = [str(postgres.BINARIES / "psql"), "--no-psqlrc", "--quiet", "-tA", "--set=ON_ERROR_STOP=1", url]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout.strip()


def _as(role: str, database: str, *, cluster: Cluster) -> str:
    """The URL of a role of production, on that server."""
    password = f"{role.removeprefix('our_')}%27s%20own"
    return f"postgresql://{role}:{password}@127.0.0.1:{cluster.port}/{database}"


def test_the_migrations_need_no_superuser(production: Cluster) -> None:
    url = _as("our_docfly", "our_docfly", cluster=production)
    migrate.upgrade(url.replace("postgresql://", "postgresql+asyncpg://"))
    assert _psql(url, "select version_num from alembic_version") == migrate.head()
    assert _psql(url, "select usesuper from pg_user where usename = current_user") == "f"


def test_temporal_makes_its_databases_and_cannot_see_ours(production: Cluster) -> None:
    _psql(_as("temporal", "postgres", cluster=production), 'CREATE DATABASE "temporal_visibility"')
    _psql(_as("temporal", "temporal_visibility", cluster=production), "CREATE EXTENSION btree_gin")
    with pytest.raises(subprocess.CalledProcessError, match="status 2"):
        _psql(_as("temporal", "our_docfly", cluster=production), "select 1")


def test_what_must_be_made_by_hand_is_written_down() -> None:
    by_hand = {*COMPOSE["secrets"], *re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text())}
    assert [name for name in sorted(by_hand) if not re.search(rf"\b{name}\b", OPERATING)] == []
