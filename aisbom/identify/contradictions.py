"""Where the files of one model disagree with each other: one sentence a finding, with both places.

A finding says that two files cannot both be right, or that one says what the other leaves out;
which of them is wrong it does not say. Silence is the rule: a name that only tells an architecture,
a source that the card owns up to, padded vocabularies, rounded parameter counts and quantised files
are no contradictions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aisbom.identify import model_names
from aisbom.identify.cite import Seen, facts
from aisbom.knowledge import Knowledge, Organisation
from aisbom.model import Claim, Component, Evidence, Location, Scan
from aisbom.model.facts import MENTIONS
from aisbom.model.ledger import Ledger
from aisbom.model.sentences import say

RULE = "contradiction"
STATED = 0.2
"""A stated count is a rounded name: it may be a fifth off the tensors."""
COMPUTED = 0.35
"""A count computed from a configuration leaves out norms, biases, encoders: it may be a third off.
"""
_List = tuple[Location, Evidence, tuple[str, ...]]
"""What was taken over, as a file lists it: its place, its evidence, its words."""
PADDING = 2048
"""Tables of embeddings are padded to round sizes."""
EXTRA_LAYERS = 2
"""Layers that predict further tokens stand behind the ones that a configuration counts."""

_ID = re.compile(r"(?P<owner>[A-Za-z0-9][\w.-]*)/(?P<name>[A-Za-z0-9][\w.-]*)")
_PACKED = frozenset({"U8", "I8", "I32", "U32", "I4", "U4", "F4"})


def contradictions(scan: Scan, ledger: Ledger, knowledge: Knowledge) -> Iterator[Claim]:
    """The findings about every model of a tree and its parts."""
    by_ref = {c.ref: c for c in scan.components}
    models = {c.ref for c in scan.components if c.kind == "machine-learning-model"}
    inside: dict[str, list[Component]] = {}
    held = set()
    for relation in scan.relations:
        if relation.kind == "contains" and relation.source in models and relation.target in models:
            inside.setdefault(relation.source, []).append(by_ref[relation.target])
            held.add(relation.target)
    lists = sorted(
        {
            (o.evidence.at, o.evidence, mentions.words)
            for c in scan.components
            for o in c.observations
            for mentions in o.get(MENTIONS)
        }
    )
    documents = _Documents(scan, [by_ref[ref] for ref in sorted(models - held)])
    yield from _uncredited(scan, ledger, lists, knowledge)
    for ref in sorted(models):
        model = by_ref[ref]
        parts = sorted(_below(ref, inside))
        if ref not in held:
            yield from _from_scratch(model, parts, documents, knowledge)
            yield from _parameters(model, parts)
            yield from _unnoticed(model, parts, lists, knowledge)
        # What a language model inside the same files says is said of that part.
        if not any(
            "#" in p.ref
            and p.fact("part").endswith("language-model")
            and p.facts("hidden-size")
            and p.weights
            for p in parts
        ):
            yield from _shapes(model)
        yield from _header(model, knowledge)
        yield from _bases(model)


def _below(ref: str, inside: Mapping[str, Sequence[Component]], depth: int = 0) -> list[Component]:
    rows = []
    for part in inside.get(ref, ()):
        rows += [part, *(_below(part.ref, inside, depth + 1) if depth < 8 else [])]
    return rows


def _finding(
    subject: Component, said: tuple[str, tuple[str, str]], one: Evidence, other: Evidence
) -> Claim:
    sentence, fact = said
    evidence = {
        replace(e, by=f"{RULE}/{e.by}", confidence="medium", facts=tuple(sorted((*e.facts, fact))))
        for e in (one, other)
    }
    return Claim(subject.ref, "contradiction", sentence, tuple(sorted(evidence)))


# --- from scratch, and yet
# --------------------------------------------------------------------------------------------------


class _Documents:
    """What READMEs that are no cards declare of how a model began: the one model that is here.
    Where there are several, a sentence does not say of which it tells.
    """

    def __init__(self, scan: Scan, tops: Sequence[Component]) -> None:
        here = [c for c in tops if c.kinds & {"model", "weights"}]
        self._only = here[0] if len(here) == 1 else None
        self._scratch: list[Seen] = []
        self._told: list[str] = []
        for component in scan.components:
            for o in component.observations:
                if o.fact("named-by") == "declared":
                    self._told.append(component.name)
                if o.kind != "credit":
                    continue
                self._told += o.all("taken-over")
                self._scratch += [
                    Seen("from-scratch", words, o.evidence) for words in o.all("from-scratch")
                ]

    def of(self, model: Component) -> tuple[Seen | None, list[str]]:
        """The sentence of the nearest README above a model that has no card, and all sentences on
        what was taken over.
        """
        carded = any(o.fact("file-kind") == "card" for o in model.observations)
        if model != self._only or carded:
            return None, []
        place = f"{_place(model)}/"
        near = [
            seen
            for seen in self._scratch
            if place.startswith(f"{folder}/" if (folder := seen.evidence.at.folder) else "")
        ]
        nearest = max(near, key=lambda seen: len(seen.evidence.at.folder), default=None)
        return nearest, self._told


def _from_scratch(
    model: Component, parts: Sequence[Component], documents: _Documents, knowledge: Knowledge
) -> Iterator[Claim]:
    """The card, or the README where there is none, says that the model was trained from scratch; a
    name, a path or a parent tells of another lab's model.
    """
    scratch, document = next(facts(model, "from-scratch"), None), "card"
    told = [words for words, _ in model.facts("taken-over")] + [
        words for words, _ in model.facts("base-model")
    ]
    if scratch is None:
        (scratch, told), document = documents.of(model), "README"
    if scratch is None:
        return
    own = _makers(model, knowledge)
    for subject in (model, *parts) if document == "card" else (model,):
        said: set[str] = set()
        for seen, what in _traces(subject, model):
            found = _other(seen, knowledge, own)
            if found is None or found[0] in said:
                continue
            word, row = found
            # A parent in the front matter is itself the other half; anything else may be owned up
            # to in a sentence.
            if seen.key != "base-model" and model_names.disclosed(word, told):
                continue
            said.add(word)
            values = (scratch.evidence.at, seen.words, seen.evidence.at, row.name)
            if document == "README":
                sentence = say(f"readme-scratch-{what}", *values)
            elif subject is model:
                sentence = say(f"scratch-{what}", *values)
            else:
                part = subject.fact("part") or subject.name
                sentence = say(f"scratch-{what}-of", *values, part)
            yield _finding(subject, sentence, scratch.evidence, seen.evidence)


def _makers(model: Component, knowledge: Knowledge) -> set[str]:
    """The ids of the organisations that the model's own id names."""
    found = set()
    for words, _ in model.facts("model-id"):
        row = knowledge.by_owner("hub", words.partition("/")[0])
        if row:
            found.add(row.id)
    return found


