"""A signature beside a model in the format of OpenSSF model signing: that it is there, and what it
claims to cover. It is not verified.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

from aisbom.collect import get_collector
from aisbom.collect.models import hub
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.source.tree import File, Unreadable

NAME = "model-signature"
MAX_READ = 16 * 1024 * 1024


def collect(file: File) -> Iterator[Row]:
    """Who signed the files of a model, as the signature states it; it is not verified."""
    data = json.loads(file.text(MAX_READ))
    envelope = data.get("dsseEnvelope") if isinstance(data, dict) else None
    if not isinstance(envelope, dict):
        raise Unreadable("no signature bundle in it: not read")
    files = _files(envelope.get("payload"))
    words = "OpenSSF model signing, not verified" + (
        f"; lists {files:,} files" if files is not None else ""
    )
    name, version, purl, model = hub.identity(file)
    evidence = Evidence(NAME, "manifest-analysis", "high", file.at(), "dsseEnvelope")
    yield Observation(
        "model",
        name,
        version,
        purl,
        evidence,
        facts(file_kind="signature", signature=words, model_id=model),
    )


def _files(payload: Any) -> int | None:
    """How many files the signed statement lists; None where that cannot be read."""
    try:
        statement = (
            json.loads(base64.b64decode(payload, validate=True))
            if isinstance(payload, str)
            else None
        )
    except ValueError:
        return None
    predicate = statement.get("predicate") if isinstance(statement, dict) else None
    resources = predicate.get("resources") if isinstance(predicate, dict) else None
    return len(resources) if isinstance(resources, list) else None


COLLECTOR = get_collector(NAME)
