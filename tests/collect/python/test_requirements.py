from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aisbom.collect.python.requirements import COLLECTOR
from aisbom.model import Gap, Observation, Relation
from tests.collect.rows import all_observed, edges, gaps, observed, relations
from tests.conftest import MakeTree, collect


def test_a_plain_list(make_tree: MakeTree) -> None:
    text = (
        "# core\ntorch==2.5.1  # pinned\nNumPy >= 1.26, < 3\nuvicorn[standard,http2]>=0.30 ;"
        " python_version >= '3.9'\n\nidna\n"
    )
    rows = collect(make_tree({"requirements.txt": text}), COLLECTOR)
    seen = observed(rows, "requirement")
    assert gaps(rows) == []
    assert (seen["torch"].version, seen["torch"].purl, seen["torch"].evidence.at.line) == (
        "2.5.1",
        "pkg:pypi/torch@2.5.1",
        2,
    )
    assert (seen["NumPy"].version, seen["NumPy"].purl, seen["NumPy"].fact("specifier")) == (
        "",
        "pkg:pypi/numpy",
        "<3,>=1.26",
    )
    assert seen["uvicorn"].all("extra") == ("http2", "standard")
    assert seen["uvicorn"].fact("marker") == 'python_version >= "3.9"'
    assert seen["idna"].fact("group") == "runtime"
    assert seen["torch"].evidence.excerpt == "torch==2.5.1"
    assert edges(rows) == {
        ("project:", "pkg:pypi/torch@2.5.1"),
        ("project:", "pkg:pypi/numpy"),
        ("project:", "pkg:pypi/uvicorn"),
        ("project:", "pkg:pypi/idna"),
    }


@pytest.mark.parametrize(
    ("line", "version", "specifier"),
    [
        ("name (>=1.0)", "", ">=1.0"),
        ("name>=1,<2,", "", "<2,>=1"),
        ("name==1.*", "", "==1.*"),
        ("name===1.0-weird", "1.0-weird", "===1.0-weird"),
        ("name==1.0,!=1.1", "1.0", "!=1.1,==1.0"),
        ("name==1.0,==2.0", "", "==1.0,==2.0"),
        ("name==1.0,>2", "", "==1.0,>2"),
        ("name ~= 1.4.2", "", "~=1.4.2"),
        ("name==2.0+cu118", "2.0+cu118", "==2.0+cu118"),
        ("name", "", ""),
    ],
)
def test_only_an_exact_pin_is_a_version(
    make_tree: MakeTree, line: str, version: str, specifier: str
) -> None:
    rows = collect(make_tree({"requirements.txt": line + "\n"}), COLLECTOR)
    row = observed(rows)["name"]
    assert (row.version, row.fact("specifier"), gaps(rows)) == (version, specifier, [])


@pytest.mark.parametrize(
    "line",
    [
        "name>=1.0.*",
        "name===weird version",
        "name>=2.7<3",
        "name=1.0",
        "name==${V}",
        "name>1; no marker",
        "name~=1",
    ],
)
def test_a_clear_name_survives_a_bad_rest(make_tree: MakeTree, line: str) -> None:
    rows = collect(make_tree({"requirements.txt": f"first\n{line}\nlast==1\n"}), COLLECTOR)
    row = observed(rows)["name"]
    assert row.evidence.confidence == "low"
    assert row.version == ""
    assert len(gaps(rows)) == 1
    assert gaps(rows)[0].startswith("requirements.txt:2: ")
    assert set(observed(rows)) == {"first", "name", "last"}


@pytest.mark.parametrize(
    "line",
    [
        "this is prose",
        "é==1",
        "==1.0",
        "-x what",
        "--no-such-option 1",
        "-r",
        "nul\0byte==1",
        "a" * 20_000,
        "x;" + "(" * 500,
    ],
)
def test_a_bad_line_is_a_gap_and_the_rest_is_read(make_tree: MakeTree, line: str) -> None:
    rows = collect(make_tree({"requirements.txt": f"first\n{line}\nlast==1\n"}), COLLECTOR)
    assert set(observed(rows)) - {"x"} == {"first", "last"}
    assert [gap.partition(": ")[0] for gap in gaps(rows)] == ["requirements.txt:2"]