def _traces(subject: Component, model: Component) -> Iterator[tuple[Seen, str]]:
    for key, what in (
        ("base-model", "base-model"),
        ("source", "source"),
        ("source-name", "source"),
        ("name-or-path", "path"),
        ("header-base", "header-parent"),
        ("header-organisation", "header-maker"),
    ):
        for seen in facts(subject, key):
            yield seen, what
    top = _place(model)
    names: dict[str, Evidence] = {}
    for o in subject.observations:
        if o.kind not in ("weights", "model"):
            continue
        path = o.evidence.at.path
        inner = path[len(top) :].strip("/") if path.startswith(top) else path
        *folders, name = inner.split("/")
        for folder in folders if subject is not model else ():
            names.setdefault(folder, replace(o.evidence, at=Location(path)))
        if o.kind == "weights":
            names.setdefault(name, replace(o.evidence, at=Location(path)))
    for name, evidence in sorted(names.items()):
        yield Seen("name", name, evidence), "name"


def _other(seen: Seen, knowledge: Knowledge, own: set[str]) -> tuple[str, Organisation] | None:
    """(word that names it, its lab) of a trace of somebody else's model; None for our own, for
    unknown labs, for mere architectures.
    """
    found = _ID.fullmatch(seen.words.strip())
    if found and seen.key in ("base-model", "source", "name-or-path"):
        row = knowledge.by_owner("hub", found["owner"])
        named = model_names.named(found["name"], knowledge)
        if row is not None and row.id not in own:
            return (
                named.word
                if named
                else re.split(r"[^a-z]", found["name"].lower())[0] or found["name"].lower()
            ), row
        return None
    if seen.key == "header-organisation":
        row = knowledge.by_name(seen.words)
        return (row.id, row) if row is not None and row.id not in own else None
    named = model_names.named(seen.words, knowledge)
    if named is None or named.organisation.id in own or not named.telling:
        return None
    return named.word, named.organisation


