"""One file against an index: family or donor, with the order only where the file says it; and
silence.
"""

from __future__ import annotations

import numpy as np
import pytest

from aisbom.codeprint import candidates, days, null
from aisbom.codeprint.build import build
from aisbom.codeprint.container import Container
from aisbom.codeprint.derive import derive
from aisbom.codeprint.fingerprints import of_file
from aisbom.codeprint.plan import Place, Plan
from aisbom.codeprint.project import Project
from tests.codeprint import indexes as dated
from tests.codeprint import mutate
from tests.codeprint.indexes import code
from tests.codeprint.made import index, project, sample

PATH = "src/lantern/models/lantern.py"


@pytest.fixture(scope="module")
def known():
    others = {f"src/other/{name}.py": sample(name) for name in ("harbour", "settings", "pieces")}
    return index(
        project("lantern", {PATH: sample("lantern")}, ("Lantern Works Ltd",)),
        project("other", others, ("Other Institute",)),
    )


def of(text, known, name="entry.py"):
    return derive(of_file(name, text.encode()), known)


@pytest.mark.parametrize(
    ("change", "basis"),
    [
        (lambda text: text, "identical"),
        (mutate.without_header, "identical"),
        (mutate.halved, "derived"),
        (lambda text: mutate.without_header(mutate.halved(text)), "family"),
        (lambda text: mutate.without_header(mutate.reordered(text)), "family"),
        (mutate.unparsed, "family"),
        (lambda text: mutate.with_header(mutate.halved(text), "Beacon Systems Inc."), "family"),
        (lambda text: mutate.without_header(mutate.renamed(text)), "family"),
    ],
    ids=[
        "same",
        "header removed",
        "half, header kept",
        "half",
        "reordered",
        "unparsed",
        "header replaced",
        "renamed",
    ],
)
def test_copies_are_found_and_a_donor_named_only_with_order(known, change, basis):
    found = of(change(sample("lantern")), known)
    assert found is not None
    assert found.basis == basis
    assert (found.members[0].project, found.members[0].path) == ("pkg:pypi/lantern", PATH)
    assert found.percentile > 99.9
    assert (basis == "derived") == bool(found.order and basis != "identical")
    if basis == "derived":
        assert [(sign.line, sign.kind, sign.sentence) for sign in found.order] == [
            (1, "notice", "line 1 keeps the notice of Lantern Works Ltd, a holder of lantern")
        ]


def test_functions_carry_lines_of_both_sides(known):
    text = "# another head\n\n" + mutate.without_header(mutate.halved(sample("lantern")))
    (function,) = [
        one for one in of(text, known).members[0].functions if one.name == "rotate_lantern_part"
    ]
    assert text.split("\n")[function.line - 1].startswith("def rotate_lantern_part")
    assert (
        sample("lantern").split("\n")[function.their_line - 1].startswith("def rotate_lantern_part")
    )
    assert (function.their_name, function.their_path) == ("rotate_lantern_part", PATH)


def test_a_few_classes_in_a_file_of_ones_own(known):
    text = sample("lantern")
    start, end = text.index("class LanternNorm"), text.index("class LanternMLP")
    found = of(
        sample("harbour") + "\n\n" + text[start:end],
        index(known.projects[0], project("else", {"a.py": sample("pieces")})),
    )
    assert found is not None
    assert {one.name for one in found.members[0].functions} >= {"__init__", "forward"}


@pytest.mark.parametrize("name", ["harbour", "settings", "pieces"])
def test_unrelated_files_are_silent(known, name):
    assert of(sample(name), index(known.projects[0])) is None


def test_an_adapted_comment_names_the_donor(known):
    text = (
        "# Adapted from"
        " https://github.com/example/lantern/blob/main/src/lantern/models/lantern.py\n"
    )
    found = of(text + mutate.without_header(mutate.halved(sample("lantern"))), known)
    assert found.basis == "derived"
    assert found.order[0].sentence.startswith(
        "line 1 says the file is from https://github.com/example/lantern"
    )


