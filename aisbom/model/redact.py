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
# `alice@host:path`, the short form of ssh; `git` is the user of every code host and no person.
_SSH_USER = re.compile(r"(?<![\w.+\-@/])(?!git@)[\w.+\-]+@(?=[\w.\-]+:[\w~/])")
# A private conda channel carries its token in the path, before the channel's name.
_CHANNEL = re.compile(r"(https?://[^/\s]+/t/)[^/\s<.]+(?=/)")
_SECRET = re.compile(
    r"\b(?:hf_[A-Za-z0-9]{20,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}"
    r"|gl(?:pat|dt|rt|ptt|soat)-[\w\-]{16,}|sk[-_][A-Za-z0-9_\-]{20,}|rk_live_[A-Za-z0-9]{16,}"
    r"|A(?:KIA|SIA)[0-9A-Z]{16}|pypi-[A-Za-z0-9_\-]{30,}|xox[abeoprs]-[A-Za-z0-9\-]{10,}"
    r"|AIza[A-Za-z0-9_\-]{30,}|npm_[A-Za-z0-9]{30,}|dckr_pat_[A-Za-z0-9_\-]{20,}|gsk_[A-Za-z0-9]{20,}"
    r"|nvapi-[A-Za-z0-9_\-]{20,}|r8_[A-Za-z0-9]{30,}|lsv2_[a-z]{2}_[A-Za-z0-9_]{20,}"
    r"|ya29\.[A-Za-z0-9_\-]{20,}|SG\.[A-Za-z0-9_\-]{16,}\.[A-Za-z0-9_\-]{16,}"
    r"|eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}(?:\.[A-Za-z0-9_\-]*)?)"
)
# What a name or an option says is a secret, and looks like one: letters and digits, no word and no
# name of a variable (`api_key=EMPTY`, `token=os.environ["TOKEN"]`, `pad_token: "<pad>"`).
_NAMED = re.compile(
    r"(?i)(?P<name>(?:(?:api|access|secret|private|auth|account)[_-]?key|token|secret|x-key"
    r"|passwo?r?d|passphrase|credentials?)[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
    r"|--[\w\-]{0,40}(?:token|key|secret|password)\s{1,3}[\"']?"
    r"|authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?\w{1,10}\s{1,3}|\bbearer\s{1,3})"
    r"(?P<value>[A-Za-z0-9_\-+/=.~!@$%^&*]{8,400})"
)
# Words with a number behind (`sha256`, `image_token_1`, `gpt-4o`), a call, a path, a version.
_PLAIN = re.compile(r"[a-z]+(?:[._\-/][a-z]+)*[._\-]?[0-9]{0,4}|[A-Z]+(?:_[A-Z]+)*_?[0-9]{0,4}")
_LETTER, _DIGIT = re.compile("[A-Za-z]"), re.compile("[0-9]")
_SIGNS = ("key", "oken", "OKEN", "KEY", "Key", "ecret", "ECRET", "assw", "ASSW", "earer", "asic")
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]+-----)?")
_QUERY = re.compile(
    r"(?i)([?&](?:access_token|private_token|token|api_key|apikey|key|password|secret|sig|signature)=)[^&\s'\"#]+"
)
# Control characters, half surrogates and marks that turn text around have no place in a document
# that people sign.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+"
)