# --- counts and shapes
# --------------------------------------------------------------------------------------------------


def _parameters(model: Component, parts: Sequence[Component]) -> Iterator[Claim]:
    """The card states how many parameters; no count that the tensors, or else the configuration,
    give is near any stated one.
    """
    stated = [
        seen
        for seen in facts(model, "stated-parameters")
        if seen.words.isdigit() and int(seen.words)
    ]
    if not stated or _packed(model):
        return
    own = sum(int(o.fact("parameters")) for o in model.weights)
    if own:
        if not _whole(model):
            return
        folders = [part for part in parts if "#" not in part.ref]
        more = sum(int(o.fact("parameters")) for part in folders for o in part.weights)
        counts = {
            own,
            own + more,
            *(
                own - sum(int(o.fact("parameters")) for o in p.weights)
                for p in parts
                if "#" in p.ref
            ),
        }
        evidence, tolerance, form, shown = model.weights[0].evidence, STATED, "tensors", own
    else:
        found = _computed(model)
        if found is None:
            return
        low, high, evidence = found
        counts, tolerance, form, shown = {low, high}, COMPUTED, "configuration", low
    if any(
        abs(int(s.words) - count) <= tolerance * max(int(s.words), count)
        for s in stated
        for count in counts
    ):
        return
    first = stated[0]
    numbers = " / ".join(f"{int(words):,}" for words in sorted({s.words for s in stated}, key=int))
    sentence = say(f"parameters-{form}", numbers, first.evidence.at, f"{shown:,}", evidence.at)
    yield _finding(model, sentence, first.evidence, evidence)


def _computed(model: Component) -> tuple[int, int, Evidence] | None:
    """(tied, untied, place) for a dense decoder whose configuration states all that the count
    needs; None for anything else.
    """
    if (
        model.facts("num-experts")
        or model.facts("vision-model-type")
        or model.facts("audio-model-type")
    ):
        return None
    sizes: dict[str, int] = {}
    for key in (
        "hidden-size",
        "num-hidden-layers",
        "intermediate-size",
        "vocab-size",
        "num-attention-heads",
    ):
        values = {words for words, _ in model.facts(key)}
        if len(values) != 1:
            return None
        sizes[key] = int(next(iter(values)))
    heads = sizes["num-attention-heads"]
    kv = int(model.fact("num-key-value-heads") or heads)
    if not heads or kv > heads:
        return None
    h = sizes["hidden-size"]
    layer = 2 * h * h + 2 * h * h * kv // heads + 3 * h * sizes["intermediate-size"]
    table = sizes["vocab-size"] * h
    total = sizes["num-hidden-layers"] * layer + table
    return total, total + table, next(facts(model, "hidden-size")).evidence


