"""Bills of materials of any shape that the program could make, for property tests.

Texts are what `model/redact.py` and `source/tree.py` let through: anything printable.
"""

from __future__ import annotations

from urllib.parse import quote

from hypothesis import strategies as st

from aisbom.bom import (
    Bom,
    Card,
    DataSet,
    Digest,
    Hosting,
    Identity,
    Licence,
    Link,
    Log,
    Maker,
    Method,
    Note,
    Parent,
    Part,
    Pedigree,
    Place,
    Requirement,
    Sovereignty,
)
from aisbom.model import Claim, Evidence, Gap, Location, Relation, facts
from aisbom.model.facts import Emissions, Metric, Vulnerability
from aisbom.model.phrases import phrase, spell

MARKS = ("#", ": ", ":", " [", "]", '"', "'", "<", "&", "{", "\\", "%20", "=", "@", ", ", ";", "=>")
printable = st.characters(exclude_categories=("C", "Z")).filter(str.isprintable)
words = st.text(st.one_of(printable, st.sampled_from(" #:[]\"'<>&/\\%=@,;")), max_size=12)
said = st.one_of(words, st.tuples(words, st.sampled_from(MARKS), words).map("".join))
named = said.filter(lambda text: bool(text.strip()))
paths = said.filter(lambda text: text != "." and not text.startswith("/"))
words_of_code = st.text("abcdefgh-/", min_size=1, max_size=8)
codes = st.sampled_from(["KR", "US", "CN", "DE"])
urls = words_of_code.map(lambda text: f"https://example.org/{text}")
times = st.sampled_from(["", "2026-03-01T00:00:00Z"])
purls = named.map(lambda text: f"pkg:generic/{quote(text, safe='')}@1")
hexes = st.text("0123456789abcdef", min_size=64, max_size=64)
confidences = st.sampled_from(["low", "medium", "high"])
techniques = st.sampled_from(["manifest-analysis", "hash-comparison", "other"])
shares = st.integers(0, 10_000).map(lambda number: number / 10_000)

makers = st.builds(Maker, named, st.one_of(st.just(""), codes))
digests = st.builds(Digest, st.just("SHA-256"), hexes)
licences = st.builds(
    Licence,
    st.sampled_from(["MIT", "Apache-2.0", "LicenseRef-a", "unknown-word"]),
    st.sampled_from(["declared", "concluded"]),
)
expressions = st.builds(
    Licence, st.just("MIT OR Apache-2.0"), st.sampled_from(["declared", "concluded"])
)
links = st.builds(Link, st.sampled_from(["vcs", "website", "other"]), urls, said)
places = st.builds(
    Place, st.builds(Location, paths, st.integers(0, 9999)), words_of_code, said, said
)
locations = st.builds(Location, paths, st.integers(0, 9999), said)
seen = st.builds(Place, locations, words_of_code, said)
parents = st.builds(
    Parent,
    st.sampled_from(["library", "file", "machine-learning-model"]),
    named,
    said,
    said,
    st.one_of(st.just(""), purls),
    st.sampled_from(["", "MIT", "Own licence"]),
    st.one_of(st.just(""), urls),
    relations=st.lists(named, max_size=2).map(tuple),
    path=said,
)
methods = st.builds(Method, techniques, words_of_code, confidences, said)

FOUND = Vulnerability(
    "CVE-2024-1",
    ("GHSA-1",),
    "high",
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N",
    "reads any file",
    ("1.5",),
    "osv",
    "2024-01-01T00:00:00Z",
    "2024-02-01T00:00:00Z",
    "not_affected",
    "not called",
)


def several(values: st.SearchStrategy, most: int = 2) -> st.SearchStrategy:
    return st.lists(values, max_size=most).map(tuple)


amounts = st.floats(0, 1e9, allow_nan=False)
energies = several(
    st.builds(
        Emissions,
        st.sampled_from(["training", "fine-tuning", "other"]),
        st.one_of(st.none(), amounts),
        st.one_of(st.none(), amounts),
        *(said for _ in range(3)),
    )
)
cards = st.builds(
    Card,
    st.sampled_from(["", "supervised"]),
    said,
    said,
    said,
    several(st.builds(DataSet, named, said)),
    several(named),
    several(named),
    several(st.builds(Metric, named, said, said)),
    *(several(named) for _ in range(5)),
    energies.map(lambda rows: tuple(sorted(rows, key=lambda one: one.kwh is None))),
)
logs = st.lists(
    st.builds(Log, paths.filter(bool), st.one_of(st.just(""), hexes), named, said, times, times),
    max_size=2,
    unique_by=lambda log: log.path,
).map(tuple)
fact_names = st.sampled_from(
    [
        "component.path",
        "component.role",
        "languages",
        "hyperparameter.hidden_size",
        "gap.x",
        "declared",
    ]
)
part_facts = several(st.tuples(fact_names, said), 4)


@st.composite
def components(draw: st.DrawFn, ref: str) -> Part:
    found = draw(several(methods))
    model = draw(st.booleans())
    return Part(
        ref=ref,
        kind="machine-learning-model" if model else draw(st.sampled_from(["library", "data"])),
        name=draw(named),
        version=draw(said),
        purl=draw(st.one_of(st.just(""), purls, st.just("pkg:huggingface/a/b"))),
        description=draw(said),
        scope=draw(st.sampled_from(["", "required", "optional", "excluded"])),
        maker=draw(st.one_of(st.none(), makers)),
        supplier=draw(st.one_of(st.none(), makers)),
        authors=draw(several(named)),
        digests=draw(several(digests)),
        licences=draw(st.one_of(several(licences), st.tuples(expressions))),
        links=draw(several(links)),
        logs=draw(logs) if model else (),
        pedigree=draw(st.builds(Pedigree, several(parents), several(paths.filter(bool)), said)),
        card=draw(cards) if model else Card(),
        methods=found,
        identity=draw(st.one_of(st.none(), st.builds(Identity, named, words_of_code, named)))
        if found
        else None,
        places=draw(several(places, 3)),
        observed=draw(several(st.sampled_from(["MIT", "Own licence"]))),
        holders=draw(several(said)),
        facts=draw(part_facts),
    )


