from __future__ import annotations

from dataclasses import replace

import pytest

from aisbom.classify import classify
from aisbom.model import Component, Evidence, Location, Observation, Scan, facts


def seen(kind: str, path: str, **more: str | int) -> Observation:
    at = Evidence("test", "filename", "high", Location(path, 1))
    return Observation(kind, "x", "", "", at, facts(**more))  # type: ignore[arg-type]


def role(asked: Observation, *beside: Observation, forked: bool = False) -> str:
    parts = (
        Component("x", "machine-learning-model", "x", "", "", (asked,)),
        *(Component(f"y{n}", "file", "y", "", "", (o,)) for n, o in enumerate(beside)),
    )
    claims = classify(Scan("", parts, ()), forked)
    return next(c.value for c in claims if c.subject == "x" and c.attribute == "path-role")


APP = seen("source", "spaces/light/light_app.py", imports="gradio")


@pytest.mark.parametrize(
    ("path", "beside", "expected"),
    [
        ("spaces/light/light_app.py", (APP,), "example"),
        ("spaces/light/meta.json", (APP,), "example"),
        ("spaces/light/meta.json", (APP, seen("source", "spaces/light/net.py")), "product"),
        ("meta.json", (seen("source", "app.py", imports="gradio"),), "product"),
        ("spaces/lighter/meta.json", (APP,), "product"),
    ],
)
def test_the_folder_of_a_demonstration(
    path: str, beside: tuple[Observation, ...], expected: str
) -> None:
    assert role(seen("reference", path), *beside) == expected


def test_a_checkout_among_dependencies_is_somebody_elses() -> None:
    project = seen("project", "run/dependencies/quant/setup.py")
    assert role(seen("reference", "run/dependencies/quant/conf.yaml"), project) == "vendored"
    assert role(seen("reference", "run/dependencies/auth.py"), project) == "product"
    assert role(seen("weights", "run/dependencies/quant/w.pt"), project) == "product"


def test_what_unchanged_files_of_a_forked_project_name_is_that_projects() -> None:
    named = seen("reference", "engine/config.py", in_release="yes")
    assert role(named) == "product"
    assert role(named, forked=True) == "vendored"
    assert role(seen("reference", "engine/ours.py"), forked=True) == "product"


@pytest.mark.parametrize(
    ("path", "parameters", "expected"),
    [
        ("assets/tiny_vl/model.safetensors", 40_000, "test"),
        ("assets/tiny_vl/model.safetensors", 39_000_000, "product"),
        ("assets/vl/model.safetensors", 40_000, "product"),
        ("assets/destiny/model.safetensors", 40_000, "product"),
    ],
)
def test_weights_that_are_called_tiny_and_are(path: str, parameters: int, expected: str) -> None:
    assert role(seen("weights", path, parameters=parameters)) == expected


def test_a_few_copied_files_of_the_product_are_the_products() -> None:
    def copy(**more: str | int) -> Observation:
        return seen("release", "net/models/a.py", root="net/models", **more)

    named = seen("reference", "net/models/tower.py")
    assert role(named, copy(identical=40, modified=2, added=3)) == "vendored"
    assert role(named, copy(identical=2, added=30)) == "product"
    assert role(named, copy(identical=1, single="yes")) == "product"


def test_a_conversion_script_of_others_names_what_it_can_convert() -> None:
    """Its choices are no model that the product loads; those of a script of one's own may be."""
    named = seen("reference", "net/convert_net_to_hf.py")
    assert role(named, seen("content", "net/convert_net_to_hf.py", lineage="derived")) == "vendored"
    assert role(named, seen("content", "net/modeling.py", lineage="derived")) == "product"
    assert role(named) == "product"


def licence(folder: str, holder: str) -> Observation:
    return seen("notice", f"{folder}/LICENSE", file_kind="licence", copyright_holder=holder)


COPIES = (
    licence("plug-ins/depth/annotators/one", "A Lab"),
    licence("plug-ins/depth/annotators/two", "B Lab"),
    licence("plug-ins/depth/annotators/three", "C Lab"),
    *(seen("source", f"plug-ins/depth/annotators/{name}/net.py") for name in ("one", "two")),
    *(seen("source", f"plug-ins/depth/annotators/{name}/a/net.py") for name in ("three", "four")),
)


def test_a_folder_of_copies_each_under_its_own_licence_is_somebody_elses() -> None:
    inside = seen("reference", "plug-ins/depth/annotators/four/load.py")
    beside = seen("reference", "plug-ins/depth/load.py")
    assert role(inside, *COPIES) == "vendored"
    assert role(beside, *COPIES) == "product"
    assert role(seen("weights", "plug-ins/depth/annotators/one/w.pt"), *COPIES) == "product"


@pytest.mark.parametrize(
    "around",
    [
        # Packages of one owner.
        tuple(
            licence(f"libs/{name}", "A Lab")
            if o.kind == "notice"
            else seen("source", f"libs/{name}/net.py")
            for name in ("one", "two", "three", "four")
            for o in COPIES[2:4]
        ),
        # Two copies among one's own.
        (licence("libs/one", "A Lab"), licence("libs/two", "B Lab")),
        # Three copies among many of one's own.
        (
            *(licence(f"libs/{name}", name) for name in ("one", "two", "three")),
            *(seen("source", f"libs/own{n}/net.py") for n in range(9)),
            *(seen("source", f"libs/{name}/net.py") for name in ("one", "two", "three")),
        ),
        # The folders of a collection of projects stand at the root.
        (licence("one", "A Lab"), licence("two", "B Lab"), licence("libs", "C Lab")),
    ],
)
def test_packages_of_ones_own_are_no_folder_of_copies(around: tuple[Observation, ...]) -> None:
    assert role(seen("reference", "libs/one/load.py"), *around) == "product"


