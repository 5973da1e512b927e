"""What a text file is, by content: its git blob identity and, where no release of the reference index holds it, what it is made from.

The index is a table of digests (`codeprint/`); which organisation is behind a project it names is for later stages.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from aisbom.codeprint import identity
from aisbom.codeprint import index as indexes
from aisbom.codeprint.derive import Derived, Member, derive
from aisbom.codeprint.prints import of_file
from aisbom.collect.collector import Collector
from aisbom.model import Evidence, Gap, Observation, Row
from aisbom.walk import File

NAME = "lineage"
MAX_READ = 1024 * 1024
MAX_MEMBERS = 6
MAX_FUNCTIONS = 12

_SUFFIXES = (
    "py", "pyi", "pyx", "pxd", "c", "cc", "cpp", "cxx", "h", "hpp", "hh", "cu", "cuh", "inl", "metal", "rs", "go", "java", "js", "mjs",
    "jsx", "ts", "tsx", "sh", "proto", "cmake", "toml", "cfg", "ini", "yaml", "yml", "json", "jinja", "jinja2", "txt", "md", "rst",
    "ipynb",
)  # fmt: skip


@cache
def index() -> indexes.Index:
    """The reference index, opened once a process."""
    return indexes.load()[0]


def _collect(file: File) -> Iterator[Row]:
    if file.size > MAX_READ:
        yield Gap(NAME, file.at(), f"larger than {MAX_READ:,} bytes: not compared with the reference index")
        return
    if not file.size:
        return
    data = file.read(MAX_READ)
    blob = identity.blob(data)
    pairs: list[tuple[str, str]] = []
    if not index().holds(blob) and b"\r\n" in data and index().holds(unix := identity.blob(data.replace(b"\r\n", b"\n"))):
        # A checkout may have changed the line ends; the content is the release's.
        blob = unix
        pairs.append(("line-ends", "crlf"))
    pairs.append(("blob", blob.hex()))
    evidence = Evidence(NAME, "hash-comparison", "high", file.at(), f"swh:1:cnt:{blob.hex()}")
    if not index().holds(blob):
        prints = of_file(file.path, data)
        if prints is not None:
            pairs.append(("examined", "yes"))
            found = derive(prints, index())
            if found is not None and found.basis != "identical":
                pairs += _told(found)
                at = min((f.line for m in found.members for f in m.functions), default=0)
                evidence = Evidence(NAME, "ast-fingerprint", "medium", file.at(at), _words(found))
    yield Observation("content", file.name, "", "", evidence, tuple(sorted(dict.fromkeys(pairs), key=lambda pair: pair[0])))


def _told(found: Derived) -> Iterator[tuple[str, str]]:
    """The comparison as facts; `member` is `project#path containment weighted`, best first."""
    yield "lineage", found.basis
    yield "percentile", f"{found.percentile:.4f}"
    yield "tokens", str(found.tokens)
    for number, member in enumerate(found.members[:MAX_MEMBERS]):
        yield "member", f"{number} {member.project}#{member.path} {member.containment:.2f} {member.weighted:.2f}"
        for f in member.functions[:MAX_FUNCTIONS]:
            yield "function", f"{number} {f.line}-{f.end} {f.name} = {f.their_path}:{f.their_line} {f.their_name}"
        yield from (("their-holder", f"{number} {holder}") for holder in _notice(member)[0])
        if spdx := _notice(member)[1]:
            yield "their-spdx", f"{number} {spdx}"
    yield from (("order", words) for words in found.order)


def _notice(member: Member) -> tuple[tuple[str, ...], str]:
    """(holders, SPDX tag) of the header of the file that this one agrees with."""
    return index().notice(member.project, member.path)


def _words(found: Derived) -> str:
    first = found.members[0]
    shared = f", {len(first.functions)} identical rare functions" if first.functions else ""
    return f"{first.containment:.0%} of its fingerprints are in {first.project}#{first.path}{shared}"[:200]


def _patterns() -> tuple[str, ...]:
    return (*(f"*.{suffix}" for suffix in _SUFFIXES), "LICENSE*", "NOTICE*", "COPYING*", "Makefile", "Dockerfile", "CMakeLists.txt")


COLLECTOR = Collector(NAME, int(indexes.digest()[:8], 16), _patterns(), _collect)
