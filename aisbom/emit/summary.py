"""The summary of a scan for a terminal, read in ten seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from aisbom.emit import core_parts
from aisbom.emit.terminal import interval_text, plural, shorten, standing
from aisbom.judge import Judgement
from aisbom.model import Claim, Component, Scan
from aisbom.model.ledger import Ledger, resolve
from aisbom.model.vocabulary import LICENCES

_KINDS = (
    ("weights", "model"),
    ("package", "package"),
    ("project", "project"),
    ("code", "code tree"),
    ("tokenizer", "tokenizer"),
    ("file", "weight file"),
    ("data", "data set"),
    ("service", "hosted service"),
    ("container", "container image"),
    ("other", "other part"),
)


def summary(scan: Scan, judgement: Judgement, first: Sequence[str] = ()) -> str:
    """The summary of a scan; `first` are the lines of the findings that every form shares."""
    ledger = Ledger(scan.claims)
    root = scan.component(scan.root)
    parts = [c for c in scan.components if c.ref != scan.root]
    aside = {c.ref for c in parts if _is_aside(c, ledger)}
    own = [c for c in parts if c.ref not in aside]
    core = core_parts.lines(scan, ledger)
    files = int(dict(scan.facts).get("files", "0"))
    lines = [
        f"{root.name} {root.version}".rstrip()
        + f": {plural(len(parts), 'component')} in {plural(files, 'file')}",
        *(["", *first, ""] if first else []),
        f"  kinds       {_kinds(own) or 'none'}",
    ]
    if aside:
        lines.append(
            f"  besides     {_kinds([c for c in parts if c.ref in aside])}: only of tests,"
            " examples, documentation, tools or a vendored release"
        )
    lines += [
        f"  the root    {_root(root, ledger)}",
        # Of a tree of nothing but documents and tests, there is nothing else to tell.
        f"  licences    {_known(ledger, own or parts)}",
        f"  origins     {_origins(ledger, own or parts)}",
        *_copied(scan, ledger, aside),
        *_dangerous(ledger),
        *core,
        "",
        *standing(judgement),
    ]
    # A project that holds no part of a model is not asked where its models are.
    absent = set() if core else set(judgement.score.missing)
    if absent:
        lines.append(
            "  no model, no training data and no code of a model is here: what is judged is what"
            " it depends on"
        )
    moves = [move for move in judgement.moves if move.ref or move.name not in absent]
    if moves:
        lines += ["", "What would settle it, most telling first:"]
        for number, move in enumerate(moves[:5], 1):
            worst, best = interval_text(move.worst), interval_text(move.best)
            where = move.role if move.leg == "all" else f"{move.role}, {move.leg}"
            name = shorten(move.name) if move.ref else move.name
            lines.append(
                f"  {number}. {name} ({where}): {move.question}? {move.role} -> {worst} or {best}"
            )
    lines += ["", *_gaps(scan)]
    return "\n".join(lines)


def _is_aside(part: Component, ledger: Ledger) -> bool:
    """Whether nothing of the product is or names it: what only tests, examples or documents do."""
    role = ledger.judged(part.ref, "role")
    places = ledger.judged(part.ref, "path-role")
    return role == ("tooling",) or (
        not role and bool(places) and not {"product", "vendored"} & set(places)
    )


def _kinds(parts: Sequence[Component]) -> str:
    counts = Counter(map(_kind, parts))
    return ", ".join(plural(counts[kind], word) for kind, word in _KINDS if counts[kind])


def _kind(component: Component) -> str:
    kinds = component.kinds
    if "source" in kinds:
        return "code"
    if component.kind in ("data", "service", "container"):
        return component.kind
    if component.kind == "machine-learning-model":
        return "weights"
    if component.kind == "file":
        return "tokenizer" if kinds & {"tokenizer", "reference"} else "file"
    if kinds & {"requirement", "locked", "distribution", "bom-component"}:
        return "package"
    return "project" if kinds & {"project", "repository"} else "other"


_BASES = (
    ("identical", "release", "inside"),
    ("derived", "part", "made from known files"),
    ("family", "part", "of a known family (no donor is named)"),
    ("declared", "code tree", "whose comments name a source"),
)


def _dangerous(ledger: Ledger) -> list[str]:
    """Model files that can run code, and grave vulnerabilities; no line where there are none."""
    runs = ledger.by_attribute("runs-code")
    sure = sorted({(c.evidence[0].at.path, c.value) for c in runs if not _hint(c)})
    unread = {c.evidence[0].at.path for c in runs if _hint(c)}
    lines = []
    if sure:
        path, what = sure[0]
        more = f" (and {len(sure) - 1} more)" if len(sure) > 1 else ""
        lines.append(f"  runs code   {path}: {what}{more}")
    if unread:
        lines.append(f"  runs code   not known of {plural(len(unread), 'file')}: {min(unread)}")
    grave = Counter(
        c.value
        for c in ledger.by_attribute("vulnerability.severity")
        if c.value in ("critical", "high")
    )
    if grave:
        told = ", ".join(f"{count} {level}" for level, count in sorted(grave.items()))
        lines.append(f"  vulnerable  packages with known vulnerabilities: {told}")
    return lines


def _hint(claim: Claim) -> bool:
    return all(evidence.confidence == "low" for evidence in claim.evidence)


def _copied(scan: Scan, ledger: Ledger, aside: Collection[str]) -> list[str]:
    """What the comparison of the product's code found, and whose notices did not survive it, there
    or anywhere; no line where none of it was compared.
    """
    bases, compared = (
        [c for c in ledger.by_attribute(attribute) if c.subject not in aside]
        for attribute in ("code-from.basis", "code-from")
    )
    if not bases and not compared:
        return _lost(scan, ledger)
    by = Counter(value for value, _ in {(c.value, c.subject) for c in bases})
    found = [f"{plural(by[basis], word)} {words}" for basis, word, words in _BASES if by[basis]]
    nothing = "nothing agrees with the reference index, which is no proof of originality"
    return [f"  code        {', '.join(found) or nothing}", *_lost(scan, ledger)]


def _lost(scan: Scan, ledger: Ledger) -> list[str]:
    """A line for each file whose original names a holder who is gone: which file, made from what,
    whose line, what stands there.
    """
    names = {c.ref: c.name for c in scan.components}
    # Of several sources the one that was compared: its notice is spoken of at the same place.
    sources = ledger.by_attribute("code-from")
    made = {(c.subject, e.at): c.value for c in sources for e in c.evidence}
    only = {c.subject: c.value for c in sources}
    lost = [
        c
        for c in ledger.by_attribute("attribution")
        if c.value in ("missing", "replaced") and c.status != "withdrawn"
    ]
    rows = []
    for claim in sorted(lost, key=lambda c: (c.subject, c.value, c.evidence)):
        e = claim.evidence[0]
        source = made.get((claim.subject, e.at)) or only.get(claim.subject, "")
        source = source.rpartition("/")[2] or "its source"
        rows.append(
            f"  notice      {claim.value}: {names[claim.subject]}, made from {source}:"
            f" {e.excerpt} ({e.at})"
        )
    more = [f"              ... and {len(rows) - 5} more: aisbom explain"] if len(rows) > 5 else []
    return [*rows[:5], *more]


def _root(root: Component, ledger: Ledger) -> str:
    """Its licence and its maker; of a fork also what it is a fork of, and whose."""
    words = (
        f"licence {ledger.licence(root.ref).value}, developed in"
        f" {ledger.answer(root.ref, 'origin.developed').value}"
    )
    of, by = ledger.answer(root.ref, "fork-of"), ledger.answer(root.ref, "fork-by")
    if of.values:
        maker = ledger.answer(root.ref, "origin.developed.organisation")
        whose = f" ({maker.value})" if maker.state == "agreed" else ""
        words += f", fork of {of.values[0]}{whose} by {' / '.join(by.values)}"
    return words


def _known(ledger: Ledger, parts: Sequence[Component]) -> str:
    """How many parts state a licence, in their own metadata or in their files."""
    states: Counter[str] = Counter()
    for part in parts:
        found = {ledger.answer(part.ref, attribute).state for attribute in LICENCES} - {"unknown"}
        states["contested" if "contested" in found else "agreed" if found else "unknown"] += 1
    return (
        f"{states['agreed']} stated, {states['contested']} contested, {states['unknown']} unknown"
    )


def _origins(ledger: Ledger, parts: Sequence[Component]) -> str:
    stages = ("origin.developed", "origin.trained")
    values = Counter(resolve(ledger.claims(c.ref, *stages)).value for c in parts)
    unknown = values.pop("unknown", 0)
    known = [
        f"{value} {count}"
        for value, count in sorted(values.items(), key=lambda item: (-item[1], item[0]))
    ]
    return ", ".join([*known[:8], f"unknown {unknown}"])


def _gaps(scan: Scan) -> list[str]:
    if not scan.gaps:
        return ["no gaps: every file that a collector wanted could be read"]
    by_reason = Counter((gap.by, gap.reason) for gap in scan.gaps)
    lines = [f"{plural(len(scan.gaps), 'gap')}: could not be looked at, counted as unknown"]
    shown = 0
    for (by, reason), count in sorted(by_reason.items(), key=lambda item: (item[1], item[0]))[:6]:
        first = next(gap for gap in scan.gaps if (gap.by, gap.reason) == (by, reason))
        lines.append(
            f"  {first.at}: {reason}" + (f" (and {count - 1} like it)" if count > 1 else "")
        )
        shown += count
    if shown < len(scan.gaps):
        lines.append(
            f"  and {len(scan.gaps) - shown} more: all of them stand in the document as aisbom:gap"
        )
    return lines
