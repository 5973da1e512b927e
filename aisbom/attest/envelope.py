"""DSSE envelopes: signing a statement, and reading it back only where the signature holds.

Keys are PEM files that the user has made; none is ever made here. A public key may stand in an
X.509 certificate, which has an end.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aisbom.errors import UsageError

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner, SSlibKey

PAYLOAD = "application/vnd.in-toto+json"
_MAX_KEY = 64 * 1024
_NEEDS = "signing needs securesystemslib: pip install 'aisbom[attest]'"


class SignatureError(Exception):
    """A signature does not hold; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that signatures are checked with, and from when until when its certificate holds."""

    key: SSlibKey
    starts: datetime | None = None
    ends: datetime | None = None


def load_signer(path: Path) -> CryptoSigner:
    """The private key at `path`. Raises UsageError for one that is missing, encrypted, of a kind
    that does not sign, or readable by others.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
        from securesystemslib.signer import CryptoSigner
    except ImportError as error:
        raise UsageError(_NEEDS) from error
    data = _read(path)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise UsageError(f"--key {path}: others can read it; run `chmod 600 {path.name}`")
    try:
        return CryptoSigner(load_pem_private_key(data, None))
    except TypeError as error:
        raise UsageError(f"--key {path}: is encrypted; give a key without a password") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(
            f"--key {path}: no private key that can sign (PEM: Ed25519, ECDSA P-256 or RSA); make"
            " one with `openssl genpkey -algorithm ed25519 -out key.pem`"
        ) from error


def load_public_key(path: Path) -> PublicKey:
    """The public key, or the certificate, at `path`. Raises UsageError."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
        from cryptography.x509 import load_pem_x509_certificate
        from securesystemslib.signer import SSlibKey
    except ImportError as error:
        raise UsageError(_NEEDS) from error
    data = _read(path)
    if b"PRIVATE KEY" in data:
        raise UsageError(
            f"--key {path}: is a private key; signatures are checked with the public one:"
            " `openssl pkey -in key.pem -pubout -out key.pub`"
        )
    try:
        if b"BEGIN CERTIFICATE" in data:
            found = load_pem_x509_certificate(data)
            return PublicKey(
                SSlibKey.from_crypto(found.public_key()),
                found.not_valid_before_utc,
                found.not_valid_after_utc,
            )
        return PublicKey(SSlibKey.from_crypto(load_pem_public_key(data)))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(
            f"--key {path}: no public key and no certificate (PEM: Ed25519, ECDSA P-256 or RSA)"
        ) from error


def sign(statement: dict[str, Any], signer: CryptoSigner) -> dict[str, Any]:
    """The envelope of a statement, as plain data: the same statement and an Ed25519 or RSA-PKCS#1
    key give the same bytes; ECDSA signatures are random.
    """
    from securesystemslib.dsse import Envelope

    payload = json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    envelope = Envelope(payload.encode(), PAYLOAD, {})
    envelope.sign(signer)
    return dict(envelope.to_dict())


def open_verified(line: bytes, key: PublicKey, now: datetime | None = None) -> dict[str, Any]:
    """The statement in an envelope that `key` signed. Raises NotVerified, with a message of its own
    for an envelope that is none, a foreign key, a changed text, and a certificate that has ended.
    """
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import FormatError, VerificationError

    try:
        envelope = Envelope.from_dict(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, FormatError) as error:
        raise SignatureError("is no DSSE envelope: cut off or rewritten") from error
    if envelope.payload_type != PAYLOAD:
        raise SignatureError("holds no in-toto statement")
    if not envelope.signatures:
        raise SignatureError("bears no signature")
    if key.key.keyid not in envelope.signatures:
        raise SignatureError("is signed with another key than the one given")
    try:
        envelope.verify([key.key], 1)
    except VerificationError as error:
        raise SignatureError(
            "was changed after it was signed: the signature does not fit"
        ) from error
    moment = now or datetime.now(UTC)
    if key.ends and moment > key.ends:
        raise SignatureError(f"the certificate of the key ended on {key.ends:%Y-%m-%d}")
    if key.starts and moment < key.starts:
        raise SignatureError(f"the certificate of the key begins on {key.starts:%Y-%m-%d}")
    try:
        statement = json.loads(envelope.payload)
    except (ValueError, RecursionError) as error:
        raise SignatureError("holds no JSON") from error
    if not isinstance(statement, dict):
        raise SignatureError("holds no in-toto statement")
    return statement


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_KEY + 1)
    except OSError as error:
        raise UsageError(f"--key {path}: cannot be read: {error.strerror}") from error
    if len(data) > _MAX_KEY:
        raise UsageError(f"--key {path}: is no key: larger than {_MAX_KEY:,} bytes")
    return data
