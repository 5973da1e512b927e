"""Role claims under a named profile: first what class of part a component is, then whether that
class is core.

Both are claims like any other: they name the rule and the place, can be contested by a declared
override, and can be withdrawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from aisbom.classify import referenced, surroundings, weights
from aisbom.classify.surroundings import Tree
from aisbom.judge.profile import Profile
from aisbom.knowledge.references import SELF_HOSTED
from aisbom.lazy_module import compile_later
from aisbom.model import (
    Claim,
    Component,
    Confidence,
    Evidence,
    Location,
    Observation,
    Scan,
    facts,
)
from aisbom.model.ledger import Ledger

_NOTHING = Tree()


def classify(scan: Scan, forked: bool = False) -> Iterator[Claim]:
    """The claims `class` and `path-role` of every component but the whole: what kind of part it is,
    and what its place in the tree is for. A weight file is of the class of its model.

    `forked`: the tree is somebody's fork of a project; what unchanged files name is that project's.
    """
    tree = surroundings.tree(scan, forked)
    claims = [
        claim
        for component in scan.components
        if component.ref != scan.root
        for claim in classify_component(component, tree)
    ]
    classes = {claim.subject: claim for claim in claims if claim.attribute == "class"}
    by_ref = {c.ref: c for c in scan.components}
    models = {
        r.target: r.source
        for r in scan.relations
        if r.kind == "contains" and r.target.startswith("weights:") and r.source in classes
    }
    for claim in claims:
        model = models.get(claim.subject) if claim.attribute == "class" else None
        yield _part_of(by_ref[claim.subject], by_ref[model], classes[model]) if model else claim


def _part_of(file: Component, model: Component, judged: Claim) -> Claim:
    words = f"a file of {model.name}: {judged.value}"
    confidence = judged.evidence[0].confidence
    evidence = Evidence("class/part-of", "other", confidence, _place(file), words)
    return Claim(file.ref, "class", judged.value, (evidence,))


def classify_component(component: Component, tree: Tree = _NOTHING) -> Iterator[Claim]:
    """The claims about one component by itself."""
    place = _place(component)
    # Where the class of a network is written says nothing of what its settings are for, and where
    # a notice names a folder says nothing of where the folder lies.
    own = [
        o
        for o in component.observations
        if o.kind != "design" and (o.kind, o.name) != ("format", "credited")
    ]
    roles = {o: surroundings.role(o, tree) for o in own}
    where = "product" if "product" in roles.values() or not roles else min(roles.values())
    # A licence that holds for a part is no place of it.
    at = (o.evidence.at for o, role in roles.items() if role == where and o.kind != "notice")
    stands = min(at, default=place)
    if "release" in component.kinds and where == "product":
        where = "vendored"
    kind, rule, confidence = _class_of(component)
    if kind:
        yield Claim(
            component.ref,
            "class",
            kind,
            (Evidence(f"class/{rule}", "other", confidence, place, _why(component, rule)),),
        )
    named = all(map(surroundings.only_named, own))
    told = facts(only_named="yes" if named else None)
    seen = Evidence("path-role/folder", "filename", "medium", stands, stands.path, told)
    yield Claim(component.ref, "path-role", where, (seen,))


def under(scan: Scan, profile: Profile) -> Scan:
    """The scan with the roles that this profile gives, whatever profile gave the ones it had. The
    root, which is the whole, gets none.

    A declared role or class is an override with a reason: it counts, and what the rules of the
    program said stays as a withdrawn claim.
    """
    ledger = Ledger(scan.claims)
    rest = [c for c in scan.claims if c.attribute not in ("class", "path-role", "role")]
    for component in scan.components:
        kinds = _withdraw_overridden(ledger.claims(component.ref, "class"))
        places = ledger.claims(component.ref, "path-role")
        declared = [c for c in ledger.claims(component.ref, "role") if c.status == "declared"]
        rest += [*kinds, *places, *declared]
        live = [c for c in kinds if c.status != "withdrawn"]
        if not live or component.ref == scan.root:
            continue
        role = _role(component, live[0], places[0] if places else None, profile)
        rest.append(replace(role, status="withdrawn") if declared else role)
    return replace(scan, claims=tuple(Ledger(rest)))


def _role(component: Component, kind: Claim, judged: Claim | None, profile: Profile) -> Claim:
    """`judged` is the claim of the path role. It says where the component lies and whether only its
    name is here: a document read back lists some places alone, and no kinds of sighting.
    """
    where = judged.value if judged else "product"
    place = judged.evidence[0].at if judged else _place(component)
    named = judged is not None and judged.evidence[0].fact("only-named")
    if (named and where == "vendored") or where in ("test", "example", "docs", "benchmark"):
        return Claim(
            component.ref,
            "role",
            "tooling",
            (Evidence(f"role/path-{where}", "filename", "medium", place, where),),
        )
    role = profile.roles.get(kind.value, "undetermined")
    excerpt = f"{kind.value} -> {role} in profile {profile.name}@{profile.version}"
    rule = f"role/{profile.name}@{profile.version}#{kind.value}"
    return Claim(
        component.ref,
        "role",
        role,
        (Evidence(rule, "other", kind.evidence[0].confidence, place, excerpt),),
    )


def _withdraw_overridden(claims: Iterable[Claim]) -> Sequence[Claim]:
    """Claims of which a declared one, if there is one, stands alone: the others are withdrawn."""
    rows = sorted(claims)
    if not any(c.status == "declared" for c in rows):
        return rows
    return [c if c.status == "declared" else replace(c, status="withdrawn") for c in rows]


def _class_of(component: Component) -> tuple[str, str, Confidence]:
    """(class, rule, confidence); no class for a data set of which nothing says what it is
    used for.
    """
    kinds = component.kinds
    if "service" in kinds:
        # A server of one's own is a place where models run, and nobody's service.
        own = {value for value, _ in component.facts("service")} == {SELF_HOSTED}
        return ("", "", "low") if own else ("service", "client", "high")
    if "dataset" in kinds:
        used = component.facts("used-for")
        return ("training-data", "used-for", "medium") if used else ("", "", "low")
    if "reference" in kinds and not kinds & {"model", "weights", "submodel"}:
        return referenced.class_of(component)
    if kinds & {"model", "weights", "submodel"}:
        return weights.class_of(component)
    if "tokenizer" in kinds:
        return "tokenizer", "tokenizer-file", "high"
    return _code_class(component) if "source" in kinds else _package_class(component)


def _stated_class(component: Component) -> tuple[str, str, Confidence]:
    """Of a model or a data set that only an SBOM lists."""
    if component.kind == "data":
        return "training-data", "bom-type", "low"
    return referenced.class_of(component)


def _package_class(component: Component) -> tuple[str, str, Confidence]:
    kinds = component.kinds
    if "bom-component" in kinds and component.kind in ("machine-learning-model", "data"):
        return _stated_class(component)
    groups = {value for value, _ in component.facts("group")}
    if groups and "distribution" not in kinds and all(_builds(group) for group in groups):
        return "build-tool", "dependency-group", "high"
    if "image" in kinds:
        return "dependency", "base-image", "high"
    if kinds & {"project", "repository"} and not kinds & {"requirement", "locked", "distribution"}:
        return "dependency", "project-in-tree", "low"
    return "dependency", "package", "high"


_BUILDS = frozenset(
    {
        "build",
        "dev",
        "develop",
        "development",
        "test",
        "tests",
        "testing",
        "lint",
        "linting",
        "typing",
        "types",
        "doc",
        "docs",
        "quality",
    }
    | {"style", "benchmark", "bench", "ci", "release", "coverage", "constraint"}
    | {"eval", "evaluation", "examples", "demo", "format", "formatting", "mypy", "typecheck"}
)


def _builds(group: str) -> bool:
    """Whether a dependency group is for building, testing or documenting, by the words of
    its name.
    """
    kind, _, name = group.partition(":")
    if not name:
        return kind in _BUILDS
    return bool(set(name.lower().replace("_", "-").split("-")) & _BUILDS)


def _code_class(component: Component) -> tuple[str, str, Confidence]:
    """By what most of the lines are: modelling files, training, serving; code that is none of these
    serves the model.
    """
    lines = {"model-code": 0, "training-code": 0, "inference-code": 0, "build-tool": 0}
    for o in component.observations:
        if o.kind != "source":
            continue
        lines[_file_class(o)] += int(o.fact("lines") or 0)
    present = {_file_class(o) for o in component.observations if o.kind == "source"}
    best = max(
        sorted(present) or ["inference-code"], key=lambda key: (lines[key], key == "model-code")
    )
    confidence: Confidence = "medium" if lines[best] * 2 > sum(lines.values()) else "low"
    return best, "source-paths", confidence


_MODELLING = ("modeling_", "modelling_", "modular_", "configuration_", "tokenization_")
_TRAINS = frozenset(
    {
        "train",
        "training",
        "trainer",
        "trainers",
        "finetune",
        "finetuning",
        "pretrain",
        "pretraining",
        "rlhf",
        "sft",
        "optim",
    }
)
_SERVES = frozenset(
    {
        "serve",
        "server",
        "serving",
        "api",
        "entrypoints",
        "engine",
        "executor",
        "worker",
        "scheduler",
        "inference",
        "cli",
        "deploy",
        "app",
    }
)
_SETTINGS = frozenset({"config", "configs", "conf", "configuration", "configurations", "settings"})
_BUILD_FOLDERS = frozenset({"cmake", "ci", "tools", "packaging", "hack"})
_BUILD_FILES = frozenset(
    {"setup.py", "conftest.py", "noxfile.py", "tasks.py", "hubconf.py", "versioneer.py"}
)
_CONVERTER = compile_later(r"convert(?:er)?_\w+_(?:to|2)_\w+\.|convert_\w*(?:checkpoint|weights)")
"""A script that turns weights into another format runs once, and never where the model does."""
_FRAMEWORKS = frozenset(
    {"torch", "jax", "flax", "tensorflow", "keras", "mlx", "paddle", "mindspore"}
)


def _file_class(o: Observation) -> str:
    """By the words of its path; what imports a tensor library and is neither training nor serving
    is taken to be the model.
    """
    path = f"/{o.evidence.at.path.lower()}"
    name = path.rpartition("/")[2]
    words = set(re.split(r"[/._\-]", path))
    converts = _CONVERTER.match(name) is not None
    if not converts and (name.startswith(_MODELLING) or "/models/" in path):
        return "model-code"
    if set(path.split("/")[1:-1]) & _SETTINGS:
        return "inference-code"  # settings: what they set lies elsewhere
    builds = converts or path.startswith("/.") or name in _BUILD_FILES
    if builds or path.split("/")[1] in _BUILD_FOLDERS:
        return "build-tool"
    if words & _TRAINS or set(o.all("imports")) & {"deepspeed", "trl"}:
        return "training-code"
    if _SERVES.intersection(re.split(r"[/._\-]", _without_package(path))):
        return "inference-code"
    return "model-code" if set(o.all("imports")) & _FRAMEWORKS else "inference-code"


def _without_package(path: str) -> str:
    """The path without a package at the top that is called after what it serves
    (`norae_inference/transformer.py`): that says nothing of each of its files.
    """
    folders = path.removeprefix("/").removeprefix("src/").split("/")
    first, *rest = re.split(r"[_\-]", folders[0])
    return "/".join(folders[1:]) if rest and first not in _SERVES and len(folders) > 1 else path


def _why(component: Component, rule: str) -> str:
    if rule == "dependency-group":
        return ", ".join(sorted({value for value, _ in component.facts("group")}))
    if rule in ("model-type", "pipeline-tag", "architecture"):
        return component.fact(rule)
    if rule == "model-part":
        return component.fact("part")
    return (
        min((o.evidence for o in component.observations), key=lambda e: e.at).excerpt
        if component.observations
        else ""
    )


def _place(component: Component) -> Location:
    # The first place, not the first sighting: a document read back knows places alone. A licence
    # that holds for a part is no place of it.
    own = [o.evidence.at for o in component.observations if o.kind not in ("notice", "design")]
    return min(own or [o.evidence.at for o in component.observations], default=Location(""))
