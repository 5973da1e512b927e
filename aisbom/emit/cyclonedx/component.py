"""One component as a CycloneDX object: standard fields first, registered properties second,
`aisbom:` ones last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from aisbom.emit.cyclonedx import model_card, training
from aisbom.emit.cyclonedx.pedigree import figures, functions, pedigree
from aisbom.emit.cyclonedx.weights import NOT_IDENTITY, examined, identities
from aisbom.model import Claim, Component
from aisbom.model.facts import LICENCE_SCOPE
from aisbom.model.ledger import Answer
from aisbom.source.hashing import SAMPLED

Json = dict[str, Any]
Answers = Mapping[str, Answer]

MAX_OCCURRENCES = 50
"""More places than this are counted, not listed: a code tree has thousands, and every claim carries
its own.
"""

CONFIDENCE = {"low": 0.3, "medium": 0.6, "high": 0.9}
"""Never 1: only equal digests are certain, and those are written by the rule that compared them."""

STAGES = ("developed", "trained", "collected", "operated", "architecture")

_PACKAGE_KINDS = frozenset({"requirement", "locked", "distribution", "bom-component"})
_SPDX_ID = re.compile(r"[A-Za-z0-9.\-+]+")
_HEX = {
    "md5": ("MD5", 32),
    "sha1": ("SHA-1", 40),
    "sha256": ("SHA-256", 64),
    "sha384": ("SHA-384", 96),
    "sha512": ("SHA-512", 128),
}
_URL = re.compile(r"https?://[A-Za-z0-9.\-]+(:\d+)?(/[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*)?")
_LABELS = {
    "source": "vcs",
    "source code": "vcs",
    "repository": "vcs",
    "code": "vcs",
    "github": "vcs",
    "homepage": "website",
    "home": "website",
    "documentation": "documentation",
    "docs": "documentation",
    "tracker": "issue-tracker",
    "issues": "issue-tracker",
    "bug tracker": "issue-tracker",
    "bug reports": "issue-tracker",
    "changelog": "release-notes",
    "release notes": "release-notes",
    "download": "distribution",
}


def component(  # noqa: C901, PLR0912, PLR0913, PLR0915
    subject: Component,
    answers: Answers,
    kind: str,
    tool: str,
    spdx: frozenset[str],
    *,
    data: Mapping[str, str] | None = None,
) -> Json:
    """The object without its nested parts. `kind` is the CycloneDX type, `spdx` the ids that the
    schema knows, `data` see `model_card`.
    """
    row: Json = {"type": kind, "bom-ref": subject.ref}
    unknown: list[str] = []
    maker = _organisation(answers)
    if maker:
        row["manufacturer"] = maker
    elif kind != "file":
        unknown.append("manufacturer")
    group, _, name = subject.name.rpartition("/")
    if group and subject.purl.startswith("pkg:huggingface/"):
        row["group"], row["name"] = group, name
    else:
        row["name"] = subject.name or "unnamed"
    if subject.version:
        row["version"] = subject.version
    elif kind != "file":
        unknown.append("version")
    description = subject.fact("summary")
    if description:
        row["description"] = description
    scope = _scope(subject, answers)
    if scope:
        row["scope"] = scope
    hashes, digests = _hashes(subject)
    if hashes:
        row["hashes"] = hashes
    elif kind != "application":
        unknown.append("hash")
    licences = _licences(answers, spdx)
    if licences:
        row["licenses"] = licences
    elif kind != "file":
        unknown.append("licence")
    holders = sorted({value for value, _ in subject.facts("copyright-holder")})
    if subject.purl:
        row["purl"] = subject.purl
    elif kind != "file":
        unknown.append("purl")
    logs = training.told_of(subject, _said(answers)) if kind == "machine-learning-model" else []
    references = [*_references(subject, digests), *training.references(logs)]
    if references:
        row["externalReferences"] = references
    if kind == "machine-learning-model":
        made = {
            "pedigree": model_card.pedigree(subject, answers.get("weights-from")),
            "modelCard": model_card.model_card(subject, data or {}),
        }
        row.update({key: value for key, value in made.items() if value})
    elif made_from := pedigree(subject, spdx):
        row["pedigree"] = made_from
    elif kind == "data":
        row["data"] = [_dataset(subject, answers)]
    row["evidence"] = _evidence(subject, tool, holders, spdx)
    row["properties"] = properties(subject, answers, unknown)
    row["properties"] += [
        {"name": name, "value": value} for name, value in training.properties(logs, subject)
    ]
    return row


def _said(answers: Answers) -> list[Claim]:
    """What somebody declares of this component."""
    rows = {
        c
        for answer in answers.values()
        for c in (*answer.carried, *answer.against, *answer.withdrawn)
        if c.status == "declared"
    }
    return sorted(rows)


def answered(answers: Answers, attribute: str) -> str:
    """The agreed value; for the program's own judgements (class, role, path role) a weak one too;
    else `""`.
    """
    answer = answers.get(attribute)
    if answer is None:
        return ""
    if answer.state == "unknown" and answer.against and not attribute.startswith("origin"):
        return answer.against[0].value
    return answer.value if answer.state == "agreed" else ""


_ANCESTRY = {
    "code-from": "aisbom:code-from",
    "weights-from": "aisbom:weights-from",
    "architecture-from": "aisbom:architecture-from",
    "copyright-organisation": "aisbom:copyright:organisation",
    "code-from.basis": "aisbom:code-from:basis",
    "code-from.holder": "aisbom:code-from:holder",
    "code-from.country": "aisbom:code-from:country",
    "code-from.member": "aisbom:code-from:member",
}
"""Answers of which each value is a property, and its name, in their order."""


def _side_by_side(answers: Answers, attribute: str, name: str) -> list[tuple[str, str]]:
    """A property for each value that stands."""
    answer = answers.get(attribute)
    return [(name, value) for value in (answer.values if answer else ())]


def properties(subject: Component, answers: Answers, unknown: Sequence[str]) -> list[Json]:  # noqa: C901
    """Name and value pairs in a fixed order; an answer that was not looked for has no property."""
    rows: list[tuple[str, str]] = []
    for value, _ in subject.facts("extra"):
        rows.append(("cdx:python:package:required-extra", value))
    rows += model_card.properties(subject)
    for key in ("role", "class", "path-role"):
        value = answered(answers, key)
        if value:
            rows.append((f"aisbom:component:{key.replace('-', '_')}", value))
    role = answers.get("role")
    if role is not None:
        rule = next((e.by for c in (*role.carried, *role.against) for e in c.evidence), "")
        rows.append(("aisbom:component:role_rule", rule))
    paths = sorted({o.evidence.at.path for o in subject.observations})
    rows += [
        ("aisbom:component:path", path or ".")
        for path in _places(subject) or paths[:MAX_OCCURRENCES]
    ]
    for stage in STAGES:
        rows += _origin(
            stage, answers.get(f"origin.{stage}"), answers.get(f"origin.{stage}.organisation")
        )
    for attribute, name in _ANCESTRY.items():
        rows += _side_by_side(answers, attribute, name)
    rows += figures(subject)
    for attribute in ("initialisation", "attribution"):
        answer = answers.get(attribute)
        if answer is not None:
            rows.append(
                (f"aisbom:{attribute}", answer.value if answer.state == "agreed" else "unknown")
            )
    rows += [("aisbom:declared", text) for text in _declared(answers)]
    rows += [("aisbom:contradiction", text) for text in _contradictions(answers)]
    rows += _scopes(subject)
    steward = answers.get("licence.steward")
    rows += [
        ("aisbom:licence:steward", claim.value) for claim in (steward.against if steward else ())
    ]
    clash = answers.get("licence.conflict")
    rows += _side_by_side(answers, "licence.conflict", "aisbom:licence:conflict")
    rows += [("aisbom:licence:note", claim.value) for claim in (clash.against if clash else ())]
    rows += _side_by_side(answers, "contradiction", "aisbom:contradiction")
    rows += _runs_code(answers)
    for key in ("specifier", "marker", "group", "editable", "dirty", "tag", "submodule"):
        if key == "tag" and not subject.kinds & {"repository"}:
            continue
        name = (
            f"aisbom:requirement:{key}"
            if key in ("specifier", "marker", "group", "editable")
            else f"aisbom:vcs:{key}"
        )
        kinds = (
            {"repository"}
            if name.startswith("aisbom:vcs")
            else {"requirement", "locked", "distribution"}
        )
        rows += [
            (name, value)
            for value in sorted(
                {v for o in subject.observations if o.kind in kinds for v in o.all(key)}
            )
        ]
    for value in sorted({v for v, _ in subject.facts("hash") if v.startswith(SAMPLED)}):
        rows.append(("aisbom:hash:sampled", value))
    rows += _sizes(subject)
    rows += examined(subject)
    rows += _referred(subject)
    if len(paths) > MAX_OCCURRENCES:
        rows.append(("aisbom:evidence:occurrences", str(len(paths))))
    rows += [("aisbom:unknown", name) for name in unknown]
    return [{"name": name, "value": value} for name, value in dict.fromkeys(rows)]


def _runs_code(answers: Answers) -> list[tuple[str, str]]:
    """What can run code, and what of that could not be followed."""
    told = [answers.get(name) for name in ("runs-code", "runs-code.remote", "runs-code.loader")]
    return [
        ("aisbom:runs-code", claim.value)
        for answer in told
        if answer
        for claim in (*answer.carried, *answer.against)
    ]


def _places(subject: Component) -> list[str]:
    """Where a component of many files lies, as one place: a release by its folder, a code tree by
    its name.
    """
    release = next((o for o in subject.observations if o.kind == "release"), None)
    if release is not None:
        return [release.evidence.at.path if release.fact("single") else release.fact("root") or "."]
    copied = any(o.fact("lineage") for o in subject.observations)
    return [subject.name] if subject.kinds & {"source"} and not copied else []


def _declared(answers: Answers) -> list[str]:
    """`attribute=value [claim]` for what somebody declares of this component: his word, not what
    the files show.
    """
    rows = []
    for attribute, answer in sorted(answers.items()):
        told = [
            c
            for c in (*answer.carried, *answer.against, *answer.withdrawn)
            if c.status == "declared"
        ]
        rows += [
            f"{attribute}={c.value} [{c.ref}]"
            for c in told
            if not attribute.endswith(".organisation")
        ]
    return rows


def _contradictions(answers: Answers) -> list[str]:
    """One sentence, with both places, for each question on which a declaration and the files
    disagree.
    """
    rows = []
    for attribute, answer in sorted(answers.items()):
        said = [c for c in answer.carried if c.status == "declared"]
        found = [c for c in answer.carried if c.status == "derived"]
        if answer.state == "contested" and said and found:
            first, other = said[0].evidence[0], found[0].evidence[0]
            rows.append(
                f"{attribute} is declared as {said[0].value} at {first.at}, but {other.by} says"
                f" {found[0].value} at {other.at}"
            )
    return rows


def _referred(subject: Component) -> list[tuple[str, str]]:
    """How a part is loaded or used where only references to it are here, and the formats and open
    references of a code tree.
    """
    rows = []
    if subject.kinds & {"reference", "dataset"}:
        rows += [
            ("aisbom:reference:loader", value)
            for value in sorted({v for v, _ in subject.facts("loader")})[:12]
        ]
        rows += [
            ("aisbom:reference:revision", value)
            for value in sorted({v for v, _ in subject.facts("revision")})[:12]
        ]
        rows += [
            ("aisbom:hash:prefix", value)
            for value in sorted({v for v, _ in subject.facts("hash-prefix")})
        ]
    rows += [
        ("aisbom:format", value)
        for value in sorted({v for v, _ in subject.facts("format")})[:MAX_OCCURRENCES]
    ]
    unresolved = sum(int(value) for value, _ in subject.facts("unresolved-loader-calls"))
    if unresolved:
        rows.append(("aisbom:reference:unresolved", str(unresolved)))
    return rows


def _sizes(subject: Component) -> list[tuple[str, str]]:
    rows = []
    sources = [o for o in subject.observations if o.kind == "source"]
    if sources:
        rows.append(("aisbom:size:files", str(len(sources))))
        rows.append(("aisbom:size:lines", str(sum(int(o.fact("lines") or 0) for o in sources))))
    weights = [
        o
        for o in subject.observations
        if o.kind == "weights" and not o.evidence.at.path.endswith(".index.json")
    ]
    parts = [] if weights else list(subject.weights)
    if weights or parts:
        if weights:
            data = {o.evidence.at.path: o for o in subject.observations if o.kind == "weight-data"}
            rows.append(
                (
                    "aisbom:size:bytes",
                    str(sum(int(o.fact("size") or 0) for o in [*weights, *data.values()])),
                )
            )
        weights = weights or parts
        if subject.weights:
            rows.append(
                (
                    "aisbom:tensor:parameters",
                    str(sum(int(o.fact("parameters")) for o in subject.weights)),
                )
            )
            rows.append(
                (
                    "aisbom:tensor:count",
                    str(sum(int(o.fact("tensors") or 0) for o in subject.weights)),
                )
            )
        rows += [
            ("aisbom:tensor:dtype", dtype)
            for dtype in sorted({d for o in weights for d in o.all("dtype")})
        ]
        rows += [
            ("aisbom:tensor:manifest_digest", f"sha256:{d}")
            for d in sorted({o.fact("tensor-digest") for o in weights} - {""})
        ]
    return rows


def _origin(
    stage: str, answer: Answer | None, organisation: Answer | None
) -> list[tuple[str, str]]:
    if answer is None:
        return []
    prefix = f"aisbom:origin:{stage}"
    if answer.state == "unknown":
        return [(f"{prefix}:country", "ZZ")]
    if answer.state == "contested":
        rows = [(f"{prefix}:country", "contested")]
    else:
        rows = [(f"{prefix}:country", code) for code in answer.value.split(",")]
    names = sorted(set(organisation.values)) if organisation else []
    rows += [(f"{prefix}:organisation", name) for name in names]
    rows.append((f"{prefix}:confidence", answer.confidence))
    rows += [(f"{prefix}:claim", claim.ref) for claim in answer.carried]
    if stage != "architecture" and answer.state == "agreed" and len(answer.value) == 2:
        basis = sorted({e.by for c in answer.carried for e in c.evidence})
        row = [
            {
                "basis": ", ".join(basis),
                "distribution": [{"isoCode": answer.value, "percentage": 100}],
                "stage": stage,
            }
        ]
        rows.append(
            ("aisbom:origin:cdx2_origins", json.dumps(row, sort_keys=True, separators=(",", ":")))
        )
    return rows


def _organisation(answers: Answers) -> Json:
    """Maker and seat, where both are agreed: `manufacturer` is who made it, never the host it came
    from.
    """
    for stage in ("trained", "developed"):
        names = answers.get(f"origin.{stage}.organisation")
        seat = answers.get(f"origin.{stage}")
        if names is not None and names.state == "agreed":
            row: Json = {"name": names.value}
            if seat is not None and seat.state == "agreed" and re.fullmatch("[A-Z]{2}", seat.value):
                row["address"] = {"country": seat.value}
            return row
    return {}


def _scope(subject: Component, answers: Answers) -> str:
    """`required` if anything needs it to run, `optional` for extras, `excluded` for what only
    builds, tests or documents.
    """
    role = answered(answers, "role")
    groups = {
        value
        for o in subject.observations
        if o.kind in ("requirement", "locked")
        for value in o.all("group")
    } - {"constraint"}
    if not groups or "distribution" in subject.kinds:
        return ""
    if role == "tooling":
        return "excluded"
    if "runtime" in groups:
        return "required"
    return "optional" if any(group.startswith("extra:") for group in groups) else "excluded"


def _hashes(subject: Component) -> tuple[list[Json], list[Json]]:
    """(digests of the component itself, digests of the several files that a lock admits for it)."""
    found: set[tuple[str, str]] = set()
    stated = {value for value, _ in subject.facts("hash")}
    if subject.kind == "machine-learning-model":
        # A model of one weight file is that file; its tokenizer is a part with a digest of its own.
        stated = {
            value
            for o in subject.observations
            if o.kind in ("weights", "weight-data", "digest") and o.fact("of") != "tokenizer"
            for value in o.all("hash")
        }
    for value in sorted(stated):
        name, _, digest = value.partition(":")
        known = _HEX.get(name.lower())
        if known and len(digest) == known[1] and re.fullmatch("[0-9a-fA-F]+", digest):
            found.add((known[0], digest.lower()))
    rows = [{"alg": alg, "content": content} for alg, content in sorted(found)]
    once = len({row["alg"] for row in rows}) == len(rows)
    return (rows, []) if once else ([], rows)


def _licences(answers: Answers, spdx: frozenset[str]) -> list[Json]:
    """What is concluded and what is declared; a custom licence stays a `LicenseRef-`, never an OSI
    id.

    An expression stands alone (the schema admits one): the concluded one, or else the declared one.
    """
    found: list[tuple[str, str]] = []
    for acknowledgement in ("concluded", "declared"):
        answer = answers.get(f"licence.{acknowledgement}")
        if answer is not None and answer.state == "agreed":
            found.append((answer.value, acknowledgement))
    expressions = [
        (value, acknowledgement)
        for value, acknowledgement in found
        if not _SPDX_ID.fullmatch(value)
    ]
    if expressions:
        value, acknowledgement = found[0]
        if not _SPDX_ID.fullmatch(value):
            return [{"expression": value, "acknowledgement": acknowledgement}]
    return [
        _licence(value, spdx, acknowledgement)
        for value, acknowledgement in found
        if _SPDX_ID.fullmatch(value)
    ]


def _licence(value: str, spdx: frozenset[str], acknowledgement: str = "") -> Json:
    row: Json = {"id" if value in spdx else "name": value}
    if acknowledgement:
        row["acknowledgement"] = acknowledgement
    return {"license": row}


def _scopes(subject: Component) -> list[tuple[str, str]]:
    """Licences that hold for a part only: of a file below, or further down in a file that strings
    several together.
    """
    rows = []
    files = [o for o in subject.observations if o.kind == "notice"]
    top = min((o.evidence.at.path.count("/") for o in files), default=0)
    for o in files:
        mine = o.all("licence-guess") if o.evidence.at.path.count("/") > top else ()
        rows += [
            ("aisbom:licence:scope", f"{value} {o.evidence.at.path}")
            for value in (*mine, *o.all("licence-other"))
        ]
        rows += [
            ("aisbom:licence:scope", f"{scope.expression} {scope.glob}")
            for scope in o.get(LICENCE_SCOPE)
        ]
    return sorted(set(rows))[:MAX_OCCURRENCES]


def _references(subject: Component, digests: list[Json]) -> list[Json]:
    rows: dict[tuple[str, str], Json] = {}

    def add(kind: str, url: str, **more: Any) -> None:
        if _URL.fullmatch(url):
            rows.setdefault((kind, url), {"type": kind, "url": url, **more})

    for value, _ in subject.facts("project-url"):
        label, _, url = value.partition(",")
        add(_LABELS.get(label.strip().lower(), "other"), url.strip(), comment=label.strip())
    for value, _ in subject.facts("home-page"):
        add("website", value)
    for value, _ in subject.facts("vcs-url"):
        add(
            "vcs",
            value.removeprefix("git+").partition("@")[0] if value.startswith("git+") else value,
        )
    for value, _ in subject.facts("url"):
        add("distribution", value.partition("#")[0])
    for kind, url, more in model_card.references(subject):
        add(kind, url, **more)
    if digests and subject.purl and subject.kinds & _PACKAGE_KINDS:
        # The page of the package where its index has one, else its purl, which is a URI too.
        url = subject.purl
        if url.startswith("pkg:pypi/"):
            url = f"https://pypi.org/project/{url[9:].partition('@')[0].partition('?')[0]}/"
        rows["distribution", url] = {
            "type": "distribution",
            "url": url,
            "comment": "digests of the files that the lock admits; one of them is used",
            "hashes": digests,
        }
    return [rows[key] for key in sorted(rows)]


def _evidence(subject: Component, tool: str, holders: list[str], spdx: frozenset[str]) -> Json:
    row: Json = {}
    methods: dict[tuple[str, str], Json] = {}
    sightings = [o for o in subject.observations if o.kind not in NOT_IDENTITY]
    for observation in sightings:
        e = observation.evidence
        if (e.technique, e.by) not in methods and len(methods) < 12:
            value = f"{e.by}: {e.excerpt}" if e.excerpt else e.by
            methods[e.technique, e.by] = {
                "technique": e.technique,
                "confidence": CONFIDENCE[e.confidence],
                "value": value,
            }
    if methods:
        field = "purl" if subject.purl else "name"
        best = max(m["confidence"] for m in methods.values())
        row["identity"] = [
            {
                "field": field,
                "confidence": best,
                "concludedValue": subject.purl or subject.name or "unnamed",
                "methods": [methods[key] for key in sorted(methods)],
                "tools": [tool],
            },
            *identities(subject, tool),
        ]
    places = sorted(
        {
            (o.evidence.at.path, o.evidence.at.line, o.evidence.excerpt, o.evidence.by)
            for o in sightings
        }
    )
    row["occurrences"] = [
        *(_occurrence(*place) for place in places[:MAX_OCCURRENCES]),
        *functions(subject),
    ]
    observed = sorted(
        {
            value
            for key in ("spdx", "licence-guess", "licence-other")
            for value, _ in subject.facts(key)
        }
    )
    if observed:
        row["licenses"] = [_licence(value, spdx) for value in observed[:50]]
    if holders:
        row["copyright"] = [{"text": holder} for holder in holders[:200]]
    return row


def _occurrence(path: str, line: int, excerpt: str, by: str) -> Json:
    row: Json = {"location": path or "."}
    if line:
        row["line"] = line
    context = f"{by}: {excerpt}" if excerpt else by
    row["additionalContext"] = context
    return row


def _dataset(subject: Component, answers: Answers) -> Json:
    """`data` of a data set: its name, where its contents are known to lie, and who owns it where
    that is known.
    """
    row: Json = {"type": "dataset", "name": subject.name or "unnamed"}
    urls = sorted({value for value, _ in subject.facts("content-url") if _URL.fullmatch(value)})
    if not urls and subject.purl.startswith("pkg:huggingface/datasets/"):
        urls = [f"https://huggingface.co/{subject.purl[16:].partition('@')[0]}"]
    if urls:
        row["contents"] = {"url": urls[0]}
    owner = answers.get("origin.collected.organisation")
    if owner is not None and owner.state == "agreed":
        row["governance"] = {"owners": [{"organization": {"name": owner.value}}]}
    return row
