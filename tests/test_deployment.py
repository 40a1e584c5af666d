"""docker-compose.yml and Dockerfile, held against the Compose specification and against Settings."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from settings import Given, Settings, variable

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "worker", "migrate")


def test_it_is_what_compose_reads() -> None:
    schema = json.loads((ROOT / "tests/data/compose.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(COMPOSE)


def test_every_image_is_pinned() -> None:
    images = [service["image"] for service in SERVICES.values()] + re.findall(
        r"^FROM (\S+:\S+)", DOCKERFILE, re.MULTILINE
    )
    assert images
    for image in images:
        assert re.fullmatch(r"[a-z0-9/-]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?", image), image


@pytest.mark.parametrize("name", OURS)
def test_our_processes_are_told_what_settings_read(name: str) -> None:
    told = {given.removesuffix("_FILE") for given in SERVICES[name]["environment"]}
    known = {variable(field) for field in Given.model_fields}
    needed = {variable(field) for field, info in Settings.model_fields.items() if info.is_required()}
    assert told <= known
    assert needed <= told


@pytest.mark.parametrize("name", OURS)
def test_our_processes_have_few_rights(name: str) -> None:
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["build"]["target"] == "production"


def test_our_image_is_not_root_at_the_end() -> None:
    for stage in re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]:
        users = re.findall(r"^USER (\S+)", stage, re.MULTILINE)
        if "CMD" in stage:
            assert users[-1] == "10001"


def test_every_secret_that_is_used_is_defined() -> None:
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if name.endswith("_FILE"):
                assert Path(value).name in service["secrets"]


def test_no_password_stands_in_it() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|PWD|SECRET", name) and not name.endswith("_FILE"):
                assert value.startswith("${"), name


def test_everyone_waits_for_somebody_who_exists() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)


def test_development_is_a_profile() -> None:
    profiles = {name: service.get("profiles") for name, service in SERVICES.items() if "profiles" in service}
    assert profiles == {"mail-catcher": ["development"], "provider-simulator": ["development"]}


def test_what_is_copied_and_mounted_exists() -> None:
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    mounted = [
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    assert copied
    assert mounted
    for path in copied + mounted:
        assert (ROOT / path).exists(), path


def test_every_room_that_runs_is_copied() -> None:
    modules = {"domain", "workflows", "activities", "db", "gateways", "emails", "api", "panel"}
    files = {"settings.py", "telemetry.py", "context.py", "worker.py", "web.py"}
    production = DOCKERFILE.split("AS production")[1].split("FROM")[0]
    assert (
        set(re.findall(r"[\w.]+", " ".join(re.findall(r"^COPY (?!--from)(.+)$", production, re.MULTILINE))))
        >= modules | files
    )
