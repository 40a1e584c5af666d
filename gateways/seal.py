"""Our seal on what we print: PAdES (ETSI EN 319 142-1, level B-T), with an RFC 3161 time stamp."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import httpx
from asn1crypto import cms, keys, pem, tsp, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from domain.errors import SealNotValid, TimestampUnavailable

SECONDS = 10
"""How long the authority may take."""

REASON = "Ricevuta di accettazione"

RESERVED = 32_768
"""Hex digits for signature and stamp with their chains. Left to itself, pyHanko signs twice to learn the size."""

NO_STAMP = (TimestampRequestError, SigningError, ValueError, TypeError, AttributeError)
"""What pyHanko raises when the authority answers, but not with a stamp for us: not all of it by intent."""


AT_ONCE = 4
"""Seals under way, in threads of their own: an authority that hangs must hold up nobody else's work."""
TURN_SECONDS = 3
"""How long a seal waits for its turn: then its mail gives way to the others."""


class Seal:
    """Holds our key. `key`: PEM text, the private key (PKCS #8) and then its certificate and the chain.

    Raises SealNotValid, at once and later too: nobody would believe in what it seals.
    """

    def __init__(self, key: str, *, timestamp_url: str) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="seal")
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._authority = _Authority(timestamp_url)
        self._signer = _signer(key)
        self._check()

    async def seal(self, pdf: bytes) -> bytes:
        """The same PDF, signed and stamped. Raises TimestampUnavailable, SealNotValid."""
        self._check()
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._turns.acquire()
        except TimeoutError as error:
            raise TimestampUnavailable from error
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._seal, pdf)
        finally:
            self._turns.release()

    def _check(self) -> None:
        certificate: x509.Certificate = self._signer.signing_cert
        if not certificate.not_valid_before <= datetime.now(UTC) <= certificate.not_valid_after:
            raise SealNotValid

    def _seal(self, pdf: bytes) -> bytes:
        metadata = PdfSignatureMetadata(
            field_name="Sigillo", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=REASON
        )
        sealed = BytesIO()
        try:
            PdfSigner(metadata, self._signer, timestamper=self._authority).sign_pdf(
                IncrementalPdfFileWriter(BytesIO(pdf)), output=sealed, bytes_reserved=RESERVED
            )
        except NO_STAMP as error:
            raise TimestampUnavailable from error
        return sealed.getvalue()

    def close(self) -> None:
        """Give the connections back."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._authority.http.close()


class _Authority(TimeStamper):
    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url
        self.http = httpx.Client(timeout=SECONDS, trust_env=False)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A stamp on this digest: pyHanko looks at the nonce, and not at what was stamped."""
        stamp = await super().async_timestamp(message_digest, md_algorithm)
        imprint = stamp["content"]["encap_content_info"]["content"].parsed["message_imprint"]
        stamped = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        if stamped != (md_algorithm, message_digest):
            raise TimestampUnavailable
        return stamp

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """One question (RFC 3161 § 3.4), in the seal's own thread."""
        headers = {"Content-Type": "application/timestamp-query"}
        try:
            answer = self.http.post(self._url, content=req.dump(), headers=headers)
        except httpx.RequestError as error:
            raise TimestampUnavailable from error
        if answer.headers.get("Content-Type") != "application/timestamp-reply":
            raise TimestampUnavailable(code=answer.status_code)
        return tsp.TimeStampResp.load(answer.content)


def _signer(key: str) -> SimpleSigner:
    blocks = list(pem.unarmor(key.encode(), multiple=True))
    (private,) = (keys.PrivateKeyInfo.load(der) for kind, _, der in blocks if kind == "PRIVATE KEY")
    certificate, *chain = (x509.Certificate.load(der) for kind, _, der in blocks if kind == "CERTIFICATE")
    registry = SimpleCertificateStore.from_certs(chain)
    return SimpleSigner(signing_cert=certificate, signing_key=private, cert_registry=registry)
