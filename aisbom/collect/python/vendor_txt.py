"""`vendor.txt` and `vendored.txt`: what lies in a `_vendor` folder, as a tool such as `vendoring`
or a maintainer by hand wrote it down.

The lines are requirements with an exact version. They state what was copied in, not what is needed
besides: the project contains it.
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.python import pip_lines, requirement
from aisbom.model import Evidence, Gap, Observation, Relation, Row, facts
from aisbom.source.tree import File, Unreadable

NAME = "vendor-txt"
MAX_BAD = 50


def collect(file: File) -> Iterator[Row]:
    """A requirement for every vendored distribution."""
    bad = 0
    for number, words in pip_lines.logical(file.text()):
        try:
            for said in pip_lines.read(words, file.folder):
                if not isinstance(said, requirement.ParsedRequirement) or not said.name:
                    continue
                purl = requirement.pypi(said.name, said.version)
                evidence = Evidence(NAME, "manifest-analysis", "high", file.at(number), words[:200])
                yield Observation(
                    "bom-component",
                    said.name,
                    said.version,
                    purl,
                    evidence,
                    facts(vendored=file.folder or "."),
                )
                yield Relation(requirement.project(file.folder), purl, "contains", file.at(number))
        except Unreadable as error:
            bad += 1
            if bad <= MAX_BAD:
                yield Gap(NAME, file.at(number), str(error))
    if bad > MAX_BAD:
        yield Gap(NAME, file.at(), f"{bad - MAX_BAD} more lines that are no requirements")


COLLECTOR = get_collector(NAME)
