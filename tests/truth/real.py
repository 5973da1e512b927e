"""What the program says of real repositories, held against what careful readers found in them:
`python -m tests.truth.real CHECKOUTS [--documents FOLDER] [--show KIND] [--only REPOSITORY ...]`.

CHECKOUTS is a folder with one checkout a repository, named `owner+name`, at the commit that
`real/repositories.csv` names; those whose column `labelled` says `blind` were labelled before the
program had read them (`blind, all kinds`: credits, donors, roots and licences, too; `blind, code`:
these alone), and are given in a folder of their own. Nothing of a repository is kept here but the facts in `real/`:
path, line, identifier. Precision counts what the program says against everything labelled in that
repository; what is in no label is counted as wrong, and `--show` lists it for reading. What stands
only in files that no reader went through (globs in the column `unread`) is not judged.
"""

from __future__ import annotations

import argparse
import csv
import fnmatch
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

LABELS = Path(__file__).parent / "real"
NEAR = 6  # lines between a label and a sighting: a call may begin some lines above its argument

# What one project is called in purls, where that is not the name of its repository.
PROJECTS = {
    "timm": "pytorch-image-models",
    "open-clip-torch": "open_clip",
    "open_clip_torch": "open_clip",
    "fschat": "fastchat",
    "lm-eval": "lm-evaluation-harness",
    "lm_eval": "lm-evaluation-harness",
    "salesforce-lavis": "lavis",
    "torch": "pytorch",
    "openai-whisper": "whisper",
    "torchvision": "vision",
    "flash-attn": "flash-attention",
    "auto-gptq": "autogptq",
    "lit-gpt": "litgpt",
    "unilm": "unilm",
}


class Place(NamedTuple):
    """A file, and a line of it (0: the whole file)."""

    path: str
    line: int


Seen = tuple[str, set[Place]]
"""A name in lower case, and where it stands."""


class Tally(NamedTuple):
    """What was labelled and said of one kind, and the cases that went wrong."""

    found: int
    labelled: int
    right: int
    said: int
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    def __add__(self, other: Tally) -> Tally:  # type: ignore[override]
        return Tally(*(mine + its for mine, its in zip(self, other, strict=True)))

    @property
    def recall(self) -> str:
        """Found of labelled."""
        return _share(self.found, self.labelled)

    @property
    def precision(self) -> str:
        """Right of said."""
        return _share(self.right, self.said)


NONE = Tally(0, 0, 0, 0)


class Document:
    """A document of the program, as far as the labels ask about it."""

    def __init__(self, data: dict[str, Any]) -> None:
        """`data` is the parsed CycloneDX JSON."""
        self.root = data["metadata"]["component"]
        self.components: list[dict[str, Any]] = list(_nested(data.get("components", [])))
        self.services: list[dict[str, Any]] = data.get("services", [])
        declarations = data.get("declarations", {})
        self.claims: list[dict[str, Any]] = declarations.get("claims", [])
        self._evidence = {row["bom-ref"]: row for row in declarations.get("evidence", [])}

    def places_of_claim(self, claim: dict[str, Any]) -> set[Place]:
        """Where the evidence of a claim was seen."""
        return {
            _place(json.loads(content).get("at", ""))
            for ref in claim.get("evidence", [])
            for row in self._evidence.get(ref, {}).get("data", [])
            if (content := row["contents"]["attachment"]["content"]).startswith("{")
        }

    def of_releases(self, kind: str) -> Iterator[Seen]:
        """What a release of somebody else lists as named by its own files."""
        for one in self.components:
            for value in values(one, "aisbom:format"):
                name, _, at = value.removeprefix(f"{kind} ").rpartition(" at ")
                if name and value.startswith(f"{kind} "):
                    yield name.lower(), {_place(at)}

    def claimed(self, attribute: str) -> Iterator[tuple[str, str, set[Place]]]:
        """(ref, value, places) of the claims about one attribute."""
        for claim in self.claims:
            name, _, value = claim["predicate"].partition("=")
            if name == attribute:
                yield claim["target"], value, self.places_of_claim(claim)


def _count(labelled: int, missed: Sequence[str], said: int, wrong: Sequence[str]) -> Tally:
    return Tally(
        labelled - len(missed), labelled, said - len(wrong), said, tuple(missed), tuple(wrong)
    )