def test_a_holder_who_shares_a_line_with_another_is_named_too(known):
    """`A and the B team` keeps B's notice, and `X and others` nobody's."""
    half = mutate.without_header(mutate.halved(sample("lantern")))
    joined = "# Copyright 2024 Harbour University and Lantern Works Ltd\n"
    theirs = project("lantern", {PATH: joined + sample("lantern")}, ("Lantern Works Ltd",))
    alone = index(theirs, *known.projects[1:])
    assert of(joined + half, alone).order[0].kind == "notice"
    assert of("# Copyright 2024 Harbour University and others\n" + half, alone).order == ()


def test_an_address_is_of_one_repository_and_no_other(known):
    half = mutate.without_header(mutate.halved(sample("lantern")))
    for address in (
        "https://github.com/example/lanterns/blob/main/src/lantern/models/lantern.py",
        "https://github.com/example/lamp/blob/main/src/lantern/models/lantern.py",
    ):
        found = of(f"# Adapted from {address}\n{half}", known)
        assert (found.basis, found.order) == ("family", ())


def test_inheritance_is_declared_whatever_the_share(known):
    text = (
        "from lantern.models.lantern import LanternMixture\n\n\nclass"
        " BeaconMixture(LanternMixture):\n"
        + "".join(
            f"    def part_{n}(self, stream):\n        return self.router(stream)[{n}] +"
            f" self.always(stream) * {n}\n\n"
            for n in range(6)
        )
    )
    found = of(text, known)
    assert found.basis == "declared"
    assert (
        found.order[0].sentence
        == "line 4: class BeaconMixture inherits LanternMixture, imported from"
        " lantern.models.lantern"
    )
    assert (found.order[0].line, found.order[0].module) == (4, "lantern.models.lantern")
    assert found.percentile < 99.9


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("lantern.models.lantern", True),
        ("beacon.models.lantern", False),
        (".models.lantern", False),
        ("..lantern.modeling_lantern", True),
    ],
)
def test_a_module_is_tied_to_a_path_only_where_it_can_be_no_other(module, said):
    files = {
        PATH: sample("lantern"),
        "src/lantern/models/lantern/modeling_lantern.py": sample("pieces"),
    }
    text = f"from {module} import Base\n\n\nclass Own(Base):\n" + "".join(
        f"    def part_{n}(self, stream):\n        return self.third(stream)[{n}] +"
        f" self.fourth(stream) * {n} - {n}\n\n"
        for n in range(6)
    )
    found = of(text, index(project("lantern", files)))
    assert (found is not None and found.basis == "declared") == said


def test_a_notice_of_somebody_who_wrote_several_files_of_the_project(tmp_path):
    head = "# Copyright (c) 2021 Bom Narae (bom@norae.example)\n"
    files = {f"norae/n{n}.py": head + code(f"n{n}") for n in range(3)}
    known = dated.index(dated.project(tmp_path, "norae", {"v1": files}))
    (sign,) = of(head + code("n0", 50), known).order
    assert sign.kind == "contributor"
    assert "3 files of norae" in sign.sentence and "Narae" not in sign.sentence
    assert not of(code("n0", 50), known).order


def test_a_notice_of_one_file_may_be_that_of_a_third(tmp_path):
    head = "# Copyright (c) 2021 Bom Narae (bom@norae.example)\n"
    files = {"norae/n0.py": head + code("n0"), "norae/n1.py": code("n1")}
    known = dated.index(dated.project(tmp_path, "norae", {"v1": files}))
    assert not of(head + code("n0", 50), known).order


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("from norae.serve.monitor.basic import COUNT\n", "imports"),
        ("import norae.serve.monitor.basic\n", "imports"),
        ("from norae.serve import monitor\n", ""),
        ("# from norae.serve.monitor.basic import COUNT\n", ""),
    ],
)
def test_an_import_of_what_lies_beside_the_original(tmp_path, line, kind):
    files = {"norae/serve/monitor/clean.py": code("clean")}
    known = dated.index(dated.project(tmp_path, "norae", {"v1": files}))
    found = of(line + code("clean", 50), known)
    assert [sign.kind for sign in found.order] == [kind] * bool(kind)


def test_copies_of_one_file_leave_room_for_other_projects(tmp_path):
    copies = {f"part{n}/nn.py": code("nn") for n in range(12)}
    first = dated.project(tmp_path, "norae", {"v1": copies})
    second = dated.project(tmp_path, "baram", {"v1": {"nn.py": code("nn")}})
    members = of(code("nn", 50), dated.index(first, second)).members
    assert [member.project.rpartition("/")[2] for member in members].count("norae") == 2
    assert "pkg:pypi/baram" in {member.project for member in members}


