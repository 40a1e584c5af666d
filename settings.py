"""What the environment says, read once by the entry points and by nothing else."""

import base64
import binascii
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, SecretStr, ValidationError
from temporalio.envconfig import ClientConfigProfile

SMTP_SCHEMES = ("smtp", "smtp+starttls", "smtps")
SHORTEST_KEY_BYTES = 24  # what Standard Webhooks asks for


class SettingsError(ValueError):
    """Variables that are missing or of no use, one a line, each with what to do about it."""


def variable(field: str) -> str:
    """The environment variable of a field: DOCFLY_HOME of `home`, TEMPORAL_ADDRESS of `temporal_address`."""
    return field.upper() if field.startswith("temporal_") else f"DOCFLY_{field.upper()}"


def _url(*schemes: str) -> Callable[[SecretStr], SecretStr]:
    def check(url: SecretStr) -> SecretStr:
        parts = urlsplit(url.get_secret_value())
        if parts.scheme not in schemes or not parts.hostname or parts.port == 0:
            raise ValueError
        return url

    return check


def _documents_url(url: str) -> str:
    """Secrets don't belong in it: S3's own variables hold them."""
    parts = urlsplit(url)
    is_folder = parts.scheme == "file" and not (parts.netloc or parts.query) and parts.path.startswith("/")
    options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    is_bucket = parts.scheme == "s3" and parts.hostname and options.keys() <= {"endpoint", "region"}
    if not (is_folder or is_bucket) or parts.username or parts.fragment:
        raise ValueError
    return url


def _signing_key(secret: SecretStr) -> SecretStr:
    prefix, _, key = secret.get_secret_value().partition("_")
    try:
        usable = prefix == "whsec" and len(base64.b64decode(key, validate=True)) >= SHORTEST_KEY_BYTES
    except binascii.Error as error:
        raise ValueError from error
    if not usable:
        raise ValueError
    return secret


def _pem(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not all(f"-----BEGIN {kind}-----" in text for kind in ("PRIVATE KEY", "CERTIFICATE")):
        raise ValueError
    return secret


Port = Annotated[int, Field(ge=1, le=65535)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_url("postgresql"))]
SmtpUrl = Annotated[SecretStr, AfterValidator(_url(*SMTP_SCHEMES))]
WebUrl = Annotated[SecretStr, AfterValidator(_url("http", "https"))]
PublicUrl = Annotated[str, Field(pattern=r"^https?://[^/\s]+(/\S*)?$"), AfterValidator(lambda url: url.rstrip("/"))]
DocumentsUrl = Annotated[str, AfterValidator(_documents_url)]
TemporalAddress = Annotated[str, Field(pattern=r"^\S+:\d{1,5}$")]
Secret = Annotated[SecretStr, Field(min_length=32)]
SigningKey = Annotated[SecretStr, AfterValidator(_signing_key)]
SealKey = Annotated[SecretStr, AfterValidator(_pem)]
MailAddress = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]


