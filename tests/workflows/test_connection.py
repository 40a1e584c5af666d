"""How a client reaches Temporal where not everybody may: over TLS, as Temporal's own variables say."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from settings import Given
from tests.personas import Stage
from workflows.connection import connect

LOOPBACK = "127.0.0.1"


def certify(folder: Path) -> tuple[Path, Path]:
    """A certificate of this machine's, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Temporal, prova")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, kind, open_ = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, kind, open_))
    return folder / "certificate.pem", folder / "key.pem"


@asynccontextmanager
async def behind_tls(address: str, *, certificate: Path, key: Path) -> AsyncIterator[str]:
    """The same server's address behind TLS, as a proxy or Temporal Cloud has it."""
    host, _, port = address.partition(":")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, int(port))
        with suppress(OSError):
            await asyncio.gather(pump(reader, back), pump(there, writer))

    server = await asyncio.start_server(relay, LOOPBACK, 0, ssl=context)
    try:
        yield f"{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65_536):
        writer.write(some)
        await writer.drain()
    writer.close()


async def test_tls_is_spoken_where_it_is_asked_for(stage: Stage, tmp_path: Path) -> None:
    certificate, key = certify(tmp_path)
    environ = {"TEMPORAL_TLS_SERVER_CA_CERT_PATH": str(certificate), "TEMPORAL_API_KEY": "parola"}
    access = Given.read(environ).temporal_access
    async with behind_tls(stage.settings.temporal_address, certificate=certificate, key=key) as address:
        temporal = await connect(address, namespace=stage.settings.temporal_namespace, access=access)
        assert (await temporal.count_workflows("WorkflowId = 'none'")).count == 0
        with pytest.raises(TimeoutError):  # who doesn't speak it is not let in, and goes on trying
            async with asyncio.timeout(1):
                await connect(address, namespace=stage.settings.temporal_namespace)
