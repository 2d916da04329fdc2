"""The throw-away certificate authority of a campaign, and quick certificates for whatever a tool asks for."""

import datetime as dt
import ipaddress
import os
import re
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# Staged clocks go years ahead and back: nothing may look expired or not yet valid.
_FROM = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_UNTIL = dt.datetime(2049, 12, 31, tzinfo=dt.UTC)
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?")
_MOST_CONTEXTS = 256
_SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class Authority:
    """A CA whose key never leaves this process, and server contexts for names and addresses.

    All certificates share one key pair, so that a new name costs one signature (under a millisecond).
    """

    def __init__(self) -> None:
        self._ca_key = ec.generate_private_key(ec.SECP256R1())
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._ca = self._make_ca()
        self._contexts: dict[tuple[str, ...], ssl.SSLContext] = {}
        self._leaf_key_pem = self._leaf_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def pem(self) -> bytes:
        """The CA's certificate alone, PEM."""
        return self._ca.public_bytes(serialization.Encoding.PEM)

    def bundle(self, system: bytes) -> bytes:
        """A system's bundle and the CA's certificate, PEM."""
        return system.rstrip() + b"\n" + self.pem if system.strip() else self.pem

    def context(self, *subjects: str) -> ssl.SSLContext:
        """A server context whose certificate is valid for these names and addresses (at least one, or a stand-in)."""
        wanted = tuple(subject for subject in subjects if _HOST.fullmatch(subject) or _as_address(subject))
        wanted = wanted or ("unnamed.invalid",)
        context = self._contexts.pop(wanted, None) or self._make_context(wanted)
        if len(self._contexts) >= _MOST_CONTEXTS:
            del self._contexts[next(iter(self._contexts))]
        self._contexts[wanted] = context  # put back last: the first is the one longest unused
        return context

    def _make_context(self, subjects: tuple[str, ...]) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["h2", "http/1.1"])
        # No resumption: each connection then shows its whole hello, and no random ticket comes back in it.
        context.options |= ssl.OP_NO_TICKET
        context.num_tickets = 0
        chain = self._leaf(subjects).public_bytes(serialization.Encoding.PEM) + self.pem + self._leaf_key_pem
        # The ssl module only loads from a path; an anonymous file in memory keeps the key off every disk.
        file = os.memfd_create("leaf")
        try:
            os.write(file, chain)
            context.load_cert_chain(f"/proc/self/fd/{file}")
        finally:
            os.close(file)
        return context

    def _leaf(self, subjects: tuple[str, ...]) -> x509.Certificate:
        names = [_general_name(subject) for subject in subjects]
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        return (
            _certificate(subjects[0][:64], self._ca.subject, self._leaf_key.public_key())
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(usage, critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._ca_key.public_key()), critical=False
            )
            .sign(self._ca_key, hashes.SHA256())
        )

    def _make_ca(self) -> x509.Certificate:
        public = self._ca_key.public_key()
        issuer = _name("Global Trust Services Root R7")
        return (
            _certificate("Global Trust Services Root R7", issuer, public)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(self._ca_key, hashes.SHA256())
        )


def system_bundle() -> bytes:
    """The certificates that this machine trusts, PEM; empty when it has none in a known place."""
    for path in map(Path, _SYSTEM_BUNDLES):
        if path.is_file():
            return path.read_bytes()
    return b""


def _certificate(common_name: str, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(subject_name=_name(common_name), issuer_name=issuer, public_key=key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(_FROM).not_valid_after(_UNTIL)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _as_address(subject: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(subject)
    except ValueError:
        return None


def _general_name(subject: str) -> x509.GeneralName:
    address = _as_address(subject)
    return x509.IPAddress(address) if address else x509.DNSName(subject)
