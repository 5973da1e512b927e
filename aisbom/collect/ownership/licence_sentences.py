"""What a README says about licences: of the whole, of the code, of the weights."""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import registered
from aisbom.licences.statements import statements
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.model.facts import SAYS_LICENCE, LicenceSaid
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "licence-sentences"
MAX_READ = 512 * 1024


def collect(file: File) -> Iterator[Row]:
    """The sentences of a README about licences."""
    said = statements(decode(file.head(MAX_READ)))
    if said:
        at = file.at(said[0].line)
        evidence = Evidence(NAME, "manifest-analysis", "medium", at, said[0].words)
        rows = [SAYS_LICENCE(LicenceSaid(*row)) for row in said]
        yield Observation("notice", "", "", "", evidence, facts(*rows, file_kind="readme"))


COLLECTOR = registered(NAME)
