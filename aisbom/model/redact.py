"""Nothing that identifies a machine, a user or a secret leaves it: applied to every row before it
is kept.
"""

from __future__ import annotations

import re
from dataclasses import replace

from aisbom.model import Evidence, Facts, Gap, Observation, Relation, Row, Sees
from aisbom.model.facts import RECORDS

_RECORDS = {key.name: key for key in RECORDS}
_CREDENTIALS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*://)[^/@\s'\"?#]+@")
_CHANNEL = re.compile(
    r"(https?://[^/\s]+/t/)[^/\s<]+"
)  # a private conda channel carries its token in the path
_SECRET = re.compile(
    r"\b(?:hf_[A-Za-z0-9]{20,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w\-]{16,}|sk-[A-Za-z0-9_\-]{20,}|AKIA[0-9A-Z]{16}|"
    r"pypi-[A-Za-z0-9_\-]{30,})"
)
_QUERY = re.compile(
    r"(?i)([?&](?:access_token|private_token|token|api_key|apikey|key|password|secret|sig|signature)=)[^&\s'\"#]+"
)
# A folder of one machine: what stands behind it may name a user, and says nothing to a reader
# elsewhere.
_PATHS = re.compile(
    r"(?<![\w.\-/}])(?:file:/{0,3})?(?:/(?:home|Users|root|tmp|var|opt|mnt|media|srv|workspace|work|data|usr|private|builds|github|content|"
    r"kaggle|scratch|nfs|gpfs|lustre|export|run|build|app|Volumes|proc|etc)(?=/)|[A-Za-z]:(?=\\\w))(?P<rest>[/\\][^\s'\"<>|,;()\]]*)"
)
# Control characters, half surrogates and marks that turn text around have no place in a document
# that people sign.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+"
)
_HOME = re.compile(r"~[A-Za-z_][\w\-]*(?=/)")
_FILE_URL = re.compile(r"file:/{2,3}(?=[A-Za-z/])(?P<rest>[^\s'\"<>|,;()\]]*)")


def text(value: str) -> str:
    """`value` without credentials in URLs, tokens, and absolute paths (their last part is kept)."""
    if not value:
        return value
    if not value.isprintable():
        value = _UNPRINTABLE.sub(" ", value)
    if "://" in value:
        value = _CREDENTIALS.sub(r"\g<scheme>", value)
        if "/t/" in value:
            value = _CHANNEL.sub(r"\1<removed>", value)
        if "=" in value:
            value = _QUERY.sub(r"\1<removed>", value)
    if "_" in value or "-" in value or "AKIA" in value:
        value = _SECRET.sub("<secret removed>", value)
    if "/" in value or "\\" in value:
        value = _PATHS.sub(_last, value)
        if "file:" in value:
            value = _FILE_URL.sub(_last, value)
        if "~" in value:
            value = _HOME.sub("~", value)
    return value


def _last(match: re.Match[str]) -> str:
    parts = [part for part in re.split(r"[/\\]", match["rest"]) if part]
    return f"<path>/{parts[-1]}" if parts else "<path>"


def row(value: Row, sees: Sees | None = None) -> Row:
    """The row with every free text redacted; a sighting of a reader that sees `sees`."""
    if isinstance(value, Gap):
        return replace(value, reason=text(value.reason))
    if isinstance(value, Relation):
        return replace(
            value, source=text(value.source), target=text(value.target), facts=_facts(value.facts)
        )
    return Observation(
        value.kind,
        text(value.name),
        text(value.version),
        text(value.purl),
        evidence(value.evidence, sees),
        _facts(value.facts),
    )


def evidence(value: Evidence, sees: Sees | None = None) -> Evidence:
    """The evidence with its excerpt redacted and cut to 200 characters."""
    excerpt = text(value.excerpt)
    return replace(
        value,
        excerpt=excerpt if len(excerpt) <= 200 else excerpt[:199] + "…",
        sees=sees or value.sees,
    )


def _facts(value: Facts) -> Facts:
    return tuple((key, _fact(key, item)) for key, item in value)


def _fact(key: str, item: str) -> str:
    record = _RECORDS.get(key)
    # The text of a record escapes what stands in its parts: they are looked at one by one.
    return record.mapped(item, text) if record else text(item)