@st.composite
def services(draw: st.DrawFn, ref: str) -> Part:
    provider = draw(st.one_of(st.none(), st.builds(Maker, named, codes, several(urls))))
    hosts = draw(several(st.sampled_from(["a.example", "b.example:8080"])))
    hosting = Hosting(provider, hosts, *(draw(st.booleans()) for _ in range(3)))
    return Part(
        ref,
        "service",
        draw(named),
        hosting=hosting,
        places=draw(several(seen, 3)),
        facts=draw(part_facts),
    )


evidence = st.builds(
    Evidence,
    words_of_code,
    techniques,
    confidences,
    locations,
    said,
    said.map(lambda text: facts(cites=text)),
)


@st.composite
def claims(
    draw: st.DrawFn, refs: list[str], attributes: tuple[str, ...], *statuses: str
) -> tuple[Claim, ...]:
    one = st.builds(
        Claim,
        st.sampled_from(refs),
        st.sampled_from(attributes),
        said,
        st.lists(evidence, min_size=1, max_size=3).map(lambda rows: tuple(sorted(set(rows)))),
        st.sampled_from(statuses),
    )
    return tuple(sorted(draw(st.lists(one, max_size=4, unique_by=lambda claim: claim.ref))))


gaps = st.builds(Gap, words_of_code, locations, said, st.sampled_from(["", "crashed", "unmet"]))


@st.composite
def sovereignties(draw: st.DrawFn, cited: list[str]) -> Sovereignty:
    refs = several(st.sampled_from(cited)) if cited else st.just(())
    rows = []
    for number in range(draw(st.integers(0, 2))):
        verdict = draw(st.sampled_from(["pass", "fail", "unknown"]))
        rests = draw(st.integers(0, 3)) if verdict != "unknown" else 0
        found = draw(said)
        parts = draw(st.sampled_from(["", phrase("full-stop", phrase("class", found))]))
        rows.append(
            Requirement(
                f"minimum.{number}",
                draw(named),
                draw(said),
                draw(said),
                draw(named),
                draw(st.sampled_from(["error", "warning", "note"])),
                verdict,
                spell(parts) or found,
                tuple(dict.fromkeys(draw(refs))),
                tuple(dict.fromkeys(draw(refs))),
                draw(confidences) if rests else "",
                rests,
                parts,
            )
        )
    pair = st.tuples(shares, shares)
    return Sovereignty(
        "model",
        "1.0",
        draw(hexes),
        draw(several(codes)),
        draw(st.sampled_from(["", "given"])),
        tuple((role, *draw(pair)) for role in ("overall", "core", "peripheral")),
        draw(shares),
        draw(st.sampled_from(["pass", "fail", "undetermined"])),
        draw(st.one_of(st.none(), pair)),
        draw(several(said)),
        draw(several(st.tuples(st.sampled_from(["core", "peripheral"]), codes, shares))),
        draw(several(st.sampled_from(["tokenizer", "training-data"]))),
        tuple(rows),
        draw(named) if rows else "",
        bool(rows) and draw(st.booleans()),
        draw(several(urls)) if rows else (),
    )


@st.composite
def bills(draw: st.DrawFn) -> Bom:
    """A whole bill: a root, up to four parts, one inside another, and up to two services."""
    refs = draw(st.lists(named, min_size=2, max_size=5, unique=True))
    hosted = draw(st.lists(named, max_size=2, unique=True))
    hosted = [ref for ref in hosted if ref not in refs]
    root, *others = refs
    parts = [draw(components(ref)) for ref in refs] + [draw(services(ref)) for ref in hosted]
    relations = {Relation(root, ref, "depends-on", Location("")) for ref in (*others, *hosted)}
    if len(others) > 1:
        relations.add(Relation(others[0], others[1], "contains", Location("")))
    every = [*refs, *hosted]
    questions = ("origin.trained", "licence.declared", "weights-from", "class")
    made = draw(claims(every, questions, "derived", "declared", "withdrawn"))
    gap_rows = tuple(sorted(set(draw(st.lists(gaps, max_size=4)))))
    return Bom(
        root=root,
        parts=tuple(sorted(parts, key=lambda part: part.ref)),
        relations=tuple(sorted(relations)),
        claims=made,
        judgements=draw(claims(every, ("class", "path-role"), "derived")),
        gaps=gap_rows,
        gap_count=len(gap_rows),
        sovereignty=draw(sovereignties([claim.ref for claim in made])),
        vulnerabilities=draw(
            st.sampled_from([(), tuple((ref, FOUND) for ref in sorted(refs)[:2])])
        ),
        notes=draw(several(st.builds(Note, st.just("annotation-1"), st.just(root), said), 1)),
        complete=tuple(sorted(draw(st.sets(st.sampled_from(refs))))),
        readers=(("content", "weights"), ("reference", "loader")),
        unapplied=("home 'KR'",),
        files=str(draw(st.integers(0, 99))),
        knowledge=draw(hexes),
        index=draw(named),
        phase=draw(st.sampled_from(["pre-build", "post-build", "operations"])),
        time=draw(times),
        program="1.2.3",
    )
