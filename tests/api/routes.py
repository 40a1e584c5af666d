"""Every route of the API, as the tests ask it."""

import re
from collections.abc import Mapping
from itertools import chain

from fastapi.routing import APIRoute

from api.app import ROUTERS

ROUTES = sorted(
    (method, route.path)
    for route in chain.from_iterable(router.routes for router in ROUTERS)
    if isinstance(route, APIRoute)
    for method in route.methods or ()
)
WITH_A_KEY = [(method, path) for method, path in ROUTES if path.startswith("/v1") and "/provider/" not in path]
WITH_AN_ID = [(method, path) for method, path in ROUTES if "_id}" in path]


def filled(path: str, ids: Mapping[str, str]) -> str:
    """The path with its ids."""
    return re.sub(r"{(\w+)}", lambda found: ids[found[1]], path)
