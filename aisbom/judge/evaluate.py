"""A rule over a classified scan: what is not known or contested decides nothing, and nothing found
is said to be nothing found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aisbom.judge.counted import select_counted
from aisbom.judge.freedoms import Freedom
from aisbom.judge.interval import Shares
from aisbom.judge.rule import HOME, About, Condition, Finding, Rule, Verdict, Word
from aisbom.model import Component, Scan
from aisbom.model.ledger import Answer, Ledger
from aisbom.model.phrases import WORDS, Phrase, join, phrase
from aisbom.model.vocabulary import (
    ANYWHERE,
    ATTRIBUTES,
    COUNTRY_ATTRIBUTES,
    COUNTRY_WORDS,
    FINDINGS,
    LICENCE_ATTRIBUTES,
    REPEATABLE,
)

_SHOWN = 3
_PLACES = 5
_TELLING = 6
"""Letters of a name that hardly another project has by chance."""


@dataclass(frozen=True, slots=True)
class Case:
    """What rules are held against.

    `home` are ISO 3166-1 alpha-2 codes (empty: not given), `facets` the stage of origin that a
    class is asked for (`{class: stage}`), `freedom` gives the share of freedoms that a licence
    grants, `shares` are the intervals of the score where it was computed.
    """

    scan: Scan
    ledger: Ledger
    home: Collection[str]
    facets: Mapping[str, str]
    freedom: Freedom
    shares: Shares | None = None


def evaluate(rule: Rule, case: Case) -> Verdict:
    """The verdict of one rule."""
    if rule.condition.kind == "score":
        findings = [_score(rule.condition, case.shares)]
    else:
        findings = []
        for component in _asked_of(rule.about, case):
            scope, doubt = _scope(rule.about, component, case)
            if scope:
                findings.append(_finding(rule.condition, component, case, doubt))
        if not findings and _of_the_whole(rule, case):
            root = case.scan.component(case.scan.root)
            findings.append(_finding(rule.condition, root, case, ""))
    ordered = tuple(sorted(findings, key=lambda f: (f.name, f.ref)))
    return conclude_verdict(rule, ordered, len(case.scan.gaps))


def _of_the_whole(rule: Rule, case: Case) -> bool:
    """Whether a rule about the freedom of code finds no code, and the project's own licence
    restricts: what holds with nothing to hold for would then be read as freedom.
    """
    code = any(name.endswith("-code") for name in rule.about.classes)
    limits = case.ledger.answer(case.scan.root, "licence.restriction")
    return rule.condition.kind == "licence-free" and code and bool(limits.values)


def _asked_of(about: About, case: Case) -> Sequence[Component]:
    """The components that a rule may be about: those that count, or all that have an attribute
    which is asked of wholes and their files alike.
    """
    everywhere = [attribute for attribute in about.having if attribute in ANYWHERE]
    if not everywhere:
        return select_counted(case.scan, case.ledger)
    return [
        c
        for c in case.scan.components
        if all(case.ledger.is_examined(c.ref, attribute) for attribute in everywhere)
    ]


def conclude_verdict(rule: Rule, findings: tuple[Finding, ...], gaps: int = 0) -> Verdict:
    """The verdict that findings come to. `gaps` is how many places could not be looked at, said
    where nothing was found.
    """
    words = {f.verdict for f in findings}
    verdict: Word
    if not findings:
        verdict = rule.none
        unseen = "nothing" if not gaps else "nothing-seen" if gaps > 1 else "nothing-seen-but"
        said = phrase(unseen, rule.about.describe(), gaps)
        said = phrase("holds-empty", said) if verdict == "pass" else said
    else:
        if rule.every:
            verdict = "fail" if "fail" in words else "unknown" if "unknown" in words else "pass"
        else:
            verdict = "pass" if "pass" in words else "unknown" if "unknown" in words else "fail"
        said = _describe_findings(verdict, findings)
    return Verdict(
        rule.id,
        rule.leg,
        rule.title,
        rule.severity,
        verdict,
        said,
        rule.message,
        rule.help,
        rule.every,
        findings,
    )


def _describe_findings(verdict: Word, findings: Sequence[Finding]) -> Phrase:
    rows = [f for f in findings if f.verdict == verdict]
    told = join("rows", [_describe_finding(f) for f in rows[:_SHOWN]])
    if len(findings) == 1:
        return phrase("full-stop", told)
    if len(rows) > _SHOWN:
        return phrase("count-more", len(rows), len(findings), told, len(rows) - _SHOWN)
    return phrase("count", len(rows), len(findings), told)


def _describe_finding(f: Finding) -> Phrase | str:
    if f.name and f.places:
        return phrase("part-at", f.name, f.places[0], f.said)
    return phrase("part", f.name, f.said) if f.name else f.said


def _scope(about: About, component: Component, case: Case) -> tuple[bool, Phrase | str]:
    """(whether the component may be one of those the rule is about, why that is in doubt)."""
    if about.kinds and component.kind not in about.kinds:
        return False, ""
    doubts: list[Phrase] = []
    for attribute, wanted in _words(about):
        values = case.ledger.list_judgements(component.ref, attribute)
        if not values or (wanted and not set(values) & set(wanted)):
            return False, ""
        if wanted and not set(values) <= set(wanted):
            doubts.append(
                phrase("doubt-contested", phrase("attribute", attribute), _of(attribute, values))
            )
    if component.observations and all(
        o.evidence.sees == "reference" for o in component.observations
    ):
        # What a test, an example or a vendored tree alone names is nobody's question, unless the
        # rule asks for such places.
        if not (about.roles or about.path_roles) and case.ledger.list_judgements(
            component.ref, "role"
        ) == ("tooling",):
            return False, ""
        doubts.append(phrase("doubt-named"))
    for attribute in about.having:
        holds, doubt = _has(attribute, component, case.ledger)
        if not holds:
            return False, ""
        doubts += [doubt] if doubt else []
    if about.foreign:
        (kind, *_) = case.ledger.list_judgements(component.ref, "class")
        facet = f"origin.{case.facets.get(kind, 'developed')}"
        verdict, found = _evaluate_attribute(Condition("in-home", facet, (HOME,)), component, case)
        if verdict == "pass":
            return False, ""
        if verdict == "unknown":
            doubts.append(phrase("doubt-ours", found))
    return True, join("rows", doubts) if doubts else ""


def _words(about: About) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Which words a component must have, and which of them the rule wants. Where a rule is about
    files too, only what it wants: a file that is no part of anything has no class and no role.
    """
    words = (("class", about.classes), ("role", about.roles), ("path-role", about.path_roles))
    anywhere = set(about.having) & set(ANYWHERE)
    return [row for row in words if row[1]] if anywhere else words


