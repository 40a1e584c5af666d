"""What is wrong with a field, in words, and where."""

import re
from collections.abc import Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from api.bodies import TWICE
from api.service_requests import Quoted
from domain.products import Product
from front.field_words import italian

BRANCHES = {*Product, *Quoted}
"""Of unions: they are no fields."""


def explain(error: RequestValidationError, *, english: bool) -> list[dict[str, str]]:
    """[{"pointer", "detail"}]: a JSON Pointer (RFC 6901) into the body, or ?name, or the header's name."""
    return [
        {"pointer": _pointer(problem), "detail": problem["msg"] if english else italian(problem)}
        for problem in map(_of_a_field, _causes(error.errors()))
    ]


def _causes(problems: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the list that is too short only because one of its items is wrong."""
    wrong = {problem["loc"][:-1] for problem in problems}
    return [one for one in problems if one["type"] != "too_short" or one["loc"] not in wrong]


def _of_a_field(problem: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with a union's tag is wrong with the field that holds it."""
    given, facts = problem.get("input"), problem.get("ctx", {})
    if problem["type"].startswith("union_tag"):
        name = facts["discriminator"].strip("'")
        given = given.get(name) if isinstance(given, dict) else given
        expected = " or ".join(re.findall("'[^']*'", facts.get("expected_tags", "")))
        kind, words = ("enum", f"Input should be {expected}") if expected else ("missing", "Field required")
        problem = {"type": kind, "loc": (*problem["loc"], name), "msg": words, "ctx": {"expected": expected}}
    if given is TWICE:
        return {**problem, "type": "given_twice", "msg": "Given more than once"}
    return problem


def _pointer(problem: dict[str, Any]) -> str:
    where, *path = problem["loc"]
    if where == "query":
        return "?" + ".".join(map(str, path))
    steps = path if where in ("body", "path") else [where, *path]
    while where == "body" and steps and steps[0] in BRANCHES and not _is_unknown(steps, problem):
        steps = steps[1:]
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def _is_unknown(steps: Sequence[object], problem: dict[str, Any]) -> bool:
    """Whether it is a field, although a branch has the same name."""
    return len(steps) == 1 and problem["type"] == "extra_forbidden"
