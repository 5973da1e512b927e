"""What the REUSE specification (version 3.3) puts beside files besides REUSE.toml: `.license` files
and `.reuse/dep5`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.licences import copyright_lines
from aisbom.licences.comments import marks
from aisbom.model import Evidence, Facts, Location, Observation, Row
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "reuse-notes"
MAX_READ = 1024 * 1024

_SPDX = re.compile(r"SPDX-License-Identifier:\s*([A-Za-z0-9.+\-() ]+)")


def _sidecar(file: File) -> Iterator[Row]:
    """`model.bin.license` speaks for `model.bin`."""
    holders, licences, at, words = [], [], 0, ""
    for number, raw in enumerate(decode(file.head(64 * 1024)).split("\n"), 1):
        line = raw[marks(raw) :].strip()
        name, tag = copyright_lines.holder(line), _SPDX.match(line)
        if name:
            holders.append(name)
        if tag:
            licences.append(tag[1].strip())
        if (name or tag) and not at:
            at, words = number, line[:200]
    if at:
        yield _observe_note(
            file.name.removesuffix(".license"), file.at(at), words, holders, licences
        )


def _dep5(file: File) -> Iterator[Row]:
    """The older form: paragraphs of `Files:`, `Copyright:` and `License:`."""
    paths: list[str] = []
    fields: dict[str, list[str]] = {}
    at = 0
    key = ""
    for number, line in enumerate([*decode(file.read(MAX_READ)).split("\n"), ""], 1):
        if not line.strip():
            for path in paths:
                holders = [
                    name
                    for text in fields.get("copyright", ())
                    if (name := copyright_lines.holder(f"Copyright {text}"))
                ]
                licences = [text.split("\n")[0] for text in fields.get("license", ())[:1]]
                yield _observe_note(
                    path,
                    file.at(at),
                    f"{path}: {', '.join([*holders, *licences])}"[:200],
                    holders,
                    licences,
                )
            paths, fields, key = [], {}, ""
            continue
        if not line[0].isspace() and ":" in line:
            key, _, value = line.partition(":")
            key = key.strip().lower()
        else:
            value = line
        if key == "files":
            at = at if paths else number
            paths += value.split()
        elif key and value.strip():
            fields.setdefault(key, []).append(value.strip())


def _observe_note(
    name: str, at: Location, words: str, holders: list[str], licences: list[str]
) -> Observation:
    """What is said of the file or files `name`; their own content is for others to read."""
    pairs = [("copyright-holder", holder) for holder in holders] + [
        ("spdx", licence) for licence in licences if licence
    ]
    told: Facts = tuple(
        sorted(dict.fromkeys([("file-kind", "reuse-note"), *pairs]), key=lambda pair: pair[0])
    )
    return Observation(
        "notice", name, "", "", Evidence(NAME, "manifest-analysis", "high", at, words), told
    )


def collect(file: File) -> Iterator[Row]:
    """The licences and holders of a `.license` file or of a dep5 list."""
    if file.name.endswith(".license"):
        yield from _sidecar(file)
    else:
        yield from _dep5(file)


COLLECTOR = get_collector(NAME)