def test_hashes_on_continued_lines(make_tree: MakeTree) -> None:
    one, two = "a" * 64, "b" * 64
    text = f"x==1 \\\n    --hash=sha256:{one} \\\n    --hash=sha256:{two}\n    # via y\ny==2 \\\n"
    rows = collect(make_tree({"requirements.txt": text}), COLLECTOR)
    seen = observed(rows)
    assert seen["x"].all("hash") == (f"sha256:{one}", f"sha256:{two}")
    assert (seen["x"].evidence.at.line, seen["y"].evidence.at.line, gaps(rows)) == (1, 5, [])


def test_urls_and_repositories(make_tree: MakeTree) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    text = "\n".join(
        [
            f"flash @ git+https://github.com/o/flash.git@{commit}#subdirectory=py",
            "-e git+https://gitlab.com/o/r.git@main#egg=named[extra]",
            "git+https://github.com/Owner/Repo@v1",
            "https://host/files/wheelish-1.2.3-py3-none-any.whl#sha256=" + "c" * 64,
            "boxed @ https://host/boxed-4.5.tar.gz",
            "https://host/archive/main.zip",
            "-e git+ssh://git@example.org/team/thing.git",
            "secret @ git+https://${TOKEN}@github.com/o/secret",
        ]
    )
    rows = collect(make_tree({"requirements.txt": text}), COLLECTOR)
    seen = observed(rows)
    assert gaps(rows) == []
    assert seen["flash"].fact("vcs-url") == f"git+https://github.com/o/flash.git@{commit}"
    assert (seen["flash"].version, seen["flash"].purl, seen["flash"].fact("subdirectory")) == (
        "",
        f"pkg:pypi/flash?vcs_url=git%2Bhttps://github.com/o/flash.git%40{commit}",
        "py",
    )
    assert (seen["named"].fact("editable"), seen["named"].all("extra"), seen["named"].purl) == (
        "yes",
        ("extra",),
        "pkg:pypi/named?vcs_url=git%2Bhttps://gitlab.com/o/r.git%40main",
    )
    assert seen["Repo"].purl == "pkg:github/owner/repo"  # nobody says what its package is called
    assert (seen["wheelish"].version, seen["wheelish"].fact("hash")) == (
        "1.2.3",
        "sha256:" + "c" * 64,
    )
    assert seen["boxed"].version == "4.5"
    assert seen["main.zip"].purl == "pkg:generic/main.zip"
    assert seen["thing"].purl == "pkg:generic/thing"
    assert "github.com/o/secret" in seen["secret"].fact("vcs-url")


def test_local_paths(make_tree: MakeTree) -> None:
    text = "-e .\n./libs/inner\n-e libs/other[x]\nwheels/some_pkg-1.0-py3-none-any.whl\nnamed @ file:./libs/named\n../../outside\n/abs/thing\nC:\\abs\\thing-1.0-py3-none-any.whl\n"
    rows = collect(make_tree({"app/requirements.txt": text}), COLLECTOR)
    assert edges(rows) >= {
        ("project:app", "project:app/libs/inner"),
        ("project:app", "project:app/libs/other"),
    }
    assert ("project:app", "project:app") not in edges(rows)
    seen = observed(rows)
    assert (seen["some-pkg"].version, seen["some-pkg"].fact("path")) == (
        "1.0",
        "app/wheels/some_pkg-1.0-py3-none-any.whl",
    )
    assert seen["named"].fact("path") == "app/libs/named"
    assert [gap.partition(": ")[0] for gap in gaps(rows)] == [
        "app/requirements.txt:6",
        "app/requirements.txt:7",
    ]
    assert not any(
        "abs" in fact for row in rows if isinstance(row, Observation) for _, fact in row.facts
    )


def test_includes_are_read_where_they_stand(make_tree: MakeTree) -> None:
    files = {
        "requirements.txt": "-r deps/base.lst\n--requirement=requirements/extra.txt\ntop\n",
        "deps/base.lst": "\nbase==1\n-r more.lst\n",
        "deps/more.lst": "more\n",
        "requirements/extra.txt": "extra\n",
    }
    rows = collect(make_tree(files), COLLECTOR)
    assert gaps(rows) == []
    assert str(observed(rows)["base"].evidence.at) == "deps/base.lst:2"
    assert edges(rows) == {
        ("project:", "pkg:pypi/top"),
        ("project:deps", "pkg:pypi/base@1"),
        ("project:deps", "pkg:pypi/more"),
        ("project:requirements", "pkg:pypi/extra"),
    }
    # read through the include and on its own: the same row, once
    assert len(all_observed(rows, "extra")) == 1