def _has(attribute: str, component: Component, ledger: Ledger) -> tuple[bool, Phrase | None]:
    """(whether the attribute may have a value, why that is in doubt)."""
    if (
        attribute == "code-from"
        and ledger.answer(component.ref, "code-from.basis").value == "family"
    ):
        return True, phrase("doubt-family")
    named = phrase("attribute", attribute)
    if not ledger.is_examined(component.ref, attribute):
        return attribute not in FINDINGS, phrase("not-examined", named)
    answer = ledger.answer(component.ref, attribute)
    if answer.state != "unknown":
        return True, None
    return bool(answer.against), phrase("doubt-hint", named)


def _of(attribute: str, values: Sequence[str]) -> Phrase | str:
    """Values of an attribute, which contest each other or stand side by side."""
    kind = "country" if attribute in COUNTRY_ATTRIBUTES else attribute
    if kind not in WORDS:
        kind = "word" if ATTRIBUTES.get(attribute) else ""
    if not kind:
        return join("versus", values)
    return join("versus", (phrase(kind, value) for value in values))


def _class(component: Component, ledger: Ledger) -> Phrase | str:
    words = ledger.list_judgements(component.ref, "class") or ("none",)
    return join("slash", (phrase("class", word) for word in words))


def _finding(
    condition: Condition, component: Component, case: Case, doubt: Phrase | str
) -> Finding:
    answer: Answer | None = None
    found: Phrase | str
    if condition.kind == "declared":
        verdict, found, answer = _evaluate_declared(component, case)
    elif condition.kind in ("present", "absent"):
        verdict = "pass" if condition.kind == "present" else "fail"
        found = phrase("of-class", _class(component, case.ledger))
        answer = case.ledger.answer(component.ref, "class")
    else:
        answer = case.ledger.answer(component.ref, condition.attribute)
        verdict, found = _evaluate_attribute(condition, component, case)
    if doubt and (verdict != "pass" or condition.kind == "present"):
        verdict, found = "unknown", phrase("doubted", found, doubt)
    cited = (
        (*answer.carried, *(answer.against if answer.state == "unknown" else ())) if answer else ()
    )
    places = dict.fromkeys(e.at for claim in cited for e in claim.evidence)
    places = places or dict.fromkeys(sorted({o.evidence.at for o in component.observations})[:1])
    return Finding(
        component.ref,
        component.name,
        component.purl,
        verdict,
        found,
        tuple(c.ref for c in cited),
        tuple(places)[:_PLACES],
        "/".join(case.ledger.list_judgements(component.ref, "role")),
        "/".join(case.ledger.list_judgements(component.ref, "path-role")),
    )


