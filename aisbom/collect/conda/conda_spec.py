"""Conda's words for a package: match specifications, URLs of package files, and the purl of both.

Sources: conda's documentation, "Package match specifications"; the purl specification, type
`conda`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote

from aisbom.collect.python.requirement import ParsedRequirement
from aisbom.source.faults import length
from aisbom.source.tree import Unreadable

_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?")
_SPEC = re.compile(
    r"(?:(?P<channel>[^\s\[\]=<>!~]+?)(?:::?(?P<namespace>[^\s:]*):|::))?(?P<name>[A-Za-z0-9_.*-]+?)\s*(?P<rest>(?:[\s=<>!~\[].*)?)"
)
_RIGHT = re.compile(r"[A-Za-z]")
_WRONG = re.compile(r"::|^\s+[^\s<>=!~,|]+\s+[^\s<>=!~,|]+\s+\S")
_BRACKET = re.compile(
    r"""(?<![A-Za-z_0-9])([A-Za-z_0-9]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^,\s"']+))"""
)
_FILE = re.compile(r"(?P<name>.+)-(?P<version>[^-]+)-(?P<build>[^-]+)\.(?:conda|tar\.bz2)")
_PLAIN = re.compile(r"[A-Za-z0-9_.!+-]+")
_SUBDIR = re.compile(r"(?:linux|osx|win|emscripten|wasi|freebsd|zos)-[a-z0-9_]+|noarch")
_TOKEN = re.compile(r"/t/[^/]+(?=/)")


@lru_cache(maxsize=8192)
def conda(
    name: str, version: str = "", build: str = "", channel: str = "", subdir: str = ""
) -> str:
    """The purl of a conda package; `channel` by its name."""
    text = f"pkg:conda/{quote(name.lower(), safe='-._~')}" + (
        f"@{quote(version, safe='-._~:')}" if version else ""
    )
    qualifiers = [
        f"{key}={quote(value, safe='-._~')}"
        for key, value in (("build", build), ("channel", channel), ("subdir", subdir))
        if value
    ]
    return text + (f"?{'&'.join(qualifiers)}" if qualifiers else "")


def without_token(url: str) -> str:
    """A channel URL without the access token that conda puts into its path."""
    return _TOKEN.sub("", url)


def channel_name(url: str) -> str:
    """`conda-forge` for https://conda.anaconda.org/conda-forge; what is no URL is a name already.
    No credentials survive.
    """
    url = without_token(url.strip().rstrip("/") + "/").rstrip("/")
    if "://" in url:
        url = url.partition("://")[2].partition("/")[2]
    parts = [part for part in re.split(r"[/\\]", url) if part]
    if len(parts) > 1 and _SUBDIR.fullmatch(parts[-1]):
        parts.pop()
    return parts[-1] if parts else ""


def from_url(url: str) -> tuple[str, str, str, str, str] | None:
    """(name, version, build, channel, subdir) of the URL of a package file; None if it is
    not one.
    """
    path = re.split(r"[?#]", url[:4000], maxsplit=1)[0]
    folder, _, file = path.rpartition("/")
    found = _FILE.fullmatch(unquote(file))
    if not found:
        return None
    subdir = folder.rpartition("/")[2]
    known = bool(_SUBDIR.fullmatch(subdir))
    return (
        found["name"],
        found["version"],
        found["build"],
        channel_name(folder) if known and "://" in folder else "",
        subdir if known else "",
    )


@lru_cache(maxsize=8192)
def read(text: str) -> ParsedRequirement:
    """A match specification. `=1.2` is a range; `==1.2`, `1.2` after a space, and `=1.2=build` are
    exact. Raises Unreadable.
    """
    text = text if len(text) > 2000 else re.sub(r"\s#.*$", "", text).strip()
    if "\0" in text or len(text) > 2000:
        raise Unreadable("a conda dependency with a null byte, or too long to be one")
    if re.match(r"(?:https?|file)://", text):
        parts = from_url(text)
        if not parts:
            raise Unreadable(f"not a conda package ({length(text)})")
        name, version, build, channel, subdir = parts
        return ParsedRequirement(
            name,
            version,
            facts=(("url", without_token(text)), ("build", build)),
            purl=conda(name, version, build, channel, subdir),
        )
    found = _SPEC.fullmatch(text)
    if (
        not found
        or not _NAME.fullmatch(found["name"])
        or not _RIGHT.search(found["name"])
        or _WRONG.search(found["rest"])
    ):
        raise Unreadable(f"not a conda dependency ({length(text)})")
    name, rest = found["name"], found["rest"].strip()
    keys: dict[str, str] = {}
    if bracket := re.search(r"\[([^\[\]]*)\]$", rest):
        keys = {
            key: next((v for v in values if v), "") for key, *values in _BRACKET.findall(bracket[1])
        }
        rest = rest[: bracket.start()].strip()
    specifier, version, build = parse_version_spec(rest)
    if "version" in keys:
        specifier, version, _ = parse_version_spec(keys["version"])
    if not version and specifier and keys.get("build") and re.fullmatch(r"=[\d.]+", specifier):
        version = ""  # brackets keep `=1.2` a range
    build = keys.get("build", build)
    channel, subdir = found["channel"] or keys.get("channel", ""), keys.get("subdir", "")
    shown = channel_name(channel) if channel else ""
    last = channel.rstrip("/").rpartition("/")[2]
    if not subdir and _SUBDIR.fullmatch(last):
        subdir = last
    plain = build if _PLAIN.fullmatch(build) else ""
    facts = (
        ("build", build),
        ("channel", shown),
        ("hash", f"sha256:{keys['sha256']}" if "sha256" in keys else ""),
    )
    return ParsedRequirement(
        name, version, specifier, facts=facts, purl=conda(name, version, plain, shown, subdir)
    )


def parse_version_spec(text: str) -> tuple[str, str, str]:
    """(specifier as written, exact version or `""`, build or `""`) of what follows the name."""
    text = text.strip()
    if not text or text == "*":
        return "", "", ""
    if text[0] not in "=<>!~":
        return _bare(text)
    if text.startswith("="):
        return _equal(text)
    if re.fullmatch(r"[^\s]+\s+[A-Za-z0-9_*]+", text):
        specifier, _, build = text.partition(" ")
        return specifier, "", build.strip()
    return text, "", ""


def _bare(text: str) -> tuple[str, str, str]:
    """`1.2 build`, `1.2=build` or `1.2`: exact, as in `conda list --export` and recipes."""
    if re.search(r"[,|<>!~]", text):
        return text, "", ""
    version, _, build = re.sub(r"\s+|=", " ", text, count=1).partition(" ")
    exact = _exact(version)
    return f"=={version}" if exact else version, version if exact else "", build.strip()


def _equal(text: str) -> tuple[str, str, str]:
    """`==1.2` and `=1.2=build` are exact, `=1.2` admits what begins so."""
    double = text.startswith("==")
    version, several, build = text[2 if double else 1 :].strip().partition("=")
    version = version.strip()
    if _exact(version) and (double or several):
        return f"=={version}", version, build.strip()
    if double or not several:
        return text, "", "" if double else build.strip()
    return f"={version}", "", build.strip()


def _exact(version: str) -> bool:
    return bool(_PLAIN.fullmatch(version))