def _shapes(model: Component) -> Iterator[Claim]:
    """The configuration and the tensors differ in width, vocabulary or depth."""
    if _packed(model) or model.facts("adapter") or not _whole(model):
        return
    for key, fact, least, most in (
        ("hidden-size", "table-width", 0, 0),
        ("vocab-size", "table-rows", 0, PADDING),
        ("num-hidden-layers", "layers", 0, EXTRA_LAYERS),
    ):
        said = list(facts(model, f"text-{key}")) or list(facts(model, key))
        shown = [seen for seen in facts(model, fact) if seen.words.isdigit()]
        if len({seen.words for seen in said}) != 1 or not shown:
            continue
        stated = int(said[0].words)
        seen = max(shown, key=lambda s: int(s.words))
        if fact != "layers" and len({s.words for s in shown}) != 1:
            continue
        if not stated - least <= int(seen.words) <= stated + most:
            table = model.fact("table")
            sentence = say(key, stated, said[0].evidence.at, table, seen.words, seen.evidence.at)
            yield _finding(model, sentence, said[0].evidence, seen.evidence)


def _packed(model: Component) -> bool:
    """Quantised: several values lie in one element, so that shapes and counts are not those of the
    model.
    """
    return bool(model.facts("quantisation")) or any(
        o.fact("dtype") and set(o.all("dtype")) & _PACKED for o in model.observations
    )


def _whole(model: Component) -> bool:
    """Whether all shards that an index names are here, and none is a pointer."""
    shards = {shard for o in model.observations for shard in o.all("shard")}
    here = {
        o.evidence.at.path.rpartition("/")[2]
        for o in model.observations
        if o.kind == "weights" and o.fact("parameters")
    }
    return shards <= here and not any(
        o.kind == "weights" and o.fact("lfs") for o in model.observations
    )


# --- headers, parents, notices
# --------------------------------------------------------------------------------------------------


def _header(model: Component, knowledge: Knowledge) -> Iterator[Claim]:
    """The header of a weight file names an architecture of one lab, the configuration beside it
    that of another.
    """
    for seen in facts(model, "header-architecture"):
        one = _family(seen.words, knowledge)
        for said in facts(model, "model-type"):
            other = _family(said.words, knowledge)
            if one and other and one.id != other.id:
                named = (seen.words, one.name, seen.evidence.at)
                sentence = say("architecture", *named, said.words, other.name, said.evidence.at)
                yield _finding(model, sentence, seen.evidence, said.evidence)


def _family(words: str, knowledge: Knowledge) -> Organisation | None:
    plain = re.sub(r"[^a-z0-9]", "", words.lower())
    ids = {
        row.organisations
        for name, row in knowledge.families.items()
        if re.sub(r"[^a-z0-9]", "", name.lower()) == plain
    }
    one = next(iter(ids)) if len(ids) == 1 else ()
    return knowledge.organisation(one[0]) if len(one) == 1 else None


def _bases(model: Component) -> Iterator[Claim]:
    """The card of an adapter names another base model than its configuration."""
    told = [seen for seen in facts(model, "base-model") if _ID.fullmatch(seen.words)]
    loaded = [seen for seen in told if seen.evidence.at.path.endswith("adapter_config.json")]
    stated = [seen for seen in told if seen not in loaded]
    if (
        loaded
        and stated
        and not {s.words.casefold() for s in stated} & {s.words.casefold() for s in loaded}
    ):
        one, two = stated[0], loaded[0]
        sentence = say("base-model", one.words, one.evidence.at, two.words, two.evidence.at)
        yield _finding(model, sentence, one.evidence, two.evidence)