def _evaluate_attribute(
    condition: Condition, component: Component, case: Case
) -> tuple[Word, Phrase]:
    """The verdict on one attribute of one component, and the words for what was found."""
    attribute = condition.attribute
    answer = case.ledger.answer(component.ref, attribute)
    named = phrase("attribute", attribute)
    if not case.ledger.is_examined(component.ref, attribute):
        return "unknown", phrase("not-examined", named)
    if answer.state == "unknown":
        hints = [_of(attribute, [claim.value]) for claim in answer.against[:1]]
        return "unknown", phrase("unknown-hint" if hints else "unknown", named, *hints)
    if answer.state == "contested" and attribute not in REPEATABLE:
        return "unknown", phrase("contested", named, _of(attribute, answer.values))
    found = phrase("is", named, _of(attribute, answer.values))
    if condition.kind == "known":
        return "pass", found
    if condition.kind == "licence-free":
        limits = case.ledger.answer(component.ref, "licence.restriction").values
        return _free(condition, found, case.freedom(answer.value), limits)
    return _compare_values(condition, answer.values, found, case.home)


RESTRICTED = 0.8
"""The most of the five freedoms that a licence grants whose text takes one away."""


def _free(
    condition: Condition, found: Phrase, share: float | None, limits: Sequence[str]
) -> tuple[Word, Phrase]:
    if share is None and limits and condition.least > RESTRICTED:
        return "fail", phrase(
            "restricts", found, join("list", (phrase("word", one) for one in limits))
        )
    if share is None:
        return "unknown", phrase("not-in-table", found)
    words = phrase("grants", found, f"{share:.2f}", f"{condition.least:.2f}")
    return ("pass" if share >= condition.least else "fail"), words


def _compare_values(
    condition: Condition, values: Sequence[str], found: Phrase, home: Collection[str]
) -> tuple[Word, Phrase]:
    attribute = condition.attribute
    words = (
        [part for value in values for part in value.split(",")]
        if attribute in COUNTRY_ATTRIBUTES
        else list(values)
    )
    patterns = {
        code
        for word in condition.values
        for code in (home if word == HOME and attribute in COUNTRY_ATTRIBUTES else (word,))
    }
    hits = [any(fnmatchcase(word, pattern) for pattern in patterns) for word in words]
    homeless = HOME in condition.values and attribute in COUNTRY_ATTRIBUTES and not home
    open_words = [
        word for word, hit in zip(words, hits, strict=True) if not hit and _open(attribute, word)
    ]
    if condition.kind == "must-not-be":
        if any(hits):
            return "fail", found
        open_words = [word for word in open_words if word != "international"]
    else:
        if hits and all(hits):
            return "pass", found
        if any(hits):
            return "unknown", phrase("in-part", found)
    if homeless:
        return "unknown", phrase("no-home", found)
    undecided = [
        word
        for word, hit in zip(words, hits, strict=True)
        if not hit and any(fnmatchcase(word, p) for p in condition.undecided)
    ]
    if open_words or undecided:
        return "unknown", phrase("undecided", found)
    return ("pass" if condition.kind == "must-not-be" else "fail"), found


