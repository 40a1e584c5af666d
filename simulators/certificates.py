"""Keys with certificates that nobody but themselves vouches for: for development and tests."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

YEARS = timedelta(days=3653)


def self_signed(name: str, *, stamps_time: bool = False, begins: datetime | None = None) -> str:
    """PEM text: a new key, and a certificate for signing documents, or time stamps (RFC 3161 § 2.3), for ten years."""
    key = _rsa() if stamps_time else ec.generate_private_key(ec.SECP256R1())
    subject, begin = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), begins or datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), begin, begin + YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
    )
    if stamps_time:
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        certificate = certificate.add_extension(stamping, critical=True)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = certificate.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    return (private + public).decode()


def _rsa() -> rsa.RSAPrivateKey:
    """All that pyHanko's stamper can use, dear as it is."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _usage() -> x509.KeyUsage:
    off = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
         "decipher_only"),
        False,
    )  # fmt: skip
    return x509.KeyUsage(digital_signature=True, content_commitment=True, **off)