def _unnoticed(
    model: Component,
    parts: Sequence[Component],
    lists: Sequence[_List],
    knowledge: Knowledge,
) -> Iterator[Claim]:
    """A notice lists what was taken over, and says nothing of weights that a configuration loads
    from another lab.
    """
    top = _place(model)
    held = _held_by(top, lists)
    if not held:
        return
    own = _makers(model, knowledge)
    mentions = frozenset(word for _, _, words in held for word in words)
    for part in (model, *parts):
        for seen, form, place in _sources(part, knowledge):
            found = _other(seen, knowledge, own)
            if found is None or _noticed(found, seen.words, mentions):
                continue
            at, evidence, _ = held[0]
            sentence = say(form, at, seen.words, place)
            yield _finding(part, sentence, evidence, seen.evidence)


def _held_by(top: str, lists: Sequence[_List]) -> list[_List]:
    """The lists of the deepest folder around `top`; a README is one where there is no notice."""
    near = [
        row
        for row in lists
        if not (folder := row[0].folder) or top == folder or top.startswith(f"{folder}/")
    ]
    notices = [row for row in near if not _is_readme(row[0])]
    near = notices or near
    if not near:
        return []
    deepest = max(at.folder.count("/") + bool(at.folder) for at, _, _ in near)
    return [row for row in near if row[0].folder.count("/") + bool(row[0].folder) == deepest]


def _is_readme(at: Location) -> bool:
    return at.path.rpartition("/")[2].lower().startswith("readme")


def _uncredited(
    scan: Scan, ledger: Ledger, lists: Sequence[_List], knowledge: Knowledge
) -> Iterator[Claim]:
    """A README credits what the code was built on, and says nothing of an encoder of another lab
    that a configuration of the product loads by its id.
    """
    makers = {c.value for c in ledger.claims(scan.root, "origin.developed.organisation")}
    for component in scan.components:
        kinds = {c.value for c in ledger.claims(component.ref, "class")}
        places = {c.value for c in ledger.claims(component.ref, "path-role")}
        if "reference" not in component.kinds or kinds != {"encoder-weights"}:
            continue
        set_at = min(
            (
                o.evidence
                for o in component.observations
                if o.kind == "reference"
                and o.evidence.technique == "manifest-analysis"
                and o.fact("named-by") == "key"
            ),
            default=None,
        )
        held = _held_by(set_at.at.folder, lists) if set_at and places == {"product"} else []
        if set_at is None or not held or not all(_is_readme(at) for at, _, _ in held):
            continue
        found = _other(Seen("source", component.name, set_at), knowledge, set())
        mentions = frozenset(word for _, _, words in held for word in words)
        if found is None or found[1].name in makers or _noticed(found, component.name, mentions):
            continue
        at, evidence, _ = held[0]
        sentence = say("credits", at, component.name, set_at.at)
        yield _finding(component, sentence, evidence, set_at)


def _sources(part: Component, knowledge: Knowledge) -> Iterator[tuple[Seen, str, Location]]:
    """What says where weights of a part come from, the form of the sentence about it, the place."""
    for seen in facts(part, "source"):
        yield seen, "notice-loads", seen.evidence.at
    for o in part.observations:
        for folder in o.evidence.at.folder.split("/") if o.kind in ("model", "submodel") else ():
            named = model_names.source_of(folder, knowledge)
            if named:
                evidence = replace(o.evidence, excerpt=folder)
                yield Seen("folder", named[0], evidence), "notice-folder", o.evidence.at
                return


def _noticed(found: tuple[str, Organisation], words: str, mentions: frozenset[str]) -> bool:
    """Whether a notice names the model: its family of the same version, or its lab without naming
    another model of it.
    """
    word, row = found
    pieces = [piece for piece in re.split(r"[^a-z0-9]+", words.lower()) if len(piece) > 3]
    if any(piece in mention for piece in pieces for mention in mentions):
        return True
    family = {mention for mention in mentions if word in mention}
    others = {mention for mention in family if re.search(rf"{re.escape(word)}\d", mention)}
    return bool(family or row.id.lower() in mentions) and not others


def _place(model: Component) -> str:
    return model.ref.partition(":")[2].partition("#")[0]