def test_an_empty_index_says_nothing():
    assert of(sample("lantern"), index()) is None


@pytest.mark.parametrize(
    "name", ["print_of", "print_run", "print_run_path", "print_function_name", "print_family"]
)
@pytest.mark.parametrize("values", [[], [1, 200], [2, 255, 255], [9, 9, 9]])
def test_an_unsound_project_is_left_out_and_the_others_serve(known, name, values):
    spoiled = project("spoiled", {"a.py": sample("lantern")}, **{name: np.array(values, np.uint8)})
    found = of(mutate.halved(sample("lantern")), index(spoiled, *known.projects))
    assert found.members[0].project == "pkg:pypi/lantern"


def test_percentiles_rise_and_never_reach_a_hundred():
    values = [null.percentile("score", value) for value in (-50, -9, -5, 0, 1, 2, 4, 100)]
    assert values == sorted(values)
    assert values[0] == 0.0
    assert values[-1] < 100
    assert null.percentile("containment", 1.0) < 100


def test_a_file_of_the_same_name_below_the_threshold_is_near_and_no_family(known):
    alone = index(known.projects[0], project("else", {"a.py": sample("pieces")}))
    few = "\n".join(sample("lantern").split("\n")[30:50])
    code = sample("harbour") + "\n\n" + few
    found = of(code, alone, "tools/models/lantern.py")
    assert (found.basis, found.members, found.order) == ("near", (), ())
    assert [one.path for one in found.near] == [PATH]
    assert 99 < found.near[0].percentile < 99.95
    assert of(code, alone, "tools/entry.py") is None


@pytest.mark.parametrize(
    "words",
    ["# Adapted from lantern\n", "# Copyright 2024 Lantern Works Ltd\n"],
    ids=["own words", "notice"],
)
def test_a_near_file_whose_project_the_file_names_is_derived(known, words):
    alone = index(known.projects[0], project("else", {"a.py": sample("pieces")}))
    few = "\n".join(sample("lantern").split("\n")[30:50])
    found = of(words + sample("harbour") + "\n\n" + few, alone, "tools/models/lantern.py")
    assert (found.basis, found.members[0].path, found.near) == ("derived", PATH, ())


def of_lantern_works(folder, name, releases):
    plan = Plan(name, f"pkg:pypi/{name}", holders=("Lantern Works Ltd",))
    clone = dated.cloned(folder / name, releases)
    return Project(Container(build([Place(clone)], plan).data))


def test_one_notice_of_two_projects_points_at_the_one_that_had_it_first(tmp_path):
    """Both are of one laboratory; where days leave a choice, the one that agrees most is named."""
    text, other = sample("lantern"), {"other.py": code("other")}
    late = {"v1": other, "v2": other, "v3": other, "v4": other | {"nn.py": text}}
    early = {"v1": {"vision.py": text.replace("def forward", "def run", 1)}}
    aurora = of_lantern_works(tmp_path, "aurora", late)
    zephyr = of_lantern_works(tmp_path, "zephyr", early)
    both = {"v1": other, "v2": other, "v3": other | {"vision.py": early["v1"]["vision.py"]}}
    unsure = of_lantern_works(tmp_path, "unsure", both)
    assert of(text, index(aurora, zephyr)).members[0].project == "pkg:pypi/zephyr"
    assert of(text, index(aurora, unsure)).members[0].project == "pkg:pypi/aurora"


def test_a_notice_that_the_file_of_one_project_bears_does_not_point_at_that_of_another(tmp_path):
    """The same laboratory has it in an older project, without a notice."""
    text = sample("lantern")
    files = {"aurora": mutate.without_header(text), "lantern": text}
    made = [
        of_lantern_works(tmp_path, name, {"v1": {"nn.py": content}})
        for name, content in files.items()
    ]
    assert of(mutate.halved(text), index(*made)).members[0].project == "pkg:pypi/lantern"


