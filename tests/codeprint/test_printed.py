"""Of a path the contents that are told apart are kept: the last one, and old ones that differ."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aisbom.codeprint.build import build
from aisbom.codeprint.container import Container
from aisbom.codeprint.corpus import Corpus
from aisbom.codeprint.corpus_arrays import join_tables
from aisbom.codeprint.derive import derive
from aisbom.codeprint.fingerprint_table import Table
from aisbom.codeprint.fingerprints import of_file
from aisbom.codeprint.index import Index
from aisbom.codeprint.plan import Place, Plan
from aisbom.codeprint.printed import Version, fingerprint_paths
from aisbom.codeprint.project import Project
from tests.codeprint.indexes import cloned
from tests.codeprint.made import sample

OLD, NEW = sample("harbour"), sample("lantern")


def kept(texts: list[str], most: int) -> list[int]:
    """The releases whose contents are kept of a path that had these, one a release."""
    versions = [Version(at, bytes([at])) for at in range(len(texts))]
    contents = {bytes([at]): text.encode() for at, text in enumerate(texts)}
    return sorted(one.release for one in fingerprint_paths([(0, "a.py", versions)], contents, most))


def test_the_last_content_and_the_one_that_differs_most_are_kept() -> None:
    slightly = NEW.replace("self.scale", "self.factor", 1)
    assert kept([OLD, slightly, NEW], 3) == [0, 2]
    assert kept([OLD, slightly, NEW], 1) == [2]
    assert kept([OLD, sample("pieces"), slightly, NEW], 2) in ([0, 3], [1, 3])
    assert kept(["x = 1\n", NEW], 3) == [1]


@given(st.lists(st.sampled_from([OLD, NEW, sample("pieces"), "x = 1\n"]), max_size=5))
def test_no_content_is_kept_twice_and_the_last_one_with_fingerprints_always_is(
    texts: list[str],
) -> None:
    found = kept(texts, 3)
    assert len({texts[at] for at in found}) == len(found) <= 3
    with_prints = [at for at, text in enumerate(texts) if of_file("a.py", text.encode())]
    assert not with_prints or with_prints[-1] in found


def index(tmp_path: Path) -> Index:
    place = Place(
        cloned(tmp_path / "alpha", {"v1.0": {"src/a.py": OLD}, "v2.0": {"src/a.py": NEW}})
    )
    data = build([place], Plan("alpha", "pkg:pypi/alpha", licence="MIT")).data
    return Index((Project(Container(data)),))


def test_a_copy_of_an_early_content_is_found_with_the_day_of_that_content(tmp_path: Path) -> None:
    known = index(tmp_path)
    releases = {release.version: release.date for release in known.projects[0].releases}
    for text, version in ((OLD, "1.0"), (NEW, "2.0")):
        prints = of_file("mine.py", text.encode())
        assert prints is not None
        found = derive(prints, known)
        assert found is not None
        [member] = found.members
        assert (member.path, member.containment) == ("src/a.py", 1.0)
        assert member.by == releases[version]


def test_several_contents_of_a_path_are_one_path_where_paths_are_counted(tmp_path: Path) -> None:
    both = OLD + "\n\n" + NEW
    place = Place(cloned(tmp_path / "alpha", {"v1.0": {"a.py": both}, "v2.0": {"a.py": NEW}}))
    data = build([place], Plan("alpha", "pkg:pypi/alpha", licence="MIT")).data
    packed = Container(data)
    table = Table({name: packed.array(name) for name in packed.arrays()})
    prints = of_file("mine.py", NEW.encode())
    assert prints is not None
    same = Corpus(join_tables([table])).evidence(prints).same
    assert len(table.of) == 2
    assert set(same.paths.tolist()) == {1}
