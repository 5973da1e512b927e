"""What was seen of one component, as the facts of its part: places, requirements, sizes, values."""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.model import Component, Observation
from aisbom.model.facts import LICENCE_SCOPE, SAYS_LICENCE, WEIGHTS_REFERENCES
from aisbom.source.hashing import SAMPLED

MAX_PLACES = 50
"""More places than this are counted, not listed: a code tree has thousands, and every claim carries
its own.
"""

_MAX_LOADERS = 12
_PACKAGES = frozenset({"requirement", "locked", "distribution"})
_REPOSITORIES = frozenset({"repository"})


def paths(subject: Component) -> Iterator[tuple[str, str]]:
    """Where it lies: one place for a component of many files, a release or a code tree."""
    found = _whole(subject) or seen_paths(subject)[:MAX_PLACES]
    for path in found:
        yield "component.path", path or "."


def seen_paths(subject: Component) -> list[str]:
    """The paths of all its sightings, sorted."""
    return sorted({o.evidence.at.path for o in subject.observations})


def _whole(subject: Component) -> list[str]:
    release = next((o for o in subject.observations if o.kind == "release"), None)
    if release is not None:
        return [release.evidence.at.path if release.fact("single") else release.fact("root") or "."]
    copied = any(o.fact("lineage") for o in subject.observations)
    return [subject.name] if subject.kinds & {"source"} and not copied else []


def scopes(subject: Component) -> list[tuple[str, str]]:
    """Licences that hold for a part only: of a file or folder below, for the weights or the data,
    or further down in a file that strings several together; and the known text that a licence of
    its own changes.
    """
    rows = []
    files = [o for o in subject.observations if o.kind == "notice"]
    top = min((o.evidence.at.path.count("/") for o in files), default=0)
    for o in files:
        path = o.evidence.at.path
        mine = o.all("licence-guess") if path.count("/") > top else ()
        others = () if o.fact("licence-choice") else o.all("licence-other")
        rows += [("licence.scope", f"{value} {path}") for value in (*mine, *others)]
        if (part := o.fact("licence-part")) and part != "code":
            found = o.all("licence-guess")
            rows += [("licence.scope", f"{value} {part} ({path})") for value in found]
        rows += [
            ("licence.scope", f"{row.name} {row.part} ({path}:{row.line})")
            for row in o.get(SAYS_LICENCE)
            if row.part not in ("all", "code")
        ]
        rows += [("licence.similar", value) for value in o.all("licence-similar")]
        rows += [
            ("licence.scope", f"{scope.expression} {scope.glob}") for scope in o.get(LICENCE_SCOPE)
        ]
    return sorted(set(rows))[:MAX_PLACES]


def requirements(subject: Component) -> Iterator[tuple[str, str]]:
    """As manifests state them, and the state of a checkout."""
    for key in ("specifier", "marker", "group", "editable"):
        yield from _list_stated(subject, key, _PACKAGES, "requirement")
    for key in ("dirty", "tag", "submodule"):
        yield from _list_stated(subject, key, _REPOSITORIES, "vcs")


def _list_stated(
    subject: Component, key: str, kinds: frozenset[str], prefix: str
) -> Iterator[tuple[str, str]]:
    values = {v for o in subject.observations if o.kind in kinds for v in o.all(key)}
    for value in sorted(values):
        yield f"{prefix}.{key}", value


def sizes(subject: Component) -> Iterator[tuple[str, str]]:
    """Sampled digests, and the natural size of code and weights."""
    for value in sorted({v for v, _ in subject.facts("hash") if v.startswith(SAMPLED)}):
        yield "hash.sampled", value
    sources = [o for o in subject.observations if o.kind == "source"]
    if sources:
        yield "size.files", str(len(sources))
        yield "size.lines", str(_sum(sources, "lines"))
    files = [
        o
        for o in subject.observations
        if o.kind == "weights" and not o.evidence.at.path.endswith(".index.json")
    ]
    if files:
        data = {o.evidence.at.path: o for o in subject.observations if o.kind == "weight-data"}
        yield "size.bytes", str(_sum([*files, *data.values()], "size"))
    if subject.weights:
        yield "tensor.parameters", str(_sum(subject.weights, "parameters"))
        yield "tensor.count", str(_sum(subject.weights, "tensors"))
    rows = files or list(subject.weights)
    for dtype in sorted({d for o in rows for d in o.all("dtype")}):
        yield "tensor.dtype", dtype
    for digest in sorted({o.fact("tensor-digest") for o in rows} - {""}):
        yield "tensor.manifest_digest", f"sha256:{digest}"


def _sum(rows: list[Observation] | tuple[Observation, ...], key: str) -> int:
    return sum(int(o.fact(key) or 0) for o in rows)


def list_examined(subject: Component) -> Iterator[tuple[str, str]]:
    """How much of the values of weights was read, under which budget, and what it was held
    against.
    """
    looked = [o for o in subject.observations if o.kind == "values"]
    if not looked:
        return
    read, size = _sum(looked, "weights-read"), _sum(looked, "weights-bytes")
    yield "weights.examined", f"{read} of {size} bytes ({read / size if size else 0:.4f})"
    for value in sorted({o.fact("weights-budget") for o in looked}):
        yield "weights.budget", value
    for held in sorted({held for o in looked for held in o.get(WEIGHTS_REFERENCES)}):
        yield "weights.references", f"{held.number} sha256:{held.digest}"
    left = _sum(looked, "weights-left")
    if left:
        yield "weights.left", f"{left} tensors beyond the budget"
    same = {o.fact("same-values") for o in subject.observations if o.kind == "match"} - {""}
    for path in sorted(same):
        yield "weights.same_values", path


def references(subject: Component) -> Iterator[tuple[str, str]]:
    """How a part is loaded or used where only references to it are here, and the formats and open
    references of a code tree.
    """
    if subject.kinds & {"reference", "dataset"}:
        for value in _values(subject, "loader")[:_MAX_LOADERS]:
            yield "reference.loader", value
        for value in _values(subject, "revision")[:_MAX_LOADERS]:
            yield "reference.revision", value
        for value in _values(subject, "hash-prefix"):
            yield "hash.prefix", value
    for value in _values(subject, "format")[:MAX_PLACES]:
        yield "format", value
    unresolved = sum(int(value) for value, _ in subject.facts("unresolved-loader-calls"))
    if unresolved:
        yield "reference.unresolved", str(unresolved)
    for value in _values(subject, "unresolved-loader")[:MAX_PLACES]:
        yield "reference.unresolved.at", value


def _values(subject: Component, key: str) -> list[str]:
    return sorted({value for value, _ in subject.facts(key)})
