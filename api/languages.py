"""Italian, or English for who prefers it."""

from starlette.requests import Request


def is_english(request: Request) -> bool:
    """Whether Accept-Language (RFC 9110 § 12.5.4) puts English before Italian."""
    weights = {"it": 0.0, "en": 0.0}
    for choice in "".join(request.headers.get("accept-language", "").lower().split()).split(","):
        tag, _, weight = choice.partition(";q=")
        language = tag.split("-")[0]
        if language in weights:
            weights[language] = max(weights[language], _number(weight or "1"))
    return weights["en"] > weights["it"]


def _number(weight: str) -> float:
    try:
        return float(weight)
    except ValueError:
        return 0.0
