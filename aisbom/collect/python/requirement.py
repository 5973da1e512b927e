"""One declared requirement of a Python package: from the words of a manifest (PEP 508, older forms,
URLs, paths) to rows.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote, unquote

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename

from aisbom.collect.python.package_origin import add_qualifier
from aisbom.model import (
    Confidence,
    Evidence,
    Gap,
    Location,
    Observation,
    Relation,
    Row,
    Technique,
    facts,
)
from aisbom.source.faults import fault, length
from aisbom.source.tree import Unreadable

MAX_LENGTH = 10_000
"""A longer requirement is refused: nothing that a person or a tool writes comes near it."""

Pairs = tuple[tuple[str, str], ...]

_LOOSE = re.compile(
    r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\[\]]*)\])?\s*(.*)", re.DOTALL
)
# What may follow a name; one `=` is conda's, and stands before a version or is an assignment.
_CLAUSES = re.compile(r"$|[(@;]|[<>]|[=!~]=|=\s*[0-9*]")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_EXACT = re.compile(r"===?\s*([^\s,;*=<>!~]+)")
_VCS = re.compile(r"(?:git|hg|svn|bzr)\+[A-Za-z]+:", re.IGNORECASE)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|file:", re.IGNORECASE)
_HOSTED = re.compile(
    r"[a-z+]+:/*(?:[^/@]*@)?(?:www\.)?(github|gitlab|bitbucket)\.(?:com|org)[/:]([^/@#?]+)/([^/@#?]+)",
    re.IGNORECASE,
)
_DIGEST = re.compile(r"(sha\d{3}|md5)=([0-9a-fA-F]+)")
_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar")


@dataclass(frozen=True, slots=True)
class ParsedRequirement:
    """What one requirement asks for. `version` only for an exact pin; `trouble` says in one line
    what could not be understood.

    `purl` is empty for a package of PyPI (it follows from the name); `folder` is set for a local
    project without a name.
    """

    name: str
    version: str = ""
    specifier: str = ""
    marker: str = ""
    extras: tuple[str, ...] = ()
    facts: Pairs = ()
    confidence: Confidence = "high"
    purl: str = ""
    folder: str | None = None
    trouble: str = ""

    def having(self, *pairs: tuple[str, str]) -> ParsedRequirement:
        """The same with more facts."""
        return replace(self, facts=(*self.facts, *pairs))


@lru_cache(maxsize=8192)
def pypi(name: str, version: str = "") -> str:
    """The purl of a package of the PyPI ecosystem: name by PEP 503, version percent-encoded."""
    base = f"pkg:pypi/{quote(canonicalize_name(name), safe='-._~', errors='replace')}"
    return base + (f"@{quote(version, safe='-._~:', errors='replace')}" if version else "")


def is_name(text: str) -> bool:
    """Whether this may be the name of a Python distribution (the core metadata specification, field
    Name).
    """
    return len(text) <= 300 and bool(_NAME.fullmatch(text))


def project(folder: str) -> str:
    """The key of the source project in a folder, for the ends of relations."""
    return f"project:{folder}"


def inside(folder: str, relative: str) -> str | None:
    """`relative` to `folder` as a path of the tree (`""` the root); None for what is absolute or
    lies outside.
    """
    relative = relative.replace("\\", "/")
    if relative.startswith(("/", "~")) or re.match(r"[A-Za-z]:", relative):
        return None
    path = posixpath.normpath(posixpath.join(folder, relative))
    if path == ".." or path.startswith("../"):
        return None
    return "" if path == "." else path


def relative(folder: str, text: str) -> str:
    """A path as a fact: in the tree's terms where it lies in the tree, as written where it leaves
    it, `""` if absolute.
    """
    path = inside(folder, text)
    if path is not None:
        return path or "."
    text = text.replace("\\", "/")
    return (
        ""
        if text.startswith(("/", "~")) or re.match(r"[A-Za-z]:", text)
        else posixpath.normpath(text)
    )


@lru_cache(maxsize=4096)
def read(text: str, folder: str = "") -> ParsedRequirement:
    """The requirement in `text`; `folder` is where relative paths start.

    A name, extras and markers by PEP 508; a specifier that PEP 440 refuses is kept as written, with
    low confidence and a `trouble`. Raises Unreadable where not even the name is clear.
    """
    text = text.strip()
    if "\0" in text:
        raise Unreadable("a null byte in a requirement")
    if len(text) > MAX_LENGTH or text.count("(") > 64:
        raise Unreadable("a requirement too long or too nested to be one")
    if is_direct(text):
        return direct(text, folder)
    try:
        parsed = Requirement(text)
    except ValueError as error:
        return _loosely(text, folder, str(error))
    marker = str(parsed.marker) if parsed.marker else ""
    extras = tuple(sorted(parsed.extras))
    if parsed.url:
        return replace(
            _add_location(ParsedRequirement(parsed.name), parsed.url, folder),
            marker=marker,
            extras=extras,
        )
    return ParsedRequirement(
        parsed.name, get_pinned_version(parsed.specifier), str(parsed.specifier), marker, extras
    )


def get_pinned_version(specifiers: SpecifierSet) -> str:
    """The one version that an exact clause names, `""` for a range or for clauses that contradict
    each other.
    """
    exact = {
        s.version
        for s in specifiers
        if s.operator == "===" or (s.operator == "==" and not s.version.endswith(".*"))
    }
    if len(exact) != 1:
        return ""
    version = next(iter(exact))
    if len(specifiers) == 1:
        return version
    try:
        return version if specifiers.contains(version, prereleases=True) else ""
    except ValueError:
        return ""


def _loosely(text: str, folder: str, reason: str) -> ParsedRequirement:
    """What an older tool took: a clear name before something that PEP 508 refuses."""
    found = _LOOSE.fullmatch(text)
    if not found or not _CLAUSES.match(found[3]):
        raise Unreadable(f"not a requirement ({length(text)})")
    name, extras, rest = (
        found[1],
        tuple(sorted({e.strip() for e in (found[2] or "").split(",") if e.strip()})),
        found[3],
    )
    if rest.startswith("@"):
        return replace(
            _add_location(ParsedRequirement(name), rest[1:].strip(), folder),
            extras=extras,
            confidence="low",
            trouble=_first(reason),
        )
    raw, _, marker = rest.partition(";")
    raw = raw.strip().removeprefix("(").removesuffix(")").strip()
    try:
        # The specifier may be fine and the marker at fault.
        good = SpecifierSet(raw)
        version, specifier = get_pinned_version(good), str(good)
    except ValueError:
        exact = _EXACT.fullmatch(raw)
        version, specifier = exact[1] if exact and "${" not in raw else "", raw
    return ParsedRequirement(
        name,
        version,
        specifier,
        marker.strip(),
        extras,
        confidence="low",
        trouble=f"{_first(reason)} ({length(text)})",
    )


def is_direct(text: str) -> bool:
    """Whether a requirement starts with a URL or a path instead of a name."""
    if _VCS.match(text) or _URL.match(text):
        return True
    first = re.split(r"\s|\[", text, maxsplit=1)[0]
    if "@" in first and not first.startswith((".", "/")):
        return False
    return (
        first.startswith((".", "/", "~/"))
        or "/" in first
        or "\\" in first
        or first.lower().endswith(_ARCHIVES)
    )


def direct(text: str, folder: str, editable: bool = False) -> ParsedRequirement:
    """A requirement that is a URL or a path: the name comes from `#egg=`, from a wheel's or sdist's
    file name, or stays open.

    Raises Unreadable where there is no name and no folder of the tree either.
    """
    address, marker = (part.strip() for part in re.split(r"\s;|;\s|$", text, maxsplit=1)[:2])
    extras: tuple[str, ...] = ()
    if bracketed := re.fullmatch(r"([^\[\]]+)\[([^\[\]]*)\]", address):
        address, extras = (
            bracketed[1].strip(),
            tuple(sorted({e.strip() for e in bracketed[2].split(",") if e.strip()})),
        )
    if re.search(r"\s", address) and _URL.match(address):
        raise Unreadable(f"not a requirement ({length(text)})")
    egg = re.search(r"[#&]egg=([^&]+)", address)
    asked = ParsedRequirement("")
    if egg:
        named = _LOOSE.match(unquote(egg[1]))
        if named:
            asked = ParsedRequirement(named[1])
            extras = extras or tuple(
                sorted({e.strip() for e in (named[2] or "").split(",") if e.strip()})
            )
    asked = replace(_add_location(asked, address, folder), marker=marker, extras=extras)
    if editable:
        asked = asked.having(("editable", "yes"))
    if asked.name or asked.folder is not None:
        return asked
    return _nameless(asked, address)


def _add_location(asked: ParsedRequirement, address: str, folder: str) -> ParsedRequirement:
    """`asked` with what its URL or path says: where it is, its digest, and the version of a wheel
    or sdist.
    """
    base, _, fragment = address.partition("#")
    pairs = [
        ("subdirectory", part[13:])
        for part in fragment.split("&")
        if part.startswith("subdirectory=")
    ]
    pairs += [
        ("hash", f"{kind.lower()}:{value.lower()}") for kind, value in _DIGEST.findall(fragment)
    ]
    if _VCS.match(base) or base.startswith("git@"):
        return asked.having(("vcs-url", base), *pairs)
    path: str | None = None
    if not _URL.match(base) or base[:5].lower() == "file:":
        raw = unquote(base[5:]) if base[:5].lower() == "file:" else base
        raw = (
            raw
            if not raw.startswith("///") and not raw.startswith("//")
            else raw[2:].replace("localhost/", "/", 1)
        )
        # Tools write their own root into a file URL; what it stands for is the folder of the
        # manifest.
        raw = re.sub(r"^/?\$\{(?:PROJECT_ROOT|PWD)\}/?", "./", raw)
        path = inside(folder, raw)
        pairs += [("path", relative(folder, raw)), ("local", "yes")]
        base = raw
    else:
        pairs.append(("url", base))
    name, version = parse_file_name(base.rpartition("/")[2])
    if name and (not asked.name or canonicalize_name(asked.name) == canonicalize_name(name)):
        asked = replace(
            asked,
            name=asked.name or name,
            version=version,
            confidence="high" if asked.name else "medium",
        )
    elif not asked.name and path is not None and not base.lower().endswith(_ARCHIVES):
        asked = replace(asked, folder=path)
    return asked.having(*pairs)


def parse_file_name(name: str) -> tuple[str, str]:
    """Name and version in the file name of a wheel or sdist, or two empty strings."""
    name = unquote(name.partition("?")[0])
    try:
        if name.endswith(".whl"):
            wheel = parse_wheel_filename(name)
            return wheel[0], str(wheel[1])
        if name.endswith((".tar.gz", ".zip")):
            sdist = parse_sdist_filename(name)
            return sdist[0], str(sdist[1])
    except ValueError:
        pass
    return "", ""


def _nameless(asked: ParsedRequirement, address: str) -> ParsedRequirement:
    """A repository or an archive whose package name nobody states: called by its place, never by a
    guessed name of PyPI.
    """
    if hosted := _HOSTED.match(address):
        kind, owner, repository = hosted[1].lower(), hosted[2], hosted[3].removesuffix(".git")
        commit = re.search(r"@([0-9a-f]{40})\b", address)
        place = "/".join(quote(part.lower(), safe="-._~") for part in (owner, repository))
        purl = f"pkg:{kind}/{place}" + (f"@{commit[1]}" if commit else "")
        return replace(
            asked,
            name=repository,
            version=commit[1] if commit else "",
            purl=purl,
            confidence="medium",
        )
    last = (
        re.split(r"[#?]", address, maxsplit=1)[0]
        .rstrip("/")
        .rpartition("/")[2]
        .partition("@")[0]
        .removesuffix(".git")
    )
    if not last or not (
        _VCS.match(address) or _URL.match(address) or last.lower().endswith(_ARCHIVES)
    ):
        raise Unreadable("a path that is absolute or outside of the tree: not looked at")
    return replace(
        asked, name=last, purl=f"pkg:generic/{quote(last, safe='-._~')}", confidence="low"
    )


def rows(  # noqa: PLR0913
    asked: ParsedRequirement,
    by: str,
    at: Location,
    excerpt: str,
    groups: Iterable[str],
    *,
    technique: Technique = "manifest-analysis",
) -> Iterator[Row]:
    """The rows of one requirement of the project in the folder of `at`: observation, relation, and
    a gap for what is unclear.

    In the group `constraint` it asks for nothing, so there is no relation.
    """
    groups = tuple(groups)
    if asked.trouble:
        yield Gap(by, at, asked.trouble)
    asks: Pairs = (
        ("specifier", asked.specifier),
        ("marker", asked.marker),
        *(("extra", extra) for extra in asked.extras),
        *(("group", group) for group in groups),
    )
    owner = project(at.folder)
    if asked.folder is not None:
        if project(asked.folder) != owner:
            yield Relation(owner, project(asked.folder), "depends-on", at, facts(*asks))
        return
    purl = asked.purl or add_qualifier(pypi(asked.name, asked.version), asked.facts)
    evidence = Evidence(by, technique, asked.confidence, at, excerpt)
    yield Observation(
        "requirement", asked.name, asked.version, purl, evidence, facts(*asks, *asked.facts)
    )
    if "constraint" not in groups:
        yield Relation(owner, purl, "depends-on", at, facts(*asks))


def read_requirement(  # noqa: PLR0913
    text: str,
    by: str,
    at: Location,
    excerpt: str,
    groups: Iterable[str],
    *,
    technique: Technique = "manifest-analysis",
    more: Pairs = (),
) -> Iterator[Row]:
    """`rows` of the requirement in `text`; a gap where it is none."""
    try:
        asked = read(text, at.folder)
    except Unreadable as error:
        yield Gap(by, at, str(error))
        return
    yield from rows(asked.having(*more), by, at, excerpt, groups, technique=technique)


def _first(reason: str) -> str:
    return fault(reason.strip().split("\n")[0])