def places(component: dict[str, Any]) -> set[Place]:
    """Where a component was seen: its occurrences, or for a service its properties."""
    rows = component.get("evidence", {}).get("occurrences", [])
    found = {Place(_file(row["location"]), row.get("line") or 0) for row in rows}
    for value in values(component, "aisbom:evidence:occurrence"):
        found.add(_place(value.split(" ")[0]))
    return found | {Place(_file(path), 0) for path in values(component, "aisbom:component:path")}


def values(component: dict[str, Any], name: str) -> list[str]:
    """All values of one property."""
    rows = component.get("properties", [])
    return [row["value"] for row in rows if row["name"] == name]


def identifier(component: dict[str, Any]) -> str:
    """A model's or data set's name as its hub spells it, in lower case."""
    purl = component.get("purl", "")
    for head in ("pkg:huggingface/datasets/", "pkg:huggingface/"):
        if purl.startswith(head):
            return purl[len(head) :].split("@")[0].split("?")[0].lower()
    if component.get("group"):
        return f"{component['group']}/{component['name']}".lower()
    return str(component["name"]).lower()


def measure_models(document: Document, repository: str) -> Tally:
    """Models: an identifier at its file and line. What is said is every model without weights."""
    labels = _rows("models", repository)
    silent = {row["text"].lower() for row in _rows("not_models", repository)}
    # A tokenizer that is taken from a model's repository is a file.
    seen = [
        (identifier(one), places(one))
        for one in document.components
        if one["type"] in ("machine-learning-model", "file")
    ]
    said = [
        (identifier(one), places(one))
        for one in document.components
        if one["type"] == "machine-learning-model"
        and (one.get("purl") or values(one, "aisbom:reference:loader"))
    ]
    # A configuration that keeps the name of its model makes a claim, and no component.
    claimed = [
        (model_id(value), where)
        for name in ("weights-from", "base-model")
        for _, value, where in document.claimed(name)
    ]
    listed = document.of_releases("model")
    return _measure(repository, labels, [*seen, *claimed, *listed], said, silent)


def measure_datasets(document: Document, repository: str) -> Tally:
    """Data sets, likewise."""
    said = [(identifier(one), places(one)) for one in document.components if one["type"] == "data"]
    listed = document.of_releases("data set")
    return _measure(repository, _rows("datasets", repository), [*said, *listed], said, set())


def unread(repository: str) -> Callable[[set[Place]], bool]:
    """Whether all of these places lie in files that no reader of the repository went through."""
    globs = [
        glob
        for row in _read("repositories")
        if row["repository"] == repository
        for glob in row["unread"].split()
    ]

    def outside(where: set[Place]) -> bool:
        return bool(where) and all(
            any(fnmatch.fnmatchcase(place.path, glob) for glob in globs) for place in where
        )

    return outside


def _measure(
    repository: str,
    labels: list[dict[str, str]],
    seen: list[Seen],
    said: list[Seen],
    silent: set[str],
) -> Tally:
    outside = unread(repository)
    known = {row["id"].lower() for row in labels}
    missed = [
        f"{row['at']} {row['id']}"
        for row in labels
        if not any(
            _same(name, row["id"]) and _near(_place(row["at"]), where) for name, where in seen
        )
    ]
    judged = [
        (name, where)
        for name, where in said
        if any(_same(name, label) for label in known) or not outside(where)
    ]
    wrong = [
        f"{name} {first(where)}"
        for name, where in judged
        if name in silent or not any(_same(name, label) for label in known)
    ]
    return _count(len(labels), missed, len(judged), wrong)


def first(where: set[Place]) -> str:
    """The first place with a line, as `path:line`."""
    lines = sorted(place for place in where if place.line) or sorted(where)
    return f"{lines[0].path}:{lines[0].line}" if lines else ""


def model_id(value: str) -> str:
    """The id that a claim names, in lower case."""
    return value.removeprefix("pkg:huggingface/").split("@")[0].lower()


