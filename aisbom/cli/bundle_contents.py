"""What a bundle holds, made of a tree: the same files for the same tree and the same question,
wherever it lies and whoever asks.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aisbom.cli.request import Request

if TYPE_CHECKING:
    from aisbom.bom import Bom
    from aisbom.emit.html.words import Words
    from aisbom.model import Scan

DOCUMENT = "bom.cdx.json"
POLICY = "policy.toml"
ATTESTATION = "attestation.intoto.jsonl"
VERDICT = "verdict.json"
_MAX_EVIDENCE = 16 * 1024 * 1024
_MAX_SKETCHES = 40


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked of the tree, as it stands in the manifest. `time` is that of the document,
    empty where it is not fixed yet; `name` is what the folder was called; `policy` is the name of a
    shipped policy, empty for a file that lies in the bundle or the tree's own.
    """

    name: str
    home: str = ""
    profile: str = ""
    exclude: tuple[str, ...] = ()
    hash: str = ""
    policy: str = ""
    time: str = ""

    @staticmethod
    def of(row: dict[str, Any]) -> Question:
        """The question of a manifest. Raises TypeError, KeyError for what is none."""
        texts = {
            key: str(row[key]) for key in ("name", "home", "profile", "hash", "policy", "time")
        }
        return Question(**texts, exclude=tuple(map(str, row["exclude"])))

    def row(self) -> dict[str, Any]:
        """The question as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Contents:
    """The files of a bundle by name, with the bill and the verdict that they spell."""

    files: dict[str, bytes]
    bom: Bom
    verdict: dict[str, Any]


def contents(
    request: Request, question: Question, policy: Path | None, say: Words
) -> Contents | None:
    """The files of the bundle but its attestation; None where there is nothing to tell of, which
    has been said then. `policy` is a file outside of the tree.
    """
    from aisbom.bom.build import build
    from aisbom.cli.check import under_policy
    from aisbom.cli.measure import is_empty, measure, say_nothing_found
    from aisbom.cli.report import verdicts
    from aisbom.emit import emit, html
    from aisbom.emit.json import policy_data
    from aisbom.judge import policy as policies
    from aisbom.judge.freedoms import freedom

    named = str(policy) if policy else question.policy
    chosen, request = under_policy(replace(request, name=question.name), named, request.path)
    scan, judgement = measure(request)
    if is_empty(scan):
        say_nothing_found(request, scan, "bundle", say, "; nothing was written")
        return None
    bom = build(scan, judgement)
    bom = replace(bom, time=question.time or bom.time)
    day = date.fromisoformat(bom.time[:10])
    result = policies.check(chosen, scan, judgement.score, freedom, day)
    verdict = policy_data(result, judgement.score)
    files = {
        DOCUMENT: emit(bom),
        VERDICT: _json(verdict),
        "knowledge.txt": _knowledge(scan, request),
        **_evidence(bom, request.path),
        **_sketches(scan, request),
    }
    if policy:
        files[POLICY] = policy.read_bytes()
    rows = verdicts(bom)
    for language in html.LANGUAGES:
        files[f"report.{language}.html"] = html.report(bom, rows, language)
        files[f"read-me-first.{language}.html"] = html.bundle_page(bom, verdict, language)
    return Contents(files, bom, verdict)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _knowledge(scan: Scan, request: Request) -> bytes:
    """The rows of the tables that the claims stand on, with their sources, a line each."""
    from aisbom.emit.explain import stands_on
    from aisbom.knowledge import load

    rows = sorted(set(stands_on(scan.claims, load(request.knowledge))))
    return "".join(f"{row}\n" for row in rows).encode()


def _evidence(bom: Bom, root: Path) -> dict[str, bytes]:
    """The files that support what somebody declares, but for large ones."""
    from aisbom.source.tree import Tree

    paths = {
        evidence.at.path
        for claim in bom.claims
        if claim.status == "declared"
        for evidence in claim.evidence
    }
    tree = Tree(root)
    found = ((path, tree.get(path)) for path in sorted(paths))
    return {
        f"evidence/{path}": file.read()
        for path, file in found
        if file is not None and file.size <= _MAX_EVIDENCE
    }


def _sketches(scan: Scan, request: Request) -> dict[str, bytes]:
    """Sketches of the weight files of a folder, with which they can be compared without being
    there.
    """
    from aisbom.cli.weights_reading import Reading, open_side
    from aisbom.weights import sketch

    if request.hash == "none":
        return {}
    paths = sorted({o.evidence.at.path for c in scan.components for o in c.weights})
    found = {}
    for path in paths[:_MAX_SKETCHES]:
        if "!/" in path or not (request.path / path).is_file():
            continue
        try:
            side = open_side(str(request.path / path), Reading(), path, transposed=True)
            found[f"sketches/{path}.sketch"] = sketch.write(side, "", "")
        except ValueError:
            continue  # it holds nothing that could be compared; the document says what it is
    return found
