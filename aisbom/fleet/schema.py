"""The tables of a catalogue: their columns, types and meaning, in one place. `schemas/fleet.md`
shows them to readers, and a test holds it against this file.
"""

from __future__ import annotations

from typing import Any

from aisbom.fleet.needs import import_extra

VERSION = 1
"""Counts up when a column changes its meaning or goes. A new column does not change it."""

Column = tuple[str, str, str]
"""Name, type (a word of `_TYPES`), and what it says."""

_UNIT: Column = ("unit", "text", "which tree and question: joins everything, `entries` names it")
_PLACE: tuple[Column, ...] = (
    ("path", "text", "file, relative; `archive!/entry` inside an archive"),
    ("line", "int", "from 1; 0 is the whole file"),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "submissions": (
        _UNIT,
        ("tree", "text", "SHA-256 over the name and the files of the submission"),
        ("question", "text", "SHA-256 over what was asked and what answered"),
        ("root", "text", "ref of the component that was scanned"),
        ("name", "text", "what it calls itself"),
        ("version", "text", "which version it says it is"),
        ("profile", "text", "name@version"),
        ("verdict", "text", "pass, fail or undetermined under the catalogue's profile"),
        ("files", "int", "files in it"),
        ("components", "int", "components found"),
        ("claims", "int", "claims made"),
        ("gaps", "int", "places that could not be looked at: unknown, never clean"),
        ("document_sha256", "text", "of the document; empty where no file could be read"),
        ("document_bytes", "int", "its size"),
    ),
    "components": (
        _UNIT,
        ("ref", "text", "the component's name in the document"),
        ("kind", "text", "CycloneDX component type, or service"),
        ("name", "text", ""),
        ("version", "text", "empty: unknown"),
        ("purl", "text", "empty: unknown"),
        ("class", "text", "backbone-weights, model-code, dependency, ..."),
        ("role", "text", "core, peripheral, tooling, undetermined"),
        ("path_role", "text", "product, test, example, docs, benchmark, vendored"),
        ("path", "text", "the first place it was seen at"),
        ("licence", "text", "concluded, else declared, else observed; empty: unknown"),
        ("country", "text", "country of origin, ZZ where unknown, international, ..."),
        ("organisation", "text", "who made it; empty: unknown"),
        ("confidence", "text", "of the country: high, medium, low"),
        ("code_from", "text", "the ancestor of copied code, where one was shown"),
    ),
    "claims": (
        _UNIT,
        ("claim", "text", "its citable name, c-..."),
        ("subject", "text", "ref of a component"),
        ("attribute", "text", "the question: origin.developed, licence.concluded, ..."),
        ("value", "text", "the answer"),
        ("status", "text", "derived, declared or withdrawn"),
        ("rule", "text", "who says so"),
        ("technique", "text", "a word of CycloneDX"),
        ("confidence", "text", "high, medium, low"),
        *_PLACE,
        ("member", "text", "a JSON pointer or tensor where there are no lines"),
        ("excerpt", "text", "the words seen there"),
    ),
    "relations": (
        _UNIT,
        ("source", "text", "ref"),
        ("target", "text", "ref"),
        ("kind", "text", "depends-on or contains"),
        *_PLACE,
        ("specifier", "text", "which versions it admits"),
    ),
    "gaps": (_UNIT, ("rule", "text", "who could not look"), *_PLACE, ("reason", "text", "why")),
    "scores": (
        _UNIT,
        ("profile", "text", "name@version"),
        ("profile_digest", "text", "SHA-256 of the profile"),
        ("home", "text", "jurisdictions, by comma"),
        ("role", "text", "core, peripheral, overall"),
        ("leg", "text", "origin, control, attribution; empty: all together"),
        ("low", "real", "shown to be ours"),
        ("high", "real", "not shown to be others'"),
        ("coverage", "real", "share of the weight whose questions have an answer"),
        ("verdict", "text", "pass, fail or undetermined"),
    ),
    "requirements": (
        _UNIT,
        ("profile", "text", "name@version"),
        ("requirement", "text", "id"),
        ("severity", "text", "error: binding"),
        ("verdict", "text", "pass, fail or unknown"),
        ("message", "text", "what was found, and where"),
    ),
    "files": (
        _UNIT,
        ("path", "text", "relative"),
        ("size", "int", "bytes"),
        ("sha256", "text", "of the bytes; empty where they could not be read"),
    ),
    "functions": (
        _UNIT,
        ("path", "text", "source file"),
        ("name", "text", "of the function"),
        ("line", "int", "first line"),
        ("end", "int", "last line"),
        ("tokens", "int", "how long it is"),
        ("hash", "key", "of its tokens"),
        ("renamed", "key", "of its tokens, own names taken out"),
        ("known", "flag", "whether a known project explains it: its file's origin, or the index"),
    ),
    "prints": (
        _UNIT,
        ("path", "text", "source file that no known project explains"),
        ("total", "int", "its distinct fingerprints (one run of tokens in four)"),
        ("runs", "bytes", "those that the index does not hold: 32 bits each, ascending, low first"),
    ),
    "tensors": (
        _UNIT,
        ("path", "text", "checkpoint"),
        ("tensor", "text", "name"),
        ("dtype", "text", "as stored"),
        ("shape", "shape", "dimensions"),
        ("numel", "int", "values"),
        ("flat", "key", "of type and bytes; 64 of 96 bits"),
        ("multiset", "key", "of how often each value occurs"),
        ("magnitudes", "key", "the same without signs"),
        ("cast", "key", "the same after rounding to bf16"),
        ("chance", "real", "log10 of the modelled chance of an equal multiset"),
        ("why_not", "text", "why equality would be no evidence; empty: it would be"),
    ),
    "sketches": (
        _UNIT,
        ("path", "text", "checkpoint"),
        ("digest", "text", "of the content: seeds comparisons"),
        ("sketch", "text", "SHA-256 of the file in sketches/; empty where none could be made"),
        ("parameters", "int", "values in all tensors"),
        ("tensors", "int", "tensors"),
        (
            "signature",
            "text",
            "checkpoints of one signature can be held against each other by bits",
        ),
        ("bits", "bytes", "4,096 sign bits; empty where there are no units to take them from"),
        ("note", "text", "what was not looked at"),
    ),
}

