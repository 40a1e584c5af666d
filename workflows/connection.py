"""The connection to Temporal: one converter for every client, worker and replayer."""

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import Runtime
from tenacity import retry, retry_if_exception_type, wait_fixed

CONVERTER = pydantic_data_converter


@retry(retry=retry_if_exception_type(RuntimeError), wait=wait_fixed(0.2))
async def connect(address: str, *, namespace: str, runtime: Runtime | None = None) -> Client:
    """A client, as soon as the server answers; it outlives the server's restarts."""
    return await Client.connect(address, namespace=namespace, data_converter=CONVERTER, runtime=runtime)
