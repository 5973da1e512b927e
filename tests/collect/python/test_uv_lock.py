from __future__ import annotations

from aisbom.collect.python.uv_lock import COLLECTOR
from tests.collect.rows import all_observed, edges, gaps, observed, relations
from tests.conftest import MakeTree, collect

A, B = "a" * 64, "b" * 64
TEXT = f"""\
version = 1
revision = 2
requires-python = ">=3.9"

[manifest]
members = ["app", "lib"]

[[package]]
name = "app"
version = "0.1.0"
source = {{ virtual = "." }}
dependencies = [
    {{ name = "lib" }},
    {{ name = "torch", marker = "sys_platform == 'linux'", extra = ["opt"] }},
    {{ name = "numpy", version = "1.26.4", source = {{ registry = "https://pypi.org/simple" }} }},
]

[package.optional-dependencies]
gpu = [
    {{ name = "triton" }},
]

[package.dev-dependencies]
dev = [
    {{ name = "torchvision" }},
]

[package.metadata]
requires-dist = [
    {{ name = "torch", specifier = ">=2.5" }},
    {{ name = "numpy", specifier = "<3" }},
]

[[package]]
name = "lib"
version = "0.2.0"
source = {{ editable = "packages/lib" }}
dependencies = [
    {{ name = "forked" }},
]

[[package]]
name = "numpy"
version = "1.26.4"
source = {{ registry = "https://pypi.org/simple" }}
sdist = {{ url = "https://files.pythonhosted.org/packages/numpy-1.26.4.tar.gz", hash = "sha256:{A}", size = 123 }}
wheels = [
    {{ url = "https://files.pythonhosted.org/packages/numpy-1.26.4-cp311-cp311-win_amd64.whl", hash = "sha256:{B}", size = 12, upload-time = "2024-01-01T00:00:00Z" }},
]

[[package]]
name = "numpy"
version = "2.2.0"
source = {{ registry = "https://pypi.org/simple" }}

[[package]]
name = "forked"
version = "3.0"
source = {{ git = "https://github.com/o/forked?rev=main#0123456789abcdef0123456789abcdef01234567" }}
dependencies = [
    {{ name = "numpy" }},
    {{ name = "not-here" }},
]

[[package]]
name = "torch"
version = "2.5.1+cu124"
source = {{ registry = "https://download.pytorch.org/whl/cu124" }}

[[package]]
name = "torchvision"
version = "0.20"
source = {{ url = "https://host/torchvision-0.20-py3-none-any.whl" }}

[[package]]
name = "triton"
version = "3"
source = {{ path = "wheels/triton-3-py3-none-any.whl" }}
"""

FORKED = (
    "pkg:pypi/forked@3.0?vcs_url=git%2Bhttps://github.com/o/forked"
    "%400123456789abcdef0123456789abcdef01234567"
)
TORCHVISION = (
    "pkg:pypi/torchvision@0.20?download_url=https://host/torchvision-0.20-py3-none-any.whl"
)


def test_packages_and_edges(make_tree: MakeTree) -> None:
    rows = collect(make_tree({"ws/uv.lock": TEXT}), COLLECTOR)
    assert gaps(rows) == []
    seen = observed(rows, "locked")
    assert set(seen) == {
        "numpy",
        "forked",
        "torch",
        "torchvision",
        "triton",
    }  # the members are no packages of others
    assert [n.version for n in all_observed(rows, "numpy")] == ["1.26.4", "2.2.0"]
    assert all_observed(rows, "numpy")[0].all("hash") == (f"sha256:{A}", f"sha256:{B}")
    assert (seen["torch"].purl, seen["torch"].fact("index")) == (
        "pkg:pypi/torch@2.5.1%2Bcu124?repository_url=https://download.pytorch.org/whl/cu124",
        "https://download.pytorch.org/whl/cu124",
    )
    assert all_observed(rows, "numpy")[0].fact("index") == ""
    assert (
        seen["forked"].fact("vcs-url")
        == "git+https://github.com/o/forked@0123456789abcdef0123456789abcdef01234567"
    )
    assert seen["torchvision"].fact("url") == "https://host/torchvision-0.20-py3-none-any.whl"
    assert seen["triton"].fact("path") == "ws/wheels/triton-3-py3-none-any.whl"
    assert edges(rows) == {
        ("project:ws", "project:ws/packages/lib"),
        (
            "project:ws",
            "pkg:pypi/torch@2.5.1%2Bcu124?repository_url=https://download.pytorch.org/whl/cu124",
        ),
        ("project:ws", "pkg:pypi/numpy@1.26.4"),
        ("project:ws", "pkg:pypi/triton@3"),
        ("project:ws", TORCHVISION),
        ("project:ws/packages/lib", FORKED),
        (FORKED, "pkg:pypi/numpy"),  # two versions are locked
        (FORKED, "pkg:pypi/not-here"),
    }
    by_target = {r.target: r for r in relations(rows) if r.source == "project:ws"}
    torch = by_target[
        "pkg:pypi/torch@2.5.1%2Bcu124?repository_url=https://download.pytorch.org/whl/cu124"
    ]
    assert (
        torch.fact("marker"),
        torch.fact("extra"),
        torch.fact("specifier"),
        torch.fact("group"),
    ) == (
        "sys_platform == 'linux'",
        "opt",
        ">=2.5",
        "runtime",
    )
    assert by_target["pkg:pypi/triton@3"].fact("group") == "extra:gpu"
    assert by_target[TORCHVISION].fact("group") == "group:dev"
    lines = TEXT.split("\n")
    for row in [r for r in rows if hasattr(r, "evidence")]:
        assert lines[row.evidence.at.line - 1] == f'name = "{row.name}"'
        assert row.evidence.excerpt == f'name = "{row.name}" version = "{row.version}"'
    for relation in relations(rows):
        name = relation.target.partition("?")[0].rpartition("/")[2].partition("@")[0]
        assert f'name = "{name}"' in lines[relation.at.line - 1]