def measure_services(document: Document, repository: str) -> Tally:
    """Services by provider. A row whose provider is `none` names a line where none may be said, one
    with `not X` a line that is no use of X.
    """
    rows = _rows("services", repository)
    refused = [row for row in rows if row["provider"].split()[0] in ("none", "not")]
    labels = [row for row in rows if row not in refused]
    outside = unread(repository)
    seen = [
        (f"{one['name']} {one.get('provider', {}).get('name', '')}", places(one))
        for one in document.services
    ]

    def same(provider: str, name: str) -> bool:
        # `OpenAI (gpt-4o)`, `OpenAI on Microsoft Azure (gpt-4)`: any of the providers, no model.
        parts = provider.split(" (", maxsplit=1)[0].split(" on ")
        return any(_word(part) in _word(name) or _words(part) <= _words(name) for part in parts)

    def not_there(name: str, where: set[Place]) -> bool:
        lines = {place for place in where if place.line}
        return any(
            _near(_place(row["at"]), lines, 1)
            and (row["provider"] == "none" or same(row["provider"].removeprefix("not "), name))
            for row in refused
        )

    missed = [
        f"{row['at']} {row['provider']}"
        for row in labels
        if not any(
            same(row["provider"], name) and _near(_place(row["at"]), where) for name, where in seen
        )
    ]
    hosted = [
        (name, where)
        for name, where in seen
        if "self-hosted" not in name.lower()
        and (any(same(row["provider"], name) for row in labels) or not outside(where))
    ]
    wrong = [
        f"{name} {first(where)}"
        for name, where in hosted
        if not_there(name, where) or not any(same(row["provider"], name) for row in labels)
    ]
    return _count(len(labels), missed, len(hosted), wrong)


def measure_parts(document: Document, repository: str) -> Tally:
    """Parts and bases that the repository names: something stands at the place, with its country
    where the label has one.
    """
    labels = _rows("parts", repository)
    models = [(one, places(one)) for one in document.components if one["type"] != "library"]
    claims = [
        (value, where)
        for name in ("weights-from", "architecture-from", "base-model", "code-from")
        for _, value, where in document.claimed(name)
    ]
    missed = []
    for row in labels:
        at = _place(row["at"])
        here = [one for one, where in models if _near(at, where)]
        named = [value for value, where in claims if _near(at, where)]
        if not here and not named:
            missed.append(f"{row['at']} {row['part']}: {row['what']}")
    return Tally(len(labels) - len(missed), len(labels), 0, 0, tuple(missed))


_CLASSES = {
    "backbone": ("backbone-weights",),
    "encoder": ("encoder-weights",),
    "decoder": ("backbone-weights", "encoder-weights"),
    "adapter": ("adapter-weights",),
    "projector": ("adapter-weights",),
    "tokenizer": ("tokenizer",),
}


def measure_classes(document: Document, repository: str) -> Tally:
    """The class of every model that is found: one of those that its labels name."""
    labels = _rows("models", repository)
    said, wrong = 0, []
    for one in document.components:
        name = identifier(one)
        wanted = {
            kind
            for row in labels
            if _same(name, row["id"]) and any(_near(_place(row["at"]), {at}) for at in places(one))
            for kind in _CLASSES.get(row["part"], ())
        }
        found = values(one, "aisbom:component:class")
        code = any(kind.endswith("-code") for kind in found)  # a folder of the same name
        if wanted and found and not code and one["type"] in ("machine-learning-model", "file"):
            said += 1
            if not wanted & set(found):
                wrong.append(f"{name} is {'/'.join(found)}, not {'/'.join(sorted(wanted))}")
    return Tally(0, 0, said - len(wrong), said, (), tuple(wrong))


def measure_core(document: Document, repository: str) -> Tally:
    """Core models that a reader found in the product, or as a part that the project names. One that
    stands in no label is not judged here.
    """
    labels = _rows("models", repository)
    named = [_place(row["at"]) for row in _rows("parts", repository)]
    said, wrong = 0, []
    for one in document.components:
        name, where = identifier(one), places(one)
        rows = [row for row in labels if _same(name, row["id"])]
        if "core" not in values(one, "aisbom:component:role") or not rows:
            continue
        said += 1
        product = any(row["place"] == "product" for row in rows)
        if not product and not any(_near(at, where) for at in named):
            wrong.append(f"{name} {'/'.join(sorted({row['place'] for row in rows}))}")
    return Tally(0, 0, said - len(wrong), said, (), tuple(wrong))