def _open(attribute: str, word: str) -> bool:
    """Whether a value that no word of the rule names could still be one of them: no single country,
    or a compound licence.
    """
    if attribute in COUNTRY_ATTRIBUTES:
        return word in (*COUNTRY_WORDS, "ZZ")
    return attribute in LICENCE_ATTRIBUTES and " " in word


def _evaluate_declared(component: Component, case: Case) -> tuple[Word, Phrase, Answer | None]:
    """Whether somebody wrote down that this is a part: a manifest, a model card, a licence, the
    configuration.
    """
    ledger = case.ledger
    for claim in ledger.list_declarations(component.ref):
        answer = ledger.answer(component.ref, claim.attribute)
        if claim in (*answer.carried, *answer.against):
            return "pass", phrase("is-declared", phrase("attribute", claim.attribute)), answer
    stating = sorted(
        {o.evidence.by for o in component.observations if o.evidence.sees != "content"}
    )
    kind = "/".join(ledger.list_judgements(component.ref, "class"))
    if stating and not kind.endswith("-code"):
        return "pass", phrase("declared-by", join("list", stating)), None
    for attribute in ("licence.declared", "licence.observed", "origin.developed"):
        stated = ledger.answer(component.ref, attribute)
        if stated.state != "unknown":
            named = phrase("attribute", attribute)
            return "pass", phrase("own-files", named, _of(attribute, stated.values)), stated
    if kind.endswith("-weights") and _is_called_after(component, case.scan):
        return "unknown", phrase("called-after-project"), None
    return (*_evaluate_undeclared(component, kind, ledger), None)


def _is_called_after(component: Component, scan: Scan) -> bool:
    """Whether weights bear the name of the project that they lie in: a release of its own, or what
    somebody wants taken for one.
    """
    project = re.sub(r"[^a-z0-9]", "", scan.component(scan.root).name.lower())
    name = re.sub(r"[^a-z0-9]", "", component.name.lower())
    return len(project) >= _TELLING and name.startswith(project)


def _evaluate_undeclared(component: Component, kind: str, ledger: Ledger) -> tuple[Word, Phrase]:
    """What it comes to that nobody wrote a part of this class down."""
    if kind.endswith("-code") and ledger.list_judgements(component.ref, "path-role") != (
        "vendored",
    ):
        return "unknown", phrase("code-of-nobody")
    if kind == "tokenizer":
        # A vocabulary is often the project's own work, and no weights.
        return "unknown", phrase("vocabulary-of-nobody")
    if kind.endswith("-weights") and not _lies_here(component):
        return "unknown", phrase("only-configuration")
    return "fail", phrase("undeclared", _class(component, ledger))


def _lies_here(component: Component) -> bool:
    """Whether tensors of it are in the tree: what a configuration alone describes is no part."""
    return any(
        o.kind in ("weights", "weight-data") or o.fact("basis") == "tensors"
        for o in component.observations
    )


def _score(condition: Condition, shares: Shares | None) -> Finding:
    name = join("words", [phrase("role", condition.role), condition.leg or "total"])
    if shares is None:
        return Finding("", "", "", "unknown", phrase("not-computed", name), (), ())
    low, high = shares.intervals[condition.role, condition.leg]
    verdict: Word = (
        "pass" if low >= condition.least else "fail" if high < condition.least else "unknown"
    )
    numbers = (f"{number:.4f}" for number in (low, high, condition.least))
    found = phrase("score", name, shares.profile, *numbers)
    return Finding("", "", "", verdict, found, (), ())