class Given(BaseModel):
    """What was given: `make up` starts, or makes, whatever is None. The words under a field say what to give."""

    model_config = ConfigDict(
        frozen=True,
        alias_generator=variable,
        populate_by_name=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )

    home: Annotated[Path, AfterValidator(Path.absolute)] = Path("var").absolute()
    """a folder, for all that `make up` keeps"""
    host: Annotated[str, Field(pattern=r"^\S+$")] = "127.0.0.1"
    """the address on which the web process listens"""
    port: Port = 8000
    """the web process's port, 1 to 65535"""
    mail_port: Port = 8025
    """the port of the mail catcher's page, 1 to 65535"""
    public_url: PublicUrl = Field(default_factory=lambda fields: f"http://127.0.0.1:{fields.get('port')}")
    """https://host, as customers reach the web process: it stands in the links that are mailed"""
    database_url: DatabaseUrl | None = None
    """postgresql://user:password@host:port/database"""
    temporal_address: TemporalAddress | None = None
    """host:port of the Temporal server"""
    temporal_namespace: Annotated[str, Field(min_length=1)] = "default"
    """the name of a namespace of the Temporal server"""
    smtp_url: SmtpUrl | None = None
    """smtp://, smtp+starttls:// or smtps://user:password@host:port, which sends ordinary mail"""
    pec_smtp_url: SmtpUrl | None = None
    """smtp://, smtp+starttls:// or smtps://user:password@host:port, which sends PEC"""
    provider_url: WebUrl | None = None
    """http:// or https://host:port of the provider"""
    timestamp_url: WebUrl | None = None
    """http:// or https:// of a time-stamping authority (RFC 3161)"""
    seal_key: SealKey | None = None
    """a private key and its certificate in PEM, unencrypted; receipts are sealed with them"""
    documents_url: DocumentsUrl = Field(default_factory=lambda fields: (fields["home"] / "documents").as_uri())
    """file:///folder, or s3://bucket/prefix?endpoint=https://host&region=name, where documents are kept"""
    secret: Secret | None = None
    """32 characters or more, at random; the links to acceptance pages are derived from them"""
    provider_secret: SigningKey | None = None
    """whsec_ and 24 bytes or more in base64; the provider signs its callbacks with them"""
    mail_from: MailAddress = "ordini@docfly.invalid"
    """the address that ordinary mail comes from"""
    pec_from: MailAddress = "docfly@pec.docfly.invalid"
    """the address that PEC comes from"""
    operators_address: MailAddress = "operatori@docfly.invalid"
    """the address at which operators are told of what needs them"""
    trusted_proxies: Annotated[str, Field(pattern=r"^\S+$")] = "127.0.0.1"
    """addresses or networks, with commas between: the proxies whose word on a visitor's address is believed"""
    one_docfly_per_partita_iva: bool = True
    """true or false: whether a partita IVA may have only one DocFly"""
    _temporal_access: dict[str, Any] = PrivateAttr(default_factory=dict)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Settings from variables, or from the files that `<NAME>_FILE` names. Raises SettingsError."""
        names = [variable(field) for field in cls.model_fields]
        values = {name: value for name in names if (value := _look_up(name, environ=environ))}
        try:
            return cls.model_validate(values, context=_temporal_access(environ))
        except ValidationError as error:
            raise SettingsError("\n".join(_explain(error))) from None

    @classmethod
    def read_or_exit(cls, environ: Mapping[str, str]) -> Self:
        """Settings; or the reason on standard error, and exit status 2."""
        try:
            return cls.read(environ)
        except SettingsError as error:
            sys.stderr.write(f"{error}\n")
            sys.exit(2)

    @property
    def temporal_access(self) -> dict[str, Any]:
        """API key and TLS of the Temporal client, by its own TEMPORAL_API_KEY, TEMPORAL_TLS and their like."""
        return self._temporal_access

    def model_post_init(self, access: dict[str, Any] | None) -> None:
        """Keep it apart from the fields: its variables aren't ours."""
        self._temporal_access = access or {}


class Settings(Given):
    """What a running system can't do without: the worker and the web process read this."""

    database_url: DatabaseUrl
    temporal_address: TemporalAddress
    smtp_url: SmtpUrl
    pec_smtp_url: SmtpUrl
    provider_url: WebUrl
    timestamp_url: WebUrl
    seal_key: SealKey
    secret: Secret
    provider_secret: SigningKey

    @property
    def sqlalchemy_url(self) -> str:
        """The database's URL with its driver in it; has the password."""
        return with_driver(self.database_url.get_secret_value())


def with_driver(url: str) -> str:
    """A postgresql:// URL as SQLAlchemy and asyncpg want it, who call libpq's `sslmode` `ssl`."""
    return re.sub(r"([?&])sslmode=", r"\1ssl=", url.replace("postgresql://", "postgresql+asyncpg://", 1))


def _temporal_access(environ: Mapping[str, str]) -> dict[str, Any]:
    """What goes with address and namespace, which are settings of ours."""
    try:
        profile = ClientConfigProfile.load(disable_file=True, override_env_vars=dict(environ))
        config = profile.to_client_connect_config()
    except (RuntimeError, OSError, ValueError) as error:
        message = f"TEMPORAL_API_KEY or TEMPORAL_TLS… is of no use as it is: {error}. See docs/operating.md."
        raise SettingsError(message) from error
    return {name: value for name, value in config.items() if name not in ("target_host", "namespace")}


def _look_up(name: str, *, environ: Mapping[str, str]) -> str:
    """The value given directly or in a file; an empty one counts as none."""
    value, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if value and file:
        message = f"{name} and {name}_FILE are both given: leave one out."
        raise SettingsError(message)
    if not file:
        return value
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{name}_FILE: {file} can't be read ({type(error).__name__}): name a file that holds {name}."
        raise SettingsError(message) from error


def _explain(error: ValidationError) -> Iterator[str]:
    """Which variables, and what to give. Never the values: they may be secrets."""
    wanted = {variable(field): info.description for field, info in Given.model_fields.items()}
    for problem in error.errors(include_url=False):
        name = str(problem["loc"][0])
        what = "is not set" if problem["type"] == "missing" else "is of no use as it is"
        if name in wanted:  # but for the default that could not be made because of the others
            yield f"{name} {what}: give {wanted[name]}. (Or put it into a file, and the file's name into {name}_FILE.)"