def measure_credits(document: Document, repository: str) -> Tally:
    """Credits that a file or a notice gives to a project."""
    labels = [row for row in _rows("credits", repository) if "/" in row["credited"]]
    claims = [(project(v), where) for _, v, where in document.claimed("code-from")]
    missed = [
        f"{row['at']} {row['credited']}"
        for row in labels
        if not any(
            name == project(row["credited"]) and _near(_place(row["at"]), where, 10**6)
            for name, where in claims
        )
    ]
    return Tally(len(labels) - len(missed), len(labels), 0, 0, tuple(missed))


def measure_donors(document: Document, repository: str) -> Tally:
    """Donors of files and folders. Said is what names a member, not a family."""
    labels = _rows("donors", repository)
    basis = {ref: value for ref, value, _ in document.claimed("code-from.basis")}
    # The evidence of a release is its first file; its places are all of them.
    releases = {
        one["bom-ref"]: places(one)
        for one in document.components
        if basis.get(one["bom-ref"]) == "identical" or one["bom-ref"].startswith("derived:")
    }
    folders = {
        one["bom-ref"]: one
        for one in document.components
        if basis.get(one["bom-ref"]) == "identical"
    }
    hints = {
        (claim["target"], claim["predicate"].partition("=")[2])
        for claim in document.claims
        if claim["predicate"].startswith("code-from=") and claim["reasoning"].endswith(" low")
    }
    claims = [
        (project(value), where | releases.get(ref, set()), basis.get(ref, ""), value, ref)
        for ref, value, where in document.claimed("code-from")
        if value != "unknown"
    ]
    why = {
        (row["path"], row["donor_project"]): f": {row['reason']}"
        for row in _rows("donors_unshown", repository)
    }
    missed = [
        f"{row['path']} <- {row['donor_project']}{why.get((row['path'], row['donor_project']), '')}"
        for row in labels
        if not any(
            name == project(row["donor_project"])
            and (_below(row["path"], where) or _holds(folders.get(ref), row["path"]))
            for name, where, _, _, ref in claims
        )
    ]
    credited = {project(row["credited"]) for row in _rows("credits", repository)}
    right = {project(row["donor_project"]) for row in labels} | credited
    # A hint names no donor: no component bears it.
    named = [
        one
        for one in claims
        if one[2] in ("derived", "identical") and (one[4], one[3]) not in hints
    ]
    wrong = [
        f"{value} {sorted(where)[:1]}" for name, where, _, value, _ in named if name not in right
    ]
    return _count(len(labels), missed, len(named), wrong)


def _holds(release: dict[str, Any] | None, path: str) -> bool:
    """Whether a file is a release's: it lies in its folder, of which places beyond the fiftieth are
    not listed, and was not added there.
    """
    return release is not None and any(
        path.startswith(f"{root}/") and path not in values(release, "aisbom:vendored:added:path")
        for root in values(release, "aisbom:component:path")
    )


def measure_accusations(document: Document, repository: str) -> Tally:
    """Files whose notice is said to be missing or replaced; right where a reader says so too."""
    guilty = {
        row["path"]
        for row in _rows("donors", repository)
        if re.search(r"=(?:missing|replaced)", row["attribution"])
    }
    said = sorted(
        {
            (place.path, value)
            for _, value, where in document.claimed("attribution")
            if value.split(" ")[-1] in ("missing", "replaced")
            for place in where
        }
    )
    wrong = [
        f"{path} {value}"
        for path, value in said
        if not any(path == one or path.startswith(f"{one}/") for one in guilty)
    ]
    return Tally(0, 0, len(said) - len(wrong), len(said), (), tuple(wrong))


def measure_no_licence(document: Document, repository: str) -> Tally:
    """Sentences that nothing states a licence; true only where the root has none."""
    [root] = _rows("roots", repository)
    said = [
        value
        for one in [document.root, *document.components]
        for value in values(one, "aisbom:licence:conflict")
        if value.startswith("no-licence")
    ]
    wrong = [] if root["licence"] == "none" else said
    return Tally(0, 0, len(said) - len(wrong), len(said), (), tuple(wrong))


