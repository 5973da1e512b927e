"""What a README says about licences: of the whole, of the code, of the weights."""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.licences.statements import section, statements
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.model.facts import SAYS_LICENCE, LicenceSaid
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "licence-sentences"
MAX_READ = 512 * 1024


def collect(file: File) -> Iterator[Row]:
    """The sentences of a README about licences, or that it has a section on them which no licence
    can be read from.
    """
    text = decode(file.head(MAX_READ))
    said = statements(text)
    first = (said[0].line, said[0].words) if said else section(text)
    if first:
        evidence = Evidence(NAME, "manifest-analysis", "medium", file.at(first[0]), first[1])
        rows = [SAYS_LICENCE(LicenceSaid(*row)) for row in said]
        yield Observation("notice", "", "", "", evidence, facts(*rows, file_kind="readme"))


COLLECTOR = get_collector(NAME)