ENTRIES: tuple[Column, ...] = (
    ("round", "text", "of the competition; empty where none was named"),
    ("submission", "text", "its name in the list"),
    ("location", "text", "where it was read, without credentials and paths of the machine"),
    ("unit", "text", "which unit answers for it; empty where it failed"),
    ("state", "text", "done, or why not: refused, killed, time, changed, defect"),
    ("words", "text", "of a failure"),
)

ADDED: dict[str, tuple[Column, ...]] = {
    "rescored": TABLES["scores"],
    "rescored_requirements": TABLES["requirements"],
    "matches": (
        (
            "kind",
            "text",
            "tree (same files), tensor (equal values), units (common origin), function, file",
        ),
        ("a", "text", "unit"),
        ("a_path", "text", "checkpoint, or an example"),
        ("b", "text", "unit"),
        ("b_path", "text", "checkpoint, or an example"),
        ("verdict", "text", "of the exact test; never says who had it first"),
        (
            "shared",
            "int",
            "equal tensors, functions or files alike, submissions, or bits that differ (units)",
        ),
        ("log10_p", "real", "log10 of the chance, corrected for all pairs looked at"),
        ("pairs", "int", "pairs that were looked at for this kind"),
        ("words", "text", "what was found, in a sentence"),
    ),
}
"""Tables that other commands than `scan` write, into `added/`."""

KNOWN: dict[str, tuple[Column, ...]] = {**TABLES, **ADDED}

_KEYS = {"text": "string", "int": "int64", "real": "float64", "key": "uint64", "flag": "bool_"}


def arrow(table: str) -> Any:
    """The Arrow schema of a table, which carries its name and version."""
    pa = import_extra("pyarrow")
    columns = ENTRIES if table == "entries" else KNOWN[table]
    fields = [pa.field(name, _type(pa, kind)) for name, kind, _ in columns]
    return pa.schema(fields, {"aisbom:table": table, "aisbom:version": str(VERSION)})


def _type(pa: Any, kind: str) -> Any:
    if kind == "shape":
        return pa.list_(pa.int64())
    return pa.binary() if kind == "bytes" else getattr(pa, _KEYS[kind])()


_INTRODUCTION = (
    f"Version {VERSION}, which stands in the metadata of every Parquet file (`aisbom:version`). A"
    " column that changes its meaning or goes counts it up; a new one does not. A program of an"
    " earlier version refuses what is newer. Written by `aisbom/fleet/schema.py`; how a catalogue"
    " is laid out and asked: [docs/fleet.md](../docs/fleet.md)."
)
_TYPE_WORDS = (
    "Types: text (UTF-8), int (64 bits), real (64 bits), key (64 bits, unsigned), flag, shape"
    " (list of int), bytes."
)


def render_page() -> str:
    """The page `schemas/fleet.md`."""
    lines = ["# Tables of a fleet's catalogue", "", _INTRODUCTION, "", _TYPE_WORDS]
    for table, columns in {"entries": ENTRIES, **KNOWN}.items():
        lines += ["", f"## {table}", "", "| column | type | what it says |", "|---|---|---|"]
        lines += [f"| {name} | {kind} | {words} |" for name, kind, words in columns]
    return "\n".join(lines) + "\n"