def measure_roots(document: Document, repository: str) -> Tally:
    """Licence and maker of the root: two questions a repository."""
    [row] = _rows("roots", repository)
    licences = {
        one.get("expression") or one["license"].get("id") or one["license"].get("name", "")
        for one in document.root.get("licenses", [])
    }
    country = values(document.root, "aisbom:origin:developed:country")
    missed = []
    plain = {re.sub(r"^LicenseRef-.*", "LicenseRef-", name) for name in licences}
    if plain != {re.sub(r"^LicenseRef-.*", "LicenseRef-", row["licence"])} - {"none"}:
        missed.append(f"licence {sorted(licences)} is {row['licence']}")
    expected = row["country"]
    # Where nothing tells who made it, it is right to name nobody.
    nobody = country == ["ZZ"] if expected else country in ([], ["ZZ"])
    if expected not in country and not (expected in ("person-undisclosed", "") and nobody):
        missed.append(f"maker {country} is {row['maker']} {expected}")
    if len(country) > 1:
        missed.append(f"maker {country} is one")
    return Tally(2 - min(2, len(missed)), 2, 0, 0, tuple(missed))


def measure_licences(document: Document, repository: str) -> Tally:
    """Licences of parts of a repository."""
    labels = _rows("licences", repository)
    # The evidence of a tree's licence is some of its files; what it says holds for all of them.
    trees = {one["bom-ref"]: places(one) for one in document.components}
    said = [
        (value, where | trees.get(ref, set()))
        for name in ("licence.declared", "licence.observed", "licence.concluded")
        for ref, value, where in document.claimed(name)
    ]
    missed = [
        f"{row['at']} {row['licence']}"
        for row in labels
        if not any(
            _same_licence(value, row["licence"])
            and any(at.path == _place(row["at"]).path for at in where)
            for value, where in said
        )
    ]
    return Tally(len(labels) - len(missed), len(labels), 0, 0, tuple(missed))


def measure_dependencies(document: Document, repository: str) -> Tally:
    """Packages that manifests, settings of images and commands name: found by name; right with
    their scope, `product` for what runs with it (extras, too), `other` for what builds, tests,
    documents or shows it. What only a lock names is not judged, and one that a lock lists may be
    needed by another package of the product.
    """
    labels = {package(row["name"]): row["scope"] for row in _rows("dependencies", repository)}
    said: dict[str, set[str]] = {}
    where: dict[str, set[Place]] = {}
    for one in document.components:
        if one["type"] == "library" and values(one, "aisbom:requirement:group"):
            roles = values(one, "aisbom:component:path_role")
            plain = one.get("scope") in ("required", "optional") and roles in ([], ["product"])
            said.setdefault(package(one["name"]), set()).add("product" if plain else "other")
            where.setdefault(package(one["name"]), set()).update(places(one))
    outside = unread(repository)
    locked = {name for name, at in where.items() if any(map(_is_lock, at))}
    judged = {name for name, at in where.items() if not all(map(_is_lock, at)) and not outside(at)}
    missed = [f"{name} ({scope})" for name, scope in labels.items() if name not in said]
    wrong = [
        f"{name} is {'/'.join(sorted(said[name]))}, not {labels.get(name)} {first(where[name])}"
        for name in sorted(judged)
        if labels.get(name) not in said[name] and not (name in locked and name in labels)
    ]
    return _count(len(labels), missed, len(judged), wrong)


def _is_lock(place: Place) -> bool:
    return place.path.endswith(".lock") or place.path.rpartition("/")[2].startswith("pylock")


