"""Whether later versions of a GNU licence are admitted."""

from __future__ import annotations

import pytest

from aisbom.merge.notices import admit_later
from aisbom.model import Component, Evidence, Location, Observation, facts
from aisbom.model.facts import ANNOTATION, STATES_LICENCE, Annotation, LicenceAt


def seen(kind: str, path: str, *pairs: tuple[str, str], **named: str) -> Observation:
    evidence = Evidence("t", "manifest-analysis", "high", Location(path))
    return Observation(kind, path.rpartition("/")[2], "", "", evidence, facts(*pairs, **named))


LICENCE = seen("notice", "LICENSE", ("file-kind", "licence"), ("licence-guess", "AGPL-3.0"))


def concluded(*rows: Observation, licence: Observation = LICENCE) -> str:
    (one,) = admit_later([Component("r", "application", "r", "", "", (licence,))], rows)
    return one.observations[0].fact("licence-guess")


def tagged(path: str, value: str) -> Observation:
    return seen("source", path, spdx=value)


def test_tags_headers_and_tables_admit_later_versions() -> None:
    header = seen("source", "a.py", STATES_LICENCE(LicenceAt(3, "AGPL-3.0-or-later", "header")))
    table = seen("notice", "REUSE.toml", ANNOTATION(Annotation(1, "**", "AGPL-3.0-or-later", 4)))
    for row in (tagged("a.py", "AGPL-3.0-or-later"), tagged("a.py", "AGPL-3.0+"), header, table):
        assert concluded(row) == "AGPL-3.0-or-later"


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (tagged("a.py", "AGPL-3.0-only"),),
        (tagged("a.py", "AGPL-3.0-or-later"), tagged("b.py", "AGPL-3.0-only")),
        (tagged("a.py", "GPL-3.0-or-later"),),
        (tagged("third_party/a.py", "AGPL-3.0-or-later"),),
    ],
)
def test_nothing_else_admits_them(rows: tuple[Observation, ...]) -> None:
    assert concluded(*rows) == "AGPL-3.0"


def test_a_licence_speaks_for_the_files_below_it() -> None:
    inner = seen("notice", "a/LICENSE", ("licence-guess", "GPL-2.0"))
    row = tagged("b/x.py", "GPL-2.0-or-later")
    assert concluded(row, licence=inner) == "GPL-2.0"
    texts = seen("notice", "LICENSES/GPL-2.0.txt", ("licence-guess", "GPL-2.0"))
    assert concluded(row, licence=texts) == "GPL-2.0-or-later"


def test_other_licences_stay() -> None:
    licence = seen("notice", "LICENSE", ("licence-guess", "MIT"))
    assert concluded(tagged("a.py", "GPL-2.0-or-later"), licence=licence) == "MIT"