def offered(name: str, *beside: Observation, path: str = "README.md", **more: str) -> str:
    """The role of a model that a README links to, in the project `haneul-2`."""
    shown = seen("reference", path, **{"named_by": "link", **more})
    asked = Component("x", "machine-learning-model", name, "", "", (replace(shown, name=name),))
    project = replace(seen("project", "pyproject.toml"), name="haneul-2")
    around = Component("p", "application", "haneul-2", "", "", (project, *beside))
    claims = classify(Scan("p", (asked, around), ()))
    return next(c.value for c in claims if c.subject == "x" and c.attribute == "path-role")


def test_what_a_readme_alone_offers_under_the_name_of_the_project_is_the_product() -> None:
    assert offered("haneul-lab/Haneul-2-7B-Instruct") == "product"
    assert offered("haneul-lab/Haneul-2-7B-Instruct", named_by="text") == "product"
    assert offered("haneul-lab/Haneul-2-7B", seen("source", "serve.py")) == "product"


def test_a_checkout_has_the_name_of_its_repository_whatever_its_folder_is_called() -> None:
    shown = seen("reference", "README.md", named_by="link")
    name = "lab/Haneul-2-7B"
    asked = Component("x", "machine-learning-model", name, "", "", (replace(shown, name=name),))
    for purl, expected in (("pkg:github/lab/haneul-2@1", "product"), ("", "docs")):
        scan = Scan("p", (asked, Component("p", "application", "work", "", purl, ())), ())
        claims = classify(scan)
        assert [c.value for c in claims if (c.subject, c.attribute) == ("x", "path-role")] == [
            expected
        ]


def test_what_a_readme_only_links_to_stays_documentation() -> None:
    assert offered("other/Wolf-7B") == "docs"
    assert offered("haneul-lab/Haneul-2-7B", path="docs/usage.md") == "docs"
    # Where the product loads a model, that one is the product.
    assert offered("haneul-lab/Haneul-2-7B", seen("reference", "serve.py")) == "docs"
    assert offered("haneul-lab/Haneul-2-7B", seen("weights", "model.safetensors")) == "docs"
    # What a file is called says nothing of whose weights it is a part.
    named = seen("reference", "serve.py", named_by="file")
    assert offered("haneul-lab/Haneul-2-7B-Instruct", named) == "product"
    # A base that the README declares is no model of the product's own.
    declared = seen("reference", "README.md", named_by="declared")
    assert offered("haneul-lab/Haneul-2-7B", declared) == "product"


def test_a_network_that_a_loss_measures_with_is_no_part_of_the_product() -> None:
    loss = seen("reference", "net/losses/style.py", space="package", loader="torchvision")
    assert role(loss) == "benchmark"
    lpips = seen("reference", "net/train.py", space="package", loader="lpips")
    assert role(lpips) == "benchmark"
    tower = seen("reference", "net/tower.py", space="package", loader="torchvision")
    assert role(tower) == "product"
    teacher = seen("reference", "net/losses/distil.py", space="hub", loader="from_pretrained")
    assert role(teacher) == "product"


def test_what_judges_answers_is_of_the_evaluation() -> None:
    judge = seen("reference", "conf/run.yaml", loader="judge_model", used_for="evaluation")
    assert role(judge) == "benchmark"
    assert role(seen("reference", "conf/run.yaml", loader="model")) == "product"


def test_what_a_file_of_metrics_loads_measures_the_product() -> None:
    assert role(seen("reference", "src/metric.py", loader="from_pretrained")) == "benchmark"
    assert role(seen("reference", "metrics.py", loader="from_pretrained")) == "benchmark"
    assert role(seen("reference", "src/metric_learning.py", loader="x")) == "product"
    assert role(seen("weights", "src/metrics.py")) == "product"


def licence(path: str, holder: str) -> Observation:
    return seen("notice", path, file_kind="licence", copyright_holder=holder)


@pytest.mark.parametrize(
    ("holder", "by", "path", "expected"),
    [
        ("Norae Labs", "declared", "norae/README.md", "vendored"),
        ("Hanul Inc", "declared", "norae/README.md", "product"),  # the same holder
        ("", "declared", "norae/README.md", "product"),  # a template: nobody's
        ("Norae Labs", "declared", "README.md", "product"),
        ("Norae Labs", "key", "norae/run.yaml", "product"),  # what it loads, the product loads
    ],
)
def test_what_the_readme_of_a_project_of_others_says_is_of_that_project(
    holder: str, by: str, path: str, expected: str
) -> None:
    beside = (licence("LICENSE", "Hanul, Inc."), licence("norae/LICENSE", holder))
    assert role(seen("reference", path, named_by=by), *beside) == expected


def test_what_the_readme_beside_a_model_says_is_said_of_that_model() -> None:
    top = seen("notice", "LICENSE", file_kind="licence", copyright_holder="Own Corp.")
    other = seen("notice", "ours/LICENSE", file_kind="licence", copyright_holder="Other Lab")
    told = seen("reference", "ours/README.md", named_by="declared")
    assert role(told, top, other) == "vendored"
    assert role(told, top, other, seen("weights", "ours/ckpt/w.safetensors")) == "product"