def package(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


KINDS = {
    "models": measure_models,
    "datasets": measure_datasets,
    "services": measure_services,
    "parts": measure_parts,
    "classes": measure_classes,
    "core": measure_core,
    "credits": measure_credits,
    "donors": measure_donors,
    "accusations": measure_accusations,
    "no-licence": measure_no_licence,
    "roots": measure_roots,
    "licences": measure_licences,
    "dependencies": measure_dependencies,
}


NAMED = ("models", "datasets", "services", "parts", "classes", "core")
"""What was labelled, and nothing else, in repositories that were read before the program had seen
them (`blind`).
"""


def project(name: str) -> str:
    """A project by the last part of its purl or repository."""
    plain = (
        re.sub(r"^pkg:\w+/", "", name.split(" ", maxsplit=1)[0])
        .split("#")[0]
        .split("@")[0]
        .split("?")[0]
    )
    last = plain.rsplit("/", 1)[-1].lower()
    return PROJECTS.get(last, last).replace("_", "-")


def write_document(checkout: Path, output: Path) -> None:
    """Scan a checkout with the program that is installed beside this interpreter."""
    program = [sys.executable, "-m", "aisbom", "generate", str(checkout), "-o", str(output)]
    program += ["--claims", "all"]  # the places of what is peripheral, too
    subprocess.run([*program, "--quiet", "--no-cache"], check=True)


def main() -> None:
    """Print one table, and with `--show` every miss and every error of one kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--only", nargs="*", default=[], metavar="REPOSITORY")
    parser.add_argument("--documents", type=Path, default=Path("real-documents"))
    parser.add_argument("--show", choices=[*KINDS, "all"], action="append", default=[])
    parser.add_argument("--keep", action="store_true", help="use the documents that are there")
    given = parser.parse_args()
    given.documents.mkdir(parents=True, exist_ok=True)
    totals = dict.fromkeys(KINDS, NONE)
    for row in _read("repositories"):
        name = row["repository"]
        checkout = given.checkouts / name.replace("/", "+")
        chosen = not given.only or any(word in name for word in given.only)
        if not chosen or not checkout.is_dir():
            continue
        output = given.documents / f"{name.replace('/', '+')}.json"
        if not (given.keep and output.is_file()):
            write_document(checkout, output)
        document = Document(json.loads(output.read_text("utf-8")))
        for kind, measure in KINDS.items():
            if row["labelled"] == "blind" and kind not in NAMED:
                continue
            if row["labelled"] == "blind, code" and kind in NAMED:
                continue
            if kind == "dependencies" and not _rows(kind, name):
                continue
            tally = measure(document, name)
            totals[kind] += tally
            if kind in given.show or "all" in given.show:
                for case in tally.missed:
                    print(f"{name} {kind} missed: {case}")
                for case in tally.wrong:
                    print(f"{name} {kind} wrong: {case}")
    print(
        "\n| kind | found / labelled | recall | right / said | precision |\n|---|---|---|---|---|"
    )
    for kind, tally in totals.items():
        print(
            f"| {kind} | {tally.found} / {tally.labelled} | {tally.recall} "
            f"| {tally.right} / {tally.said} | {tally.precision} |"
        )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else ""


def _nested(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in components:
        yield one
        yield from _nested(one.get("components", []))


def _file(location: str) -> str:
    return location.split("!/", maxsplit=1)[0].split("#", maxsplit=1)[0].removeprefix("./")


def _place(text: str) -> Place:
    path, _, line = text.rpartition(":")
    if not line.isdigit():
        return Place(_file(text), 0)
    if "!/" in path:  # lines inside a notebook's cell are not the file's own
        return Place(_file(path), 0)
    return Place(_file(path), int(line))


def _near(at: Place, where: set[Place], lines: int = NEAR) -> bool:
    return any(
        at.path == one.path and (0 in (at.line, one.line) or abs(at.line - one.line) <= lines)
        for one in where
    )


def _below(path: str, where: set[Place]) -> bool:
    return any(one.path == path or one.path.startswith(f"{path}/") for one in where)


_FILE = re.compile(r"\.(?:pt|pth|ckpt|onnx|bin|safetensors|gguf|th|tar|tar\.gz)$")


def _same(said: str, label: str) -> bool:
    """`owner/name` is itself; a label or a component without an owner is compared by name, weights
    that a URL names by their file. Of `torch.hub` either the repository or its entry.
    """
    said, label = unquote(said).lower(), label.lower().split(" (")[0]
    if ":" in said:
        return any(_same(part, label) for part in said.split(":"))
    if "/" in said and "/" in label:
        return said == label
    return _bare(said) == _bare(label)


def _bare(name: str) -> str:
    # `ViT-L/14` is a name, `owner/name` has one.
    last = re.sub(r"^[^/]*/(?=.*[a-z])", "", name)
    return re.sub(r"[^a-z0-9+가-힣]", "", _FILE.sub("", last))


def _same_licence(said: str, label: str) -> bool:
    """A licence of somebody's own has no name that two readers would give it."""
    return label in said or (label.startswith("LicenseRef-") and said.startswith("LicenseRef-"))


def _word(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower().removesuffix(" api"))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))


def _rows(name: str, repository: str) -> list[dict[str, str]]:
    return [row for row in _read(name) if row["repository"] == repository]


def _read(name: str) -> list[dict[str, str]]:
    with (LABELS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


if __name__ == "__main__":
    main()