def test_includes_that_cannot_be_followed(make_tree: MakeTree) -> None:
    files = {
        "requirements.txt": (
            "a\n-r b.lst\n-r missing.txt\n-r ../../etc/passwd\n-r https://host/r.txt\n-r"
            " /etc/hosts\n"
        ),
        "b.lst": "b\n-r c.lst\n",
        "c.lst": "c\n\n-r b.lst\n-r requirements.txt\n",
    }
    rows = collect(make_tree(files), COLLECTOR)
    assert set(observed(rows)) == {"a", "b", "c"}
    found = gaps(rows)
    assert any(g.startswith("requirements.txt:3: ") and "does not exist" in g for g in found)
    assert any(g.startswith("requirements.txt:4: ") and "outside" in g for g in found)
    assert any(g.startswith("requirements.txt:5: ") and "not fetched" in g for g in found)
    assert any(g.startswith("requirements.txt:6: ") and "outside" in g for g in found)
    assert any(g.startswith("c.lst:3: ") and "again" in g for g in found)
    assert any(g.startswith("c.lst:4: ") and "again" in g for g in found)


def test_files_that_include_one_another_end(make_tree: MakeTree) -> None:
    many = {
        f"requirements-{n}.txt": (
            "".join(f"-r requirements-{m}.txt\n" for m in range(12)) + f"p{n}\n"
        )
        for n in range(12)
    }
    rows = collect(make_tree(many), COLLECTOR)
    assert len(observed(rows)) == 12
    assert all("again" in gap for gap in gaps(rows))


def test_a_chain_of_includes_has_an_end(make_tree: MakeTree) -> None:
    files = {f"{n}.lst": f"p{n}\n-r {n + 1}.lst\n" for n in range(400)} | {
        "requirements.txt": "-r 0.lst\n"
    }
    rows = collect(make_tree(files), COLLECTOR)
    assert any("more than 256 files" in gap for gap in gaps(rows))


def test_constraints_ask_for_nothing(make_tree: MakeTree) -> None:
    files = {
        "requirements.txt": "-c pins.lst\nx\n",
        "pins.lst": "x==1\ny==2\n",
        "constraints.txt": "z==3\n",
    }
    rows = collect(make_tree(files), COLLECTOR)
    assert edges(rows) == {("project:", "pkg:pypi/x")}
    assert [r.fact("group") for r in all_observed(rows, "y") + all_observed(rows, "z")] == [
        "constraint",
        "constraint",
    ]
    assert gaps(rows) == []


def test_indexes(make_tree: MakeTree) -> None:
    files = {
        "requirements.txt": (
            "x\n--index-url https://user:pw@host/simple --extra-index-url"
            " https://download.pytorch.org/whl/cu118\n"
        ),
        "requirements-dev.txt": "-i https://pypi.org/simple\ny\n--pre\n--no-binary :all:\n",
    }
    rows = collect(make_tree(files), COLLECTOR)
    seen = observed(rows)
    assert seen["x"].fact("index") == "https://host/simple"
    assert seen["x"].fact("extra-index") == "https://download.pytorch.org/whl/cu118"
    assert (seen["y"].fact("index"), seen["y"].fact("group"), gaps(rows)) == ("", "group:dev", [])


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("requirements_dev.txt", "group:dev"),
        ("test-requirements.txt", "group:test"),
        ("requirements/lint.in", "group:lint"),
        ("requirements/docs.txt", "group:docs"),
        ("requirements-latest.txt", "runtime"),
        ("requirements/production.txt", "runtime"),
    ],
)
def test_the_group_is_a_word_of_the_file_name(make_tree: MakeTree, name: str, group: str) -> None:
    assert observed(collect(make_tree({name: "x\n"}), COLLECTOR))["x"].fact("group") == group


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "latin-1"])
def test_encodings(make_tree: MakeTree, codec: str) -> None:
    text = "torch==2.5.1\r\nnumpy\r\n# caf\u00e9\r\n"
    rows = collect(make_tree({"requirements.txt": text.encode(codec)}), COLLECTOR)
    assert observed(rows)["torch"].version == "2.5.1"
    assert (observed(rows)["numpy"].evidence.at.line, gaps(rows)) == (2, [])


