from __future__ import annotations

import pytest

from aisbom.bom.parts import part
from aisbom.emit.cyclonedx.component import write_component
from aisbom.model import Component, Evidence, Location, Observation, facts

SHA = tuple(f"sha256:{digit * 64}" for digit in "ab")


@pytest.mark.parametrize(
    ("purl", "url"),
    [
        ("pkg:pypi/x@1.0", "https://pypi.org/project/x/"),
        ("pkg:conda/x@1.0?subdir=linux-64", "pkg:conda/x@1.0?subdir=linux-64"),
        ("pkg:conan/x@1.0", "pkg:conan/x@1.0"),
    ],
)
def test_digests_of_several_files_are_kept_in_every_ecosystem(purl: str, url: str) -> None:
    """None of them is the component's own, for only one of the files is used."""
    seen = Evidence("lock", "manifest-analysis", "high", Location("x.lock", 3))
    pairs = facts(*(("hash", digest) for digest in SHA))
    locked = Observation("locked", "x", "1.0", purl, seen, pairs)
    found = part(Component(purl, "library", "x", "1.0", purl, (locked,)), {}, {})
    row = write_component(found, frozenset())
    assert "hashes" not in row
    (reference,) = [r for r in row["externalReferences"] if "hashes" in r]
    assert (reference["type"], reference["url"]) == ("distribution", url)
    assert [f"sha256:{h['content']}" for h in reference["hashes"]] == list(SHA)