def test_wrong_types_leave_the_rest(make_tree: MakeTree) -> None:
    text = """\
version = 1
[[package]]
name = 5
[[package]]
version = "1"
[[package]]
name = "x"
version = 2
source = "odd"
dependencies = {a = 1}
wheels = [1, "two", {hash = 3}]
[[package]]
name = "good"
version = "1"
dependencies = ["x", {name = "x"}]
[package.optional-dependencies]
e = "x"
"""
    rows = collect(make_tree({"uv.lock": text}), COLLECTOR)
    assert observed(rows)["good"].version == "1"
    found = "\n".join(gaps(rows))
    for part in (
        "uv.lock:3: package[0].name",
        "uv.lock:4: package[1]: an entry without a name",
        "uv.lock:8: package[2].version",
        "uv.lock:10: package[2].dependencies",
        "uv.lock:15: package[3].dependencies[0]",
    ):
        assert part in found
    assert ("pkg:pypi/good@1", "pkg:pypi/x") in edges(rows)


def test_the_form_before_0_3(make_tree: MakeTree) -> None:
    text = '[[distribution]]\nname = "x"\nversion = "1"\nsource = "registry+https://pypi.example.org/simple"\n[[distribution]]\nname = "y"\nversion = "2"\nsource = "git+https://github.com/o/y?tag=v2#abc"\n'
    seen = observed(collect(make_tree({"uv.lock": text}), COLLECTOR))
    assert (seen["x"].fact("index"), seen["y"].fact("vcs-url")) == (
        "https://pypi.example.org/simple",
        "git+https://github.com/o/y@abc",
    )


def test_a_member_outside_of_the_tree_is_a_package(make_tree: MakeTree) -> None:
    text = '[[package]]\nname = "x"\nversion = "1"\nsource = { editable = "../../x" }\n'
    rows = collect(make_tree({"a/uv.lock": text}), COLLECTOR)
    assert (observed(rows)["x"].fact("path"), observed(rows)["x"].fact("editable")) == (
        "../../x",
        "yes",
    )


def test_a_file_line_inside_a_string_harms_nothing(make_tree: MakeTree) -> None:
    text = f'note = """\n    {{ url = "u", hash = "sha256:{A}" }},\n"""\n[[package]]\nname = "x"\nversion = "1"\nwheels = [\n    "\ue0000",\n    "\ue00099",\n]\n'
    rows = collect(make_tree({"uv.lock": text}), COLLECTOR)
    assert observed(rows)["x"].evidence.at.line == 5


def test_the_first_upload_of_a_package(make_tree: MakeTree) -> None:
    file = '{{ url = "u{0}", hash = "sha256:{1}", upload-time = {2} }}'
    later, first = (
        file.format(1, A, '"2024-03-02T10:00:00.5Z"'),
        file.format(2, B, '"2024-03-01T10:00:00Z"'),
    )
    bad = '{ url = "u", upload-time = "never" }'
    text = f"""\
[[package]]
name = "x"
version = "1"
sdist = {later}
wheels = [
    {first},
]

[[package]]
name = "y"
version = "1"
sdist = {bad}

[[package]]
name = "z"
version = "1"
sdist = {{ url = "u", upload-time = [1] }}
"""
    rows = collect(make_tree({"uv.lock": text}), COLLECTOR)
    found = {name: all_observed(rows, name)[0].all("upload-time") for name in "xyz"}
    assert found == {"x": ("2024-03-01",), "y": (), "z": ()}
