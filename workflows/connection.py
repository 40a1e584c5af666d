"""The connection to Temporal: one converter for every client, worker and replayer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import Runtime
from tenacity import RetryCallState, retry, retry_if_exception_type, wait_fixed

CONVERTER = pydantic_data_converter
OPEN_TO_ALL: Mapping[str, Any] = MappingProxyType({})
SECONDS = 0.2
TRIES_A_LINE = 50

log = structlog.get_logger()


def _say_so(state: RetryCallState) -> None:
    """Every ten seconds: a key or certificate that the server doesn't take looks like a server that is away."""
    if state.attempt_number % TRIES_A_LINE == 0 and state.outcome is not None:
        log.warning("temporal_unreachable", reason=str(state.outcome.exception()))


@retry(retry=retry_if_exception_type(RuntimeError), wait=wait_fixed(SECONDS), before_sleep=_say_so)
async def connect(
    address: str, *, namespace: str, access: Mapping[str, Any] = OPEN_TO_ALL, runtime: Runtime | None = None
) -> Client:
    """A client, as soon as the server answers; it outlives the server's restarts. `access`: as of `Settings`."""
    return await Client.connect(address, namespace=namespace, data_converter=CONVERTER, runtime=runtime, **access)
