"""Signatures of OpenSSF model signing (https://github.com/sigstore/model-transparency), verified by
its own library: whether the files of a model are the ones that a key signed.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
from importlib import import_module
from pathlib import Path
from typing import Any

from aisbom.attest.envelope import SignatureError
from aisbom.errors import UsageError

_NEEDS = "a model signature needs model-signing: pip install 'aisbom[model-signing]'"
_LONGEST = 500


def is_model_signature(data: bytes) -> bool:
    """Whether a file is a bundle with a signed statement inside, and not an envelope of ours."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and isinstance(found.get("dsseEnvelope"), dict)


def verify_model(signature: Path, model: Path, key: Path) -> int:
    """How many files of the folder `model` the signature covers, where it holds: `key` is a PEM
    file with the public key (ECDSA), or with the certificate that issued the signer's.

    Raises SignatureError where it does not hold, and UsageError where the library is not installed
    or the key is none.
    """
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

        verifying: Any = import_module("model_signing.verifying")
    except ImportError as error:
        raise UsageError(_NEEDS) from error
    signed = _statement(signature.read_bytes())
    config = verifying.Config()
    try:
        if b"CERTIFICATE" in key.read_bytes():
            config.use_certificate_verifier(certificate_chain=[key])
        else:
            config.use_elliptic_key_verifier(public_key=key)
    except OSError as error:
        raise UsageError(f"--key {key}: cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(f"--key {key}: no public key (ECDSA) and no certificate") from error
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it warns there of older formats
            config.verify(model, signature)
    except InvalidSignature as error:
        raise SignatureError(
            "was changed after it was signed: the signature does not fit"
        ) from error
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OSError) as error:
        raise SignatureError(_explain(error)) from error
    return len(signed)


def _statement(data: bytes) -> list[Any]:
    """The files that the statement lists. Raises SignatureError for none, and where links were
    followed to sign them: what lies behind one may be anywhere.
    """
    try:
        statement = json.loads(base64.b64decode(json.loads(data)["dsseEnvelope"]["payload"]))
        predicate = statement["predicate"]
        resources = list(predicate["resources"])
    except (ValueError, TypeError, KeyError) as error:
        raise SignatureError("lists no files of a model") from error
    if dict(predicate.get("serialization", {})).get("allow_symlinks"):
        raise SignatureError("was made of links that were followed: not verified")
    return resources


def _explain(error: Exception) -> str:
    words = " ".join(str(error).split())[:_LONGEST]
    if words.startswith("Key mismatch"):
        return "is signed with another key than the one given"
    if words.startswith("Signature mismatch"):
        return f"the files are not the ones that were signed: {words.partition(': ')[2]}"
    return f"cannot be verified: {words or type(error).__name__}"