def test_other_files_are_left_alone(make_tree: MakeTree) -> None:
    rows = collect(
        make_tree(
            {
                "notes.txt": "torch==1\n",
                "a.lst": "x\n",
                "requirements/deep/notes.txt": "z\n",
                "requirements.txt": "",
            }
        ),
        COLLECTOR,
    )
    assert rows == ()


def test_what_lies_in_an_environment_is_said_not_to_be_read(make_tree: MakeTree) -> None:
    names = ("lib/site-packages/p/requirements.txt", "lib/site-packages/setup.py")
    rows = collect(make_tree(dict.fromkeys(names, "y\n")), COLLECTOR)
    assert [str(row.at) for row in rows if isinstance(row, Gap)] == ["lib/site-packages"]
    assert "2 manifests" in str(rows)


def test_a_flood_of_bad_lines_is_counted_and_good_ones_stay(make_tree: MakeTree) -> None:
    rows = collect(
        make_tree({"requirements.txt": "not a requirement\n" * 1000 + "good==1\n"}), COLLECTOR
    )
    assert observed(rows)["good"].version == "1"
    assert len(gaps(rows)) == 201
    assert any("800 more lines" in gap for gap in gaps(rows))


_NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,8}([._-][A-Za-z0-9]{1,5}){0,2}", fullmatch=True)
_VERSIONS = st.from_regex(
    r"[0-9]{1,3}(\.[0-9]{1,3}){0,3}((a|b|rc)[0-9])?(\+[a-z]{1,4}[0-9]{0,3})?", fullmatch=True
)
_SUFFIX = st.sampled_from(
    ["", " ; python_version >= '3.8'", "  # why", " --hash=sha256:" + "0" * 64]
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(_NAMES, st.sampled_from(["==", "===", ">=", "", "!="]), _VERSIONS, _SUFFIX),
        min_size=1,
        max_size=15,
    )
)
def test_what_is_written_is_what_is_read(
    make_tree: MakeTree, lines: list[tuple[str, str, str, str]]
) -> None:
    """A version exactly for `==X` and `===X`, at the line that states it."""
    text = "\n".join(
        name
        + (
            operator + version.partition("+")[0]
            if operator in (">=", "!=")
            else operator + version
            if operator
            else ""
        )
        + suffix
        for name, operator, version, suffix in lines
    )
    rows = collect(make_tree({"requirements.txt": text}), COLLECTOR)
    assert gaps(rows) == []
    by_line = {r.evidence.at.line: r for r in rows if isinstance(r, Observation)}
    for number, (name, operator, version, _) in enumerate(lines, 1):
        assert by_line[number].name == name
        assert by_line[number].version == (version if operator in ("==", "===") else "")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "-r",
                "-e",
                " ",
                "\n",
                "\\",
                "#",
                "@",
                "git+",
                "https://",
                "==",
                "[",
                "]",
                ";",
                "a",
                ".",
                "/",
                "'",
                "(",
                "é",
                "\0",
                "--hash",
                "file:",
                "${X}",
                "%",
            ]
        ),
        max_size=25,
    ).map("".join)
)
def test_random_text_becomes_rows_or_gaps(make_tree: MakeTree, text: str) -> None:
    for row in collect(
        make_tree({"requirements.txt": text.encode("utf-8", "surrogatepass")}), COLLECTOR
    ):
        assert str(getattr(row, "reason", "")).startswith("cannot be read") is False
        if isinstance(row, Relation):
            assert row.source == "project:"


def test_relations_carry_what_was_asked(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"requirements-dev.txt": "x[a]>=1 ; os_name == 'nt'\n"}), COLLECTOR)
    (relation,) = relations(rows)
    assert (
        relation.fact("specifier"),
        relation.fact("extra"),
        relation.fact("marker"),
        relation.fact("group"),
    ) == (
        ">=1",
        "a",
        'os_name == "nt"',
        "group:dev",
    )


@pytest.mark.parametrize("name", ["requirments_cu118.txt", "req.txt", "requirement.txt"])
def test_a_list_under_a_misspelt_name_is_read(name: str, make_tree: MakeTree) -> None:
    rows = collect(make_tree({name: "torch==2.4.0\n"}), COLLECTOR)
    assert "torch" in {row.name for row in rows if isinstance(row, Observation)}