# Where a path of one machine starts, whatever it lies under: a file URL, a drive letter, a share
# or a slash that neither a host nor another name stands before.
# Backslashes come doubled where a format escapes them, and escaped twice where one holds another.
_DRIVE = r"(?<![A-Za-z0-9])[A-Za-z]:(?:\\+|/(?=[^\s/]))"
_SHARE = r"(?<![\w\\])\\{2,}(?=[\w.?$\-]+[\\/])|(?<![\w:/.\-}>])//(?=[\w.$\-]+/\S)"
_FILE = r"\bfile:/*(?=[^\s/])"
_SLASH = r"(?<![\w.\-/}\])*<>%$&?~@+])/(?=[^\s/*'\"<>|,;:()\[\]{}]+/)"
_ENDS = r"\s'\"<>|,;()\[\]{}`"
_REST = rf"(?:\\ |[^{_ENDS}])*"
# In a path of Windows a space is nothing special as long as another folder follows.
_FOLDERS = r"(?:[^\\/:*?\"'<>|,;()\n]{0,200}\\+)*"
_WINDOWS = re.compile(rf"(?:{_DRIVE}|{_SHARE}){_FOLDERS}{_REST}")
_POSIX = re.compile(rf"(?:{_FILE}|{_SLASH}){_REST}")
# Quotes, and the ends of the text, hold a path together with the spaces in it.
_START = r"(?:\b\w*\+?file:/|//?(?=[^/\n\"']+/)|[A-Za-z]:[\\/]|\\{2,}(?=[\w.?$\-]+[\\/]))"
_QUOTED = re.compile(rf"""(?P<quote>["']){_START}[^"'\n]*(?P=quote)""")
_WHOLE = re.compile(rf"{_START}[^\n\"']*[\\/]")
_HOME = re.compile(r"(?<![\w~])~[A-Za-z_][\w.\-]*(?=[/\\]|$)")

# What a path may end in without naming anybody: a file with one of these suffixes.
_SUFFIXES = frozenset(
    (
        *("bin", "ckpt", "gguf", "h5", "keras", "model", "npy", "npz", "onnx", "pb", "pkl", "pt"),
        *("pth", "safetensors", "c", "cc", "cpp", "cu", "h", "ipynb", "py", "pyc", "sh", "dll"),
        *("exe", "so", "cfg", "csv", "ini", "json", "jsonl", "lock", "log", "md", "parquet"),
        *("pdf", "toml", "txt", "xml", "yaml", "yml", "gz", "tar", "tgz", "whl", "xz", "zip"),
        *("jpg", "png", "mp3", "mp4", "wav"),
    )
)


def text(value: str) -> str:
    """`value` without credentials in URLs, tokens, names of users in addresses, and absolute paths
    in any spelling: of these only the name of a file with a known suffix is kept.
    """
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
    if "@" in value and ":" in value:
        value = _SSH_USER.sub("", value)
    if len(value) > 18:
        value = _SECRET.sub("<secret removed>", value)
        if any(sign in value for sign in _SIGNS):
            value = _NAMED.sub(_hidden, value)
        if "PRIVATE KEY" in value:
            value = _PRIVATE_KEY.sub("<secret removed>", value)
    if "/" in value or "\\" in value:
        value = _without_paths(value)
    if "~" in value:
        value = _HOME.sub("~", value)
    return value


def _hidden(found: re.Match[str]) -> str:
    value = found["value"]
    secret = _LETTER.search(value) and _DIGIT.search(value) and not _PLAIN.fullmatch(value)
    return f"{found['name']}<secret removed>" if secret else found[0]


def _without_paths(value: str) -> str:
    if whole := _WHOLE.match(value):
        rest = value[whole.end() :]
        last = re.match(_REST, rest)
        end = last.end() if last else 0
        value = _shown(value[: whole.end()] + rest[:end]) + rest[end:]
    if '"' in value or "'" in value:
        value = _QUOTED.sub(lambda m: f"{m['quote']}{_shown(m[0][1:-1])}{m['quote']}", value)
    if "\\" in value or ":/" in value or "//" in value:
        value = _WINDOWS.sub(lambda m: _shown(m[0]), value)
    return _POSIX.sub(lambda m: _shown(m[0]), value) if "/" in value else value


def _shown(path: str) -> str:
    """What is kept of a path: the name of a file, by its suffix; else nothing, since the last
    folder may be a user's.
    """
    name = re.split(r"[/\\]", path)[-1]
    stem, dot, suffix = name.rpartition(".")
    if dot and stem and suffix.lower() in _SUFFIXES:
        return f"<path>/{name}"
    return "<path>"


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
