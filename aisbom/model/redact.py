"""Nothing that identifies a machine, a user or a secret leaves it: applied to every row before it
is kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from aisbom.model import Evidence, Facts, Gap, Observation, Relation, Row, Sees
from aisbom.model.facts import RECORDS

_RECORDS = {key.name: key for key in RECORDS}
_CREDENTIALS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]{0,30}+://)[^/@\s'\"?#]++@")
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
    r"|api_org_[A-Za-z0-9]{20,}|xapp-[A-Za-z0-9\-]{20,}|GOCSPX-[\w\-]{20,}|AGE-SECRET-KEY-1\w{20,}"
    r"|(?:dapi|SK|key-)[0-9a-f]{32}\b|(?:dop|doo|dor)_v1_[0-9a-f]{40,}|sbp_[0-9a-f]{40}"
    r"|(?:figd|jina|fw|lin_api)_[A-Za-z0-9_\-]{20,}|(?:pplx|tvly|tskey-\w{1,10})-[A-Za-z0-9\-]{20,}"
    r"|hvs\.[\w\-]{20,}|ATATT[\w\-=]{20,}|1//0[\w\-]{20,}|\d{8,10}:AA[\w\-]{30,}"
    r"|[MNO][A-Za-z0-9]{23,27}\.[\w\-]{6}\.[\w\-]{27,40}"
    r"|hooks\.slack\.com/services/[\w/]{20,}|discord(?:app)?\.com/api/webhooks/[\w/\-]{20,}"
    r"|eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}(?:\.[A-Za-z0-9_\-]*)?)"
)
# What a name or an option says is a secret, and looks like one: letters and digits, no word and no
# name of a variable (`api_key=EMPTY`, `token=os.environ["TOKEN"]`, `pad_token: "<pad>"`).
_NAMED = re.compile(
    r"(?i)(?P<name>(?:(?:api|access|secret|private|auth|account|sign\w{0,6}|encrypt\w{0,6}|master"
    r"|service|subscription)[_-]?key|token|secret|x-key|pass(?:wo?r?d|phrase)?|pwd|credentials?"
    r"|session(?:[_-]?id)?|\bsid|\bsig(?:nature)?|(?<=[\"'])key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
    r"|--[\w\-]{0,40}(?:token|key|secret|password)\s{1,3}[\"']?"
    r"|\b(?:passwd|login)\s{1,3}|(?<!\S)-u\s{1,3}[^\s:]{1,80}:"
    r"|authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?\w{1,10}\s{1,3}|\bbearer\s{1,3})"
    r"(?P<value>[A-Za-z0-9_\-+/=.~!@$%^&*]{8,400})"
)
# Words with a number behind (`sha256`, `image_token_1`, `gpt-4o`), a call, a path, a version.
_PLAIN = re.compile(
    r"[a-z]+[0-9]{0,4}(?:[._\-/][a-z]+[0-9]{0,4})*[._\-]?[0-9]{0,4}"
    r"|[A-Z]+(?:_[A-Z]+)*_?[0-9]{0,4}"
)
_LETTER, _DIGIT = re.compile("[A-Za-z]"), re.compile("[0-9]")
_SIGNS = (
    *("key", "oken", "OKEN", "KEY", "Key", "ecret", "ECRET", "pass", "PASS", "Pass", "earer"),
    *("asic", "pwd", "PWD", "sid", "sig", "Sig", "ession", "ESSION", "redential", "login", "-u "),
)
# What nobody would write by hand: letters of both sizes and digits that keep changing places. It
# stands alone; in an address it may be what names a file.
_ALONE = re.compile(
    r"(?:(?<![\w./%+=\-])|(?<=\bpkg:generic/)|(?<=\bpkg:pypi/))[A-Za-z0-9_.\-]{20,400}+(?![/+=])"
)
_RUN = re.compile("[A-Z]+|[a-z]+|[0-9]+")
_FEWEST_DIGITS, _SHARE_OF_CHANGES = 3, 0.45
"""Runs of digits in it; changes between kinds of characters, by its length. Names of classes
(`Wav2Vec2ForSequenceClassification`) have a third.
"""
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]+-----)?")
_QUERY = re.compile(
    r"(?i)([?&](?:x-amz-(?:signature|credential|security-token)|access_token|private_token|token|api_key|apikey|key|password|secret|sig|signature)=)[^&\s'\"#]+"
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
_SLASH = (
    r"(?:(?<![\w.\-/}\])*<>%$&?~@+])/(?=[^\s/*'\"<>|,;:()\[\]{}]+/)"
    # Behind a tag only what is a folder of machines: `</p>` is none.
    r"|(?<=>)(?<!<path>)/(?=(?:home\d*|Users|root|raid|nas|mnt|data\d*|scratch|export)/\S))"
)
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
_ABOVE_HOME = re.compile(
    r"(?:\$\{?HOME\}?|%USERPROFILE%|~)((?:[/\\]{1,2}\.\.)+[/\\]{1,2})[^\s/\\'\"]+"
)
# Stores keep a folder for each user as disks do.
_STORED = re.compile(
    r"(\b(?:hdfs|viewfs|gs|s3[an]?|abfss?|wasbs?|oss|cos)://[^\s'\"]{0,200}?/(?:users?|home)/)[^\s/'\"]+"
)
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


_SHORT = 200
"""Characters up to which a text is remembered with what is left of it."""


def text(value: str) -> str:
    """`value` without credentials in URLs, tokens, names of users in addresses, and absolute paths
    in any spelling: of these only the name of a file with a known suffix is kept.
    """
    return _of_short(value) if len(value) <= _SHORT else _clean(value)


@lru_cache(maxsize=8192)
def _of_short(value: str) -> str:
    """The same, remembered: four of five short texts of a scan are paths, names and licences that
    stood in another row.
    """
    return _clean(value)


def _clean(value: str) -> str:
    if not value:
        return value
    if not value.isprintable():
        value = _UNPRINTABLE.sub(" ", value)
    if "://" in value:
        value = _of_address(value)
    if "@" in value and ":" in value:
        value = _SSH_USER.sub("", value)
    if len(value) > 18:
        value = _SECRET.sub("<secret removed>", value)
        if any(sign in value for sign in _SIGNS):
            value = _NAMED.sub(_hide_secret, value)
        value = _ALONE.sub(_random, value)
        if "PRIVATE KEY" in value:
            value = _PRIVATE_KEY.sub("<secret removed>", value)
    if ".." in value:
        value = _ABOVE_HOME.sub(r"~\1<removed>", value)
    if "/" in value or "\\" in value:
        value = _without_paths(value)
    if "~" in value:
        value = _HOME.sub("~", value)
    return value


def _of_address(value: str) -> str:
    value = _CREDENTIALS.sub(r"\g<scheme>", value)
    value = _STORED.sub(r"\1<removed>", value)
    if "/t/" in value:
        value = _CHANNEL.sub(r"\1<removed>", value)
    return _QUERY.sub(r"\1<removed>", value) if "=" in value else value


def _hide_secret(found: re.Match[str]) -> str:
    value = found["value"]
    secret = _LETTER.search(value) and _DIGIT.search(value) and not _PLAIN.fullmatch(value)
    return f"{found['name']}<secret removed>" if secret else found[0]


def _random(found: re.Match[str]) -> str:
    word = max(re.split(r"[_.\-]", found[0]), key=len)
    if len(word) < 20:
        return found[0]
    runs = _RUN.findall(word)
    kinds = {run[0].isdigit() or (run.isupper() and "A") or "a" for run in runs}
    changes = (len(runs) - 1) / len(word)
    digits = sum(run.isdigit() for run in runs)
    random = len(kinds) == 3 and digits >= _FEWEST_DIGITS and changes >= _SHARE_OF_CHANGES
    return "<secret removed>" if random else found[0]


def _without_paths(value: str) -> str:
    if whole := _WHOLE.match(value):
        rest = value[whole.end() :]
        last = re.match(_REST, rest)
        end = last.end() if last else 0
        value = _shorten_path(value[: whole.end()] + rest[:end]) + rest[end:]
    if '"' in value or "'" in value:
        value = _QUOTED.sub(lambda m: f"{m['quote']}{_shorten_path(m[0][1:-1])}{m['quote']}", value)
    if "\\" in value or ":/" in value or "//" in value:
        value = _WINDOWS.sub(lambda m: _shorten_path(m[0]), value)
    return _POSIX.sub(lambda m: _shorten_path(m[0]), value) if "/" in value else value


def _shorten_path(path: str) -> str:
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
    return record.map_texts(item, text) if record else text(item)