def test_words_that_came_with_the_code_of_another_do_not_name_its_source(tmp_path, monkeypatch):
    """The file says it is from Alder, and so does Birch's that it was made from, which Birch says
    is built on Alder.
    """
    text = sample("lantern")
    start, end = text.index("class LanternNorm"), text.index("class LanternMLP")
    alder = project("alder", {"train.py": mutate.without_header(text[start:end] * 2)})
    birch = project("birch", {"train.py": mutate.without_header(text)})
    words = "# Adopted from https://github.com/example/alder. Below is the original copyright:\n"
    mine = words + mutate.without_header(text)
    assert of(mine, index(alder, birch)).members[0].project == "pkg:pypi/alder"
    monkeypatch.setattr(
        days,
        "built_on",
        lambda one: frozenset({"example/alder"} if one.name == "birch" else ()),
    )
    found = of(mine, index(alder, birch))
    assert (found.members[0].project, found.order) == ("pkg:pypi/birch", ())


def test_a_file_of_another_name_is_near_only_where_more_agrees(known):
    alone = index(known.projects[0], project("else", {"a.py": sample("pieces")}))
    some = "\n".join(sample("lantern").split("\n")[30:62])
    found = of(sample("harbour") + "\n\n" + some, alone, "tools/entry.py")
    assert found is None or found.basis == "family" or found.near[0].percentile >= 99.95


@pytest.mark.parametrize(
    ("folder", "path"),
    [("src/lantern/models", PATH), ("src/lantern", PATH), ("src/lantern/train", None)],
)
def test_a_comment_that_names_a_folder_names_a_file_in_it(known, folder, path):
    """What agrees lies elsewhere in the project: then no file of it is named."""
    files = {PATH: sample("lantern"), "src/lantern/train/run.py": sample("pieces")}
    words = f"# Adapted from https://github.com/example/lantern/tree/main/{folder}\n"
    text = words + mutate.without_header(mutate.halved(sample("lantern")))
    found = of(text, index(project("lantern", files), *known.projects[1:]))
    assert found.members[0].path == PATH
    assert (found.basis, bool(found.order)) == (("derived", True) if path else ("family", False))


def test_a_comment_above_a_part_does_not_name_the_source_of_the_file(known):
    """One that holds far more of it is not the source for that: nothing in the file points at it."""
    theirs = "# Copied from other.harbour\n" + "\n".join(sample("harbour").split("\n")[:12])
    text = mutate.without_header(sample("lantern")) + "\n\n" + theirs + "\n"
    found = of(text, known)
    assert (found.members[0].path, found.basis, found.order) == (PATH, "family", ())


def test_words_at_the_top_that_came_with_the_code_of_another_name_no_source(known):
    """Nothing of what they name is in the file, and much of it is somebody else's."""
    words = "# Adapted from https://github.com/example/other/blob/main/src/other/harbour.py\n"
    found = of(words + mutate.without_header(mutate.halved(sample("lantern"))), known)
    assert (found.members[0].path, found.basis, found.order) == (PATH, "family", ())
    alone = of(
        words + "\n".join(f"def f{n}(a, b):\n    return a + b * {n}" for n in range(9)), known
    )
    assert (alone.members[0].path, alone.basis) == ("src/other/harbour.py", "declared")


def test_of_siblings_that_bear_one_notice_the_one_called_as_the_file_is_meant(known):
    """A later version may have less in common with the file than a sibling that was left alone."""
    whole = sample("lantern")
    files = {
        "src/lantern/models/moth/modeling_moth.py": mutate.halved(whole),
        "src/lantern/models/lamp/modeling_lamp.py": whole,
    }
    both = index(project("lantern", files, ("Lantern Works Ltd",)), *known.projects[1:])
    for name in ("modeling_moth.py", "models/moth/modeling_moth.py"):
        assert of(whole + "\nx = 1\n", both, name).members[0].path.endswith("modeling_moth.py")
    assert of(whole + "\nx = 1\n", both, "net.py").members[0].path.endswith("modeling_lamp.py")


@pytest.mark.parametrize(
    ("ours", "theirs", "count"),
    [
        ("a/moth/modeling_moth.py", "src/moth/modeling_moth.py", 2),
        ("a/modeling_moth.py", "src/moth/modeling_moth.py", 2),
        ("a/utils.py", "src/moth/utils.py", 1),
        ("moth.py", "moth/model.py", 0),
    ],
)
def test_a_name_that_repeats_its_folder_s_says_as_much_as_both(ours, theirs, count):
    assert candidates.count_agreeing_parts(ours, theirs) == count
