"""Every fact that one stage tells another: its key, its shape, who writes it and who reads it.

A fact is a pair of texts (`Facts`), so that rows sort, compare and are cached as plain values. What
has parts is a record: a frozen type whose text is the JSON array of its fields, which no path, name
or sentence can break. Records are written by calling their key and read with `get`:

    MEMBER(Member(0, "pkg:pypi/norae", "norae/nn.py", 0.88, 0.71))      # -> ("member", "[0,...]")
    observation.get(MEMBER)                                            # -> (Member(0, ...),)

Plain facts are written by their key in quotes, `facts(author=...)`, and read with
`component.fact("author")`. tests/model/test_facts.py holds every key in quotes, and every kind of
sighting, against these tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, TypeVar, cast

T = TypeVar("T")

Stage = Literal[
    "collect",
    "examine",
    "online",
    "merge",
    "identify",
    "classify",
    "judge",
    "bom",
    "fleet",
    "model",
    "pipeline",
    "cli",
]
"""`bom` stands for all that decides and spells the document, `emit` included."""


@dataclass(frozen=True, slots=True)
class Key(Generic[T]):
    """The key of a fact. `shape` is str, int, float, bool (`yes` or `no`) or a record."""

    name: str
    shape: type[T]
    written_by: tuple[Stage, ...]
    read_by: tuple[Stage, ...]
    meaning: str

    def __call__(self, value: T) -> tuple[str, str]:
        """The fact that says `value`."""
        return self.name, self.text(value)

    @property
    def record(self) -> bool:
        """Whether the fact has parts."""
        return issubclass(self.shape, tuple)

    def text(self, value: T) -> str:
        """The one text form of a value."""
        if self.record:
            return _array(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(value)

    def parse(self, text: str) -> T:
        """The value of a text that `text` made. Raises ValueError for any other text."""
        if self.record:
            return self._record(text)
        if self.shape is bool:
            return cast(T, text == "yes")
        return cast("Callable[[str], T]", self.shape)(text)

    def mapped(self, text: str, change: Callable[[str], str]) -> str:
        """The text of a record with `change` applied to each text in it."""
        return _array(_map(json.loads(text), change))

    def _record(self, text: str) -> T:
        try:
            parts = json.loads(text)
        except ValueError:
            parts = None
        if not isinstance(parts, list) or len(parts) != len(cast(Any, self.shape)._fields):
            raise ValueError(f"fact {self.name!r}: not a {self.shape.__name__}: {text[:80]!r}")
        return self.shape(*(tuple(p) if isinstance(p, list) else p for p in parts))


def _array(parts: object) -> str:
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _map(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_map(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


# --- records ----------------------------------------------------------------------------------


class Member(NamedTuple):
    """A file of the code index that a file agrees with.

    `rank` 0 agrees most. `project` is a purl without version, `path` the path there. `containment`
    is the share (0 to 1) of our fingerprints that are found there, `weighted` the same by rarity.
    """

    rank: int
    project: str
    path: str
    containment: float
    weighted: float

    @property
    def purl(self) -> str:
        """`project#path`."""
        return f"{self.project}#{self.path}"


class SameFunction(NamedTuple):
    """A rare function that is the same here and in the member of this rank; lines from 1."""

    rank: int
    line: int
    end: int
    name: str
    their_path: str
    their_line: int
    their_name: str


class OfMember(NamedTuple):
    """A text (a holder, a licence) that belongs to the member of this rank."""

    rank: int
    text: str


class FileHolder(NamedTuple):
    """A copyright holder whom the original of the file at `path` names."""

    path: str
    holder: str


class HolderLine(NamedTuple):
    """A copyright holder and the line (from 1) of the file that names it."""

    holder: str
    line: int


class SaidSource(NamedTuple):
    """Where a comment in line `line` (from 1) says that code comes from, as it is written. `whole`:
    it stands above all code, and speaks of the file.
    """

    line: int
    source: str
    whole: bool


class NearFile(NamedTuple):
    """A file of the code index that a file is like, but not beyond what unrelated files of one name
    may be: `member` in all but the rank, with what the index knows of it. `holders` are those its
    notice names, `later` those of them whom earlier versions may not have named.
    """

    rank: int
    project: str
    path: str
    containment: float
    weighted: float
    percentile: float
    repository: str
    licence: str
    holders: tuple[str, ...]
    later: tuple[str, ...]


class CameOn(NamedTuple):
    """When a file came into the scanned history, as its path and as its content: the days (ISO
    8601) before which it was not there and by which it was; `""` for what is not known.
    """

    path_least: str
    path_most: str
    content_most: str


class UsageModule(NamedTuple):
    """Line `line` (from 1) of a file's usage text calls the file by this module of another
    package.
    """

    line: int
    module: str


class OrderSign(NamedTuple):
    """What shows that the member of this rank is the older one: a sign of a kind of
    `codeprint/order.py`, its line (from 1), the holder whose notice it is (`""` for other kinds),
    and a sentence.
    """

    rank: int
    kind: str
    line: int
    holder: str
    sentence: str


class FilePair(NamedTuple):
    """A file of the tree and the file of the release that it was made from."""

    path: str
    original: str


class Annotation(NamedTuple):
    """One annotation of a REUSE.toml; `number` is its place in the file: the last match counts."""

    number: int
    glob: str
    expression: str
    line: int


class LicenceScope(NamedTuple):
    """A licence expression and the glob of the files that it holds for."""

    expression: str
    glob: str


class Metric(NamedTuple):
    """A result in the `model-index` of a card: which metric, its value, and of what."""

    kind: str
    value: str
    of: str


class References(NamedTuple):
    """The reference models that values were held against: how many, and the digest of all."""

    number: int
    digest: str


class Words(NamedTuple):
    """The different words of a text, sorted."""

    words: tuple[str, ...]


class Citation(NamedTuple):
    """A row of organisations that a conclusion rests on.

    `on` is the day (ISO 8601) for which it was chosen, empty for today.
    """

    id: str
    on: str


class TableRow(NamedTuple):
    """A row of another table of the knowledge that a conclusion rests on: the table's file name,
    and the row's key, or the sources of the statement.
    """

    table: str
    key: str


class RegistryAnswer(NamedTuple):
    """What a registry was asked: the address, and the day (YYYY-MM-DD) on which it answered."""

    url: str
    day: str


class RestrictionAt(NamedTuple):
    """A restriction in a text: its line (from 1), its kind (`licences/restrictions.py`), and the
    words around it.
    """

    line: int
    kind: str
    words: str


class CopyOf(NamedTuple):
    """The repository (its address) and the release (a purl) that a whole tree is a copy of."""

    repository: str
    release: str


class LicenceSaid(NamedTuple):
    """A sentence about a licence: the part it holds for (`all`, `code`, `weights`, `data`, `docs`),
    the SPDX id or `LicenseRef-*`, its line (from 1), and its words.
    """

    part: str
    name: str
    line: int
    words: str


class LicenceAt(NamedTuple):
    """A licence that a source file states in full or by name in its own comments, and its line."""

    line: int
    name: str
    basis: str


class TextLines(NamedTuple):
    """A text, line by line."""

    lines: tuple[str, ...]


MEMBER = Key(
    "member", Member, ("collect",), ("merge", "identify", "bom"), "a file of the index like it"
)
FUNCTION = Key("function", SameFunction, ("collect",), ("bom",), "a function that both files have")
THEIR_HOLDER = Key(
    "their-holder", OfMember, ("collect",), ("identify",), "a holder whom the index names for it"
)
THEIR_LICENCE = Key(
    "their-licence", OfMember, ("collect",), ("identify",), "the licence of the project it is in"
)
ORIGINAL_HOLDER = Key(
    "original-holder",
    FileHolder,
    ("merge",),
    ("identify",),
    "a holder in a changed file's original",
)
MODIFIED_FILE = Key(
    "modified-file", FilePair, ("merge",), ("bom",), "a file that differs from the release's"
)
ANNOTATION = Key("annotation", Annotation, ("collect",), ("merge",), "a licence by glob")
LICENCE_SCOPE = Key(
    "licence-scope", LicenceScope, ("merge",), ("identify", "bom"), "a licence by glob that holds"
)
RESULT = Key("result", Metric, ("collect",), ("bom",), "an evaluation that a card states")
WEIGHTS_REFERENCES = Key(
    "weights-references",
    References,
    ("examine",),
    ("identify", "bom"),
    "the known models that the values were held against",
)
MENTIONS = Key("mentions", Words, ("collect",), ("identify",), "the words of a notice")
COPY_OF = Key(
    "copy-of", CopyOf, ("merge",), ("identify",), "the release that the whole tree is a copy of"
)
RESTRICTS = Key(
    "restricts", RestrictionAt, ("collect",), ("identify",), "what a licence of its own restricts"
)
SAYS_LICENCE = Key(
    "says-licence", LicenceSaid, ("collect",), ("identify", "bom"), "a sentence about a licence"
)
STATES_LICENCE = Key(
    "states-licence", LicenceAt, ("collect",), ("identify", "bom"), "a licence in comments"
)
LICENCE_TEXT = Key(
    "licence-text", TextLines, ("collect",), ("bom",), "the text of a licence of its own"
)
CITES = Key("cites", Citation, ("identify",), ("bom",), "evidence: the row that it rests on")
REGISTRY_ANSWER = Key(
    "registry-answer",
    RegistryAnswer,
    ("online",),
    ("bom",),
    "evidence: where and when a registry declared it",
)
CITES_ROW = Key(
    "cites-row", TableRow, ("identify",), ("bom",), "evidence: a row of another table, likewise"
)

# Whose code it is.
HOLDER_LINE = Key(
    "holder-line", HolderLine, ("collect",), ("identify",), "a holder and the line that names it"
)
SAID_SOURCE = Key(
    "said-source", SaidSource, ("collect",), ("identify",), "where a comment says code is from"
)
NEAR = Key(
    "near",
    NearFile,
    ("collect",),
    ("merge",),
    "a file of the index that it is near to, which says nothing without a credit",
)
CAME = Key("came", CameOn, ("examine",), ("merge",), "when a file came into the scanned history")
USAGE_MODULE = Key(
    "usage-module",
    UsageModule,
    ("collect",),
    ("identify",),
    "the module of another package by which a usage text calls the file",
)
ORDER_SIGN = Key(
    "order-sign",
    OrderSign,
    ("collect", "merge"),
    ("merge", "identify"),
    "what shows that a member is older",
)
THEIR_REPOSITORY = Key(
    "their-repository",
    OfMember,
    ("collect",),
    ("merge", "identify"),
    "where the project is published that it is in",
)
LATER_HOLDER = Key(
    "later-holder",
    OfMember,
    ("collect",),
    ("identify",),
    "a holder whom earlier versions of it may not have named",
)
IN_TREE = Key(
    "in-tree", OfMember, ("merge",), ("identify",), "where the member of a rank lies in the tree"
)

# What can run code (docs/unsafe-files.md).


class Hazard(NamedTuple):
    """One way in which a file can run code: through what (`pickle`, `keras`, `operator`,
    `template`, `remote-code`, `loader`), and what it would do.

    Not `certain`: it could not be followed to its end. `line` counts from 1, 0 for no line.
    """

    through: str
    what: str
    line: int
    certain: bool


HAZARD = Key("hazard", Hazard, ("collect",), ("identify",), "a way in which a file can run code")

# Known vulnerabilities (docs/vulnerabilities.md).


class Vulnerability(NamedTuple):
    """A known vulnerability of one version of a package.

    `level` is none, low, medium, high, critical or unrated; `vector` a CVSS vector; `fixed` the
    versions that mend it. `published` and `modified` are ISO 8601, `state` and `detail` what a VEX
    statement says of it.
    """

    id: str
    aliases: tuple[str, ...]
    level: str
    vector: str
    summary: str
    fixed: tuple[str, ...]
    source: str
    published: str
    modified: str
    state: str
    detail: str


VULNERABILITY = Key(
    "vulnerability",
    Vulnerability,
    ("examine",),
    ("identify", "bom"),
    "a known vulnerability of this version",
)
UNAUDITED = Key("unaudited", str, ("examine",), ("identify",), "why it could not be asked about")

RECORDS: tuple[Key[Any], ...] = (
    VULNERABILITY,
    HOLDER_LINE,
    SAID_SOURCE,
    USAGE_MODULE,
    CAME,
    NEAR,
    ORDER_SIGN,
    THEIR_REPOSITORY,
    LATER_HOLDER,
    IN_TREE,
    HAZARD,
    MEMBER,
    FUNCTION,
    THEIR_HOLDER,
    THEIR_LICENCE,
    ORIGINAL_HOLDER,
    MODIFIED_FILE,
    ANNOTATION,
    LICENCE_SCOPE,
    RESULT,
    WEIGHTS_REFERENCES,
    MENTIONS,
    COPY_OF,
    RESTRICTS,
    SAYS_LICENCE,
    STATES_LICENCE,
    LICENCE_TEXT,
    CITES,
    CITES_ROW,
    REGISTRY_ANSWER,
)

# --- plain facts ------------------------------------------------------------------------------

NESTED = ("text", "vision", "audio")
"""Nested configurations of a model whose sizes are told beside its own, as `text-hidden-size`."""

_OF_A_PART: tuple[tuple[str, type[Any], tuple[Stage, ...]], ...] = (
    ("hidden-size", int, ("identify",)),
    ("num-hidden-layers", int, ("identify",)),
    ("num-attention-heads", int, ()),
    ("intermediate-size", int, ()),
    ("vocab-size", int, ("identify", "bom")),
    ("model-type", str, ("identify",)),
    ("torch-dtype", str, ()),
)

_PLAIN: tuple[Key[Any], ...] = (
    UNAUDITED,
    Key(
        "adapter",
        str,
        ("collect",),
        ("identify", "classify", "bom"),
        "the method of an adapter (`LORA`)",
    ),
    Key("added", int, ("merge",), ("classify", "bom"), "how many files a copy adds to its release"),
    Key("added-file", str, ("merge",), ("bom",), "a file that a copy adds to its release"),
    Key("alias", str, ("examine",), ("bom",), "the bare name that an id was known by"),
    Key("also", str, ("merge",), ("identify", "bom"), "another version whose files are the same"),
    Key("approach", str, ("collect",), ("bom",), "how a model learns, as its card says"),
    Key(
        "architecture",
        str,
        ("collect",),
        ("merge", "classify", "bom"),
        "a class that a model is built by",
    ),
    Key("authenticated", bool, ("collect",), ("bom",), "whether a client is given a key"),
    Key("author", str, ("collect",), ("identify", "bom"), "who wrote a package"),
    Key(
        "author-email",
        str,
        ("collect",),
        ("identify", "bom"),
        "name and address of who wrote it",
    ),
    Key("auto-map", str, ("collect",), ("bom",), "a class that loading a model would run"),
    Key(
        "base-model",
        str,
        ("collect",),
        ("identify", "bom"),
        "id of a model that this one was made from",
    ),
    Key(
        "base-model-relation",
        str,
        ("collect",),
        ("identify", "classify", "bom"),
        "how: finetune, adapter, quantized, merge",
    ),
    Key("base-model-revision", str, ("collect",), (), "the revision of the base"),
    Key(
        "basis",
        str,
        ("collect", "merge"),
        ("merge", "identify", "bom", "model", "classify"),
        "what reveals a part: config, tensors, folder, pipeline, network-file",
    ),
    Key("blob", str, ("collect",), ("examine", "merge"), "git identity of a content, hex"),
    Key("blob-lf", str, ("collect",), ("merge",), "the same with plain line ends"),
    Key("bom-scope", str, ("collect",), (), "`scope` of a component in an SBOM"),
    Key("branch", str, ("collect",), (), "the branch of a repository"),
    Key("build", str, ("collect",), (), "build of a conda package"),
    Key("card-ethics", str, ("collect",), ("bom",), "what a card says of ethics"),
    Key("card-limitations", str, ("collect",), ("bom",), "what a card says of limits"),
    Key("card-tradeoffs", str, ("collect",), ("bom",), "what a card says of trade-offs"),
    Key("card-users", str, ("collect",), ("bom",), "for whom a model is"),
    Key("card-uses", str, ("collect",), ("bom",), "what for"),
    Key("channel", str, ("collect",), (), "a conda channel"),
    Key("classifier", str, ("collect",), ("collect", "identify"), "a trove classifier"),
    Key("commit", str, ("collect", "merge"), ("bom",), "a commit, hex"),
    Key("commit-time", str, ("collect",), ("identify", "bom"), "when it was made, ISO 8601"),
    Key(
        "comparison",
        str,
        ("merge",),
        ("bom",),
        "how two vocabularies stand to each other, a sentence",
    ),
    Key("content-url", str, ("collect",), ("bom",), "where the contents of a data set lie"),
    Key("controls", str, ("examine",), (), "how unrelated references compared, a sentence"),
    Key(
        "copyright-holder",
        str,
        ("collect",),
        ("merge", "identify", "bom"),
        "who holds a copyright",
    ),
    Key("cpe", str, ("collect",), (), "a CPE of a component in an SBOM"),
    Key(
        "credit",
        str,
        ("collect",),
        ("examine", "merge", "identify"),
        "how somebody is credited: as holder, project or address; by a README: built-on or thanks",
    ),
    Key("dataset", str, ("collect",), ("examine", "bom"), "a data set that a card names"),
    Key("dataset-id", str, ("collect", "examine"), ("identify", "bom"), "its id on the hub"),
    Key("date", str, ("merge",), ("bom",), "when a release came out, ISO 8601"),
    Key("declared-by", str, ("identify",), ("bom",), "evidence: who declares it"),
    Key(
        "dirty", str, ("collect",), ("bom",), "whether a work tree was changed: yes, no or unknown"
    ),
    Key("download-host", str, ("collect",), (), "the host of a download"),
    Key("dtype", str, ("collect",), ("identify", "bom"), "number format of tensors"),
    Key("dynamic", str, ("collect",), ("collect",), "a field that a build fills in"),
    Key("editable", bool, ("collect",), ("bom",), "whether it is installed in place"),
    Key("ended", str, ("collect",), ("bom",), "when a training ended, ISO 8601"),
    Key(
        "endpoint",
        str,
        ("collect",),
        ("examine", "bom"),
        "host of a service, with its port if it has one",
    ),
    Key(
        "known", str, ("collect",), ("examine",), "a content that some project of the index has had"
    ),
    Key("equal-tensors", int, ("examine",), (), "how many tensors are equal"),
    Key(
        "examined",
        str,
        ("collect", "merge"),
        ("examine", "merge", "identify", "fleet"),
        "how much was looked at",
    ),
    Key("extra", str, ("collect",), ("merge", "bom"), "an extra that is asked for"),
    Key("extra-index", str, ("collect",), (), "another package index"),
    Key("feature-extractor", str, ("collect",), (), "class that prepares inputs"),
    Key(
        "file-kind",
        str,
        ("collect", "merge"),
        ("examine", "merge", "identify", "bom"),
        "what a file is: card, config, licence, notice-list...",
    ),
    Key("files", int, ("collect", "pipeline"), ("bom", "fleet"), "how many files"),
    Key("first-step", int, ("collect",), ("bom",), "the first step of a log"),
    Key("folder", str, ("collect",), ("merge",), "the folder of a part"),
    Key("format", str, ("collect", "examine"), ("collect", "bom", "model"), "the file format"),
    Key("framework", str, ("collect",), (), "the framework that a header names"),
    Key(
        "from-scratch",
        str,
        ("collect",),
        ("identify",),
        "a sentence that claims training from scratch",
    ),
    Key("frozen", bool, ("collect",), ("identify",), "whether a part is kept as it was"),
    Key("generator", str, ("collect",), (), "the program that wrote a file"),
    Key(
        "group",
        str,
        ("collect",),
        ("merge", "identify", "classify", "bom"),
        "the dependency group (`runtime`, `extra:x`)",
    ),
    Key("hardware", str, ("collect",), ("bom",), "what a training ran on"),
    Key("hash", str, ("collect", "examine"), ("bom",), "a digest, `algorithm:hex`"),
    Key("hash-prefix", str, ("collect",), ("bom",), "the first digits of a SHA-256"),
    Key("header-architecture", str, ("collect",), ("identify", "bom"), "architecture in a header"),
    Key("header-base", str, ("collect",), ("identify",), "a parent that a header names"),
    Key("header-licence", str, ("collect",), (), "licence in a header"),
    Key("header-name", str, ("collect",), ("bom",), "name in a header"),
    Key("header-organisation", str, ("collect",), ("identify",), "maker in a header"),
    Key("hidden-size", int, ("collect",), ("identify", "bom"), "width of a network"),
    Key("home", str, ("bom",), ("cli",), "a home jurisdiction of the score"),
    Key("home-from", str, ("bom",), ("cli",), "who gave it"),
    Key("home-page", str, ("collect",), ("identify", "bom"), "home page"),
    Key(
        "how",
        str,
        ("collect", "examine"),
        ("examine", "bom"),
        "by what a service or a match is known",
    ),
    Key(
        "identical",
        int,
        ("merge",),
        ("classify", "identify", "bom"),
        "how many files are the release's",
    ),
    Key("image-processor", str, ("collect",), (), "class that prepares images"),
    Key("import", str, ("collect",), ("merge",), "a module that a distribution installs"),
    Key("imports", str, ("collect",), ("classify",), "a module that a file imports"),
    Key("in-place", int, ("examine",), (), "units in the places of a reference's"),
    Key("in-width", int, ("collect",), ("identify",), "what a projector takes"),
    Key(
        "index",
        str,
        ("collect", "pipeline"),
        ("identify", "bom", "online"),
        "a package index, or what the code index covers",
    ),
    Key("installed", bool, ("collect",), ("merge", "bom"), "whether it lies in an environment"),
    Key("installer", str, ("collect",), (), "what installed it"),
    Key("intermediate-size", int, ("collect",), ("identify",), "width inside a layer"),
    Key("knowledge", str, ("pipeline",), ("bom",), "digest of the knowledge"),
    Key("known-by", str, ("examine",), (), "the row of the table that knew a bare name"),
    Key("language", str, ("collect",), ("bom",), "a language, of text or of code"),
    Key("last-step", int, ("collect",), ("bom",), "the last step of a log"),
    Key("layers", int, ("collect",), ("identify",), "how many layers the names of tensors show"),
    Key(
        "lfs", bool, ("collect",), ("examine", "identify"), "whether only a git LFS pointer is here"
    ),
    Key("library-name", str, ("collect",), ("bom",), "the library of a model"),
    Key(
        "licence-altered",
        str,
        ("collect",),
        ("identify",),
        "what was added to a known licence, a sentence",
    ),
    Key(
        "licence-choice",
        str,
        ("collect",),
        ("identify", "bom"),
        "licences of a text to choose from",
    ),
    Key("licence-part", str, ("collect",), ("identify", "bom"), "what a licence file is for"),
    Key(
        "licence-similar",
        str,
        ("collect",),
        ("identify", "bom"),
        "the known licence that a text changes",
    ),
    Key("licence-title", str, ("collect",), ("identify",), "the first words of a licence text"),
    Key("licence-basis", str, ("collect",), ("identify",), "how a licence text was recognised"),
    Key("licence-guess", str, ("collect",), ("identify", "bom"), "the licence of a text"),
    Key("licence-line", int, ("collect",), ("identify",), "where it begins"),
    Key("licence-other", str, ("collect",), ("identify", "bom"), "another licence in the text"),
    Key("licence-rest", int, ("collect",), ("identify",), "words that no licence explains"),
    Key(
        "license", str, ("collect",), ("identify", "bom"), "licence as a package or card states it"
    ),
    Key("license-concluded", str, ("collect",), (), "licence that an SBOM concludes"),
    Key("license-expression", str, ("collect",), ("identify",), "licence as an SPDX expression"),
    Key("license-file", str, ("collect",), (), "a licence file that metadata name"),
    Key("license-link", str, ("collect",), ("identify",), "address of a licence"),
    Key("license-name", str, ("collect",), ("identify",), "name of a licence of one's own"),
    Key(
        "lineage",
        str,
        ("collect",),
        ("examine", "merge", "identify", "bom"),
        "what a comparison shows: declared, derived, family",
    ),
    Key(
        "lines",
        int,
        ("collect",),
        ("identify", "classify", "judge", "bom"),
        "lines that are not blank",
    ),
    Key(
        "loader", str, ("collect", "examine"), ("classify", "bom"), "the call or key that loads it"
    ),
    Key("local", bool, ("collect",), ("merge",), "whether it is taken from a folder or file"),
    Key("log10-chance", float, ("examine",), (), "log10 of the chance of one equal tensor"),
    Key("log10-p", float, ("examine",), (), "log10 of the chance of a likeness"),
    Key("loss-end", float, ("collect",), ("bom",), "the last loss of a log"),
    Key("loss-start", float, ("collect",), ("bom",), "the first loss of a log"),
    Key("main-guard", bool, ("collect",), ("classify",), "whether a module runs by itself"),
    Key("maintainer", str, ("collect",), ("identify", "bom"), "who maintains a package"),
    Key(
        "maintainer-email",
        str,
        ("collect",),
        ("identify", "bom"),
        "name and address of who maintains it",
    ),
    Key("manufacturer", str, ("collect",), ("identify",), "maker that an SBOM states"),
    Key("marker", str, ("collect",), ("merge", "bom"), "an environment marker (PEP 508)"),
    Key("max-position-embeddings", int, ("collect",), ("bom",), "length of the context"),
    Key(
        "merged-branches",
        str,
        ("examine",),
        ("identify",),
        "that the history holds merges of the branches of a credited project, a sentence",
    ),
    Key("merges", int, ("collect",), ("bom",), "how many merges a tokenizer has"),
    Key("merges-digest", str, ("collect",), ("merge",), "their digest"),
    Key("merges-sketch", str, ("collect",), (), "their sketch"),
    Key("metric", str, ("collect",), (), "a metric that a card names"),
    Key("missing", int, ("merge",), ("bom",), "how many files of the release are not here"),
    Key("missing-file", str, ("merge",), ("bom",), "one of them"),
    Key("model", str, ("collect",), ("bom",), "a model that a service is asked for"),
    Key("model-id", str, ("collect", "examine"), ("examine", "merge", "identify"), "id on the hub"),
    Key(
        "model-type",
        str,
        ("collect",),
        ("identify", "classify", "bom", "merge"),
        "type of a network",
    ),
    Key(
        "modified", int, ("merge",), ("classify", "bom"), "how many files differ from the release's"
    ),
    Key("name-or-path", str, ("collect",), ("identify",), "from where a configuration was loaded"),
    Key(
        "named-by",
        str,
        ("collect",),
        ("examine", "merge", "identify", "classify"),
        "what a name rests on where no loader gets it: key, word, declared, link, path or text",
    ),
    Key("names-digest", str, ("collect",), ("model",), "digest of the names of tensors"),
    Key("names-model", str, ("collect",), ("identify",), "a model that a sentence of a card names"),
    Key("new-version", str, ("collect",), (), "what follows this model"),
    Key("note", str, ("collect",), (), "what a reader could not tell"),
    Key("null-mean", float, ("examine",), (), "mean of the same by chance"),
    Key("null-most", int, ("examine",), (), "the most of the same by chance"),
    Key("num-attention-heads", int, ("collect",), ("identify", "bom"), "attention heads"),
    Key("num-experts", int, ("collect",), ("identify",), "experts"),
    Key("num-hidden-layers", int, ("collect",), ("identify", "bom"), "layers of a network"),
    Key("num-key-value-heads", int, ("collect",), ("identify",), "heads of keys and values"),
    Key("of", str, ("examine",), ("merge", "bom"), "whose digest it is: weights or tokenizer"),
    Key(
        "of-model",
        bool,
        ("examine", "merge"),
        ("identify",),
        "whether it belongs to the model of the tree",
    ),
    Key("optional", bool, ("collect",), (), "whether it may be left out"),
    Key("out-width", int, ("collect",), ("identify",), "what an encoder gives"),
    Key("override", bool, ("collect",), (), "whether it overrides other demands"),
    Key("owner", str, ("collect",), ("merge",), "purl of what ships an SBOM"),
    Key("paper", str, ("collect",), ("bom",), "arXiv id of a paper"),
    Key(
        "parameters",
        int,
        ("collect",),
        ("identify", "classify", "judge", "bom", "model"),
        "how many parameters",
    ),
    Key(
        "part",
        str,
        ("collect", "merge"),
        ("examine", "merge", "identify", "classify", "bom"),
        "which part of a model it is",
    ),
    Key("path", str, ("collect",), ("merge",), "a folder that it is taken from"),
    Key(
        "percentile",
        float,
        ("collect",),
        ("identify", "bom"),
        "share (0 to 1) of unrelated pairs that agree less",
    ),
    Key("pipeline-tag", str, ("collect",), ("classify", "bom"), "task of a model on the hub"),
    Key("platform", str, ("collect",), (), "a platform that it is for"),
    Key("points", int, ("collect",), (), "how many points a log has"),
    Key("prefix", str, ("collect",), ("bom",), "first part of the names of tensors"),
    Key("present", bool, ("collect",), (), "whether a submodule is checked out"),
    Key("processor", str, ("collect",), (), "class that prepares inputs of all kinds"),
    Key("producer", str, ("collect",), ("bom",), "program that wrote a file, by its header"),
    Key("profile", str, ("pipeline",), ("cli",), "name and version of the profile"),
    Key(
        "project-url",
        str,
        ("collect",),
        ("identify", "bom"),
        "`label, address` as package metadata write it",
    ),
    Key(
        "projector-in",
        int,
        ("collect",),
        ("identify",),
        "what a projector takes, by the configuration",
    ),
    Key("provides-extra", str, ("collect",), (), "an extra that it has"),
    Key("publisher", str, ("collect",), ("identify",), "who published a data set or a component"),
    Key("quantisation", str, ("collect",), ("identify", "bom"), "how a model is quantised"),
    Key("quantized-by", str, ("collect",), (), "who quantised it"),
    Key(
        "quoted-holder",
        str,
        ("collect",),
        ("identify",),
        "a holder whom a string in the file names: a docstring, or a text that the file holds",
    ),
    Key("rank", int, ("collect",), (), "rank of an adapter"),
    Key("read", int, ("pipeline",), ("cli",), "how many files a collector read"),
    Key("record-digest", str, ("collect",), (), "digest of a RECORD"),
    Key("reference", str, ("examine",), ("identify",), "name of a known model"),
    Key("reference-digest", str, ("examine",), (), "its digest"),
    Key("registry", str, ("collect",), ("examine", "identify"), "another registry than the hub"),
    Key("release", str, ("merge",), ("bom",), "version of a release"),
    Key("remote", str, ("collect",), ("examine", "identify"), "address of a remote"),
    Key("remote-code", str, ("collect",), ("bom",), "a file that loading a model would run"),
    Key(
        "repository",
        str,
        ("collect", "merge"),
        ("merge", "identify", "bom"),
        "address, or owner/name, of a repository",
    ),
    Key("requested", bool, ("collect",), (), "whether a user asked for it"),
    Key("requires-python", str, ("collect",), (), "versions of Python"),
    Key("revision", str, ("collect",), ("bom",), "revision that is asked for"),
    Key(
        "root",
        str,
        ("merge",),
        ("identify", "classify", "bom"),
        "folder of a copy, empty for the whole tree",
    ),
    Key(
        "same-values", str, ("examine",), ("identify", "bom"), "path of a file with the same values"
    ),
    Key(
        "scope",
        str,
        ("collect", "merge"),
        ("merge", "identify", "bom"),
        "environment that it lies in",
    ),
    Key("service", str, ("examine",), ("merge", "identify", "classify"), "id of a service"),
    Key("service-host", str, ("examine",), ("bom",), "its host"),
    Key("service-url", str, ("examine",), ("bom",), "its address"),
    Key("sha256", str, ("collect", "identify"), ("bom",), "SHA-256, hex"),
    Key("shallow", bool, ("collect",), (), "whether a repository has no history"),
    Key("shard", str, ("collect",), ("identify",), "a file that an index names"),
    Key("share-here", float, ("examine",), ("identify",), "share of our values that are equal"),
    Key(
        "share-there",
        float,
        ("examine",),
        ("identify",),
        "share of the reference's values that are equal",
    ),
    Key("signature", str, ("collect",), ("bom",), "a signature of a model, in words"),
    Key(
        "similar-to",
        str,
        ("examine",),
        ("identify",),
        "a known model with units in the same places",
    ),
    Key("single", bool, ("merge",), ("classify", "bom"), "whether a copy is one file"),
    Key("size", int, ("collect",), ("bom",), "bytes"),
    Key(
        "source",
        str,
        ("collect",),
        ("identify", "merge"),
        "id of the model that a part is loaded from",
    ),
    Key("source-name", str, ("collect",), ("identify",), "its name, where there is no id"),
    Key(
        "space", str, ("collect",), ("examine", "classify"), "the table that a bare name belongs to"
    ),
    Key("spdx", str, ("collect",), ("identify",), "licence that a header states (SPDX)"),
    Key("specifier", str, ("collect",), ("merge", "bom", "fleet"), "versions that are asked for"),
    Key("started", str, ("collect",), ("bom",), "when a training began, ISO 8601"),
    Key(
        "stated-parameters", int, ("collect",), ("identify", "bom"), "parameters that a card states"
    ),
    Key("structure-digest", str, ("collect",), (), "digest of names and shapes"),
    Key("subdir", str, ("collect",), (), "platform folder of a conda channel"),
    Key("subdirectory", str, ("collect",), (), "folder inside a repository"),
    Key("subject", bool, ("collect",), ("merge",), "whether an SBOM is about it"),
    Key("submodel", str, ("collect",), (), "a part that names of tensors reveal"),
    Key("submodule", bool, ("collect",), ("bom",), "whether it is a submodule"),
    Key("summary", str, ("collect",), ("bom",), "one line on what it is"),
    Key("supplier", str, ("collect",), ("bom",), "supplier that an SBOM states"),
    Key("table", str, ("collect",), ("identify",), "name of the table of embeddings"),
    Key("table-rows", int, ("collect",), ("identify",), "its length"),
    Key("table-width", int, ("collect",), ("identify",), "its width"),
    Key(
        "tag",
        str,
        ("collect", "merge"),
        ("collect", "merge", "bom"),
        "a git tag, a wheel tag, or a tag of a card",
    ),
    Key(
        "taken-over",
        str,
        ("collect",),
        ("identify",),
        "a sentence that owns up to what was taken over",
    ),
    Key("task", str, ("collect",), (), "task of a data set"),
    Key("tensor-digest", str, ("collect",), ("bom",), "digest of the list of tensors"),
    Key("tensors", int, ("collect",), ("examine", "bom", "fleet"), "how many tensors"),
    Key("title", str, ("collect",), ("merge",), "title of a card"),
    Key("tokenizer-class", str, ("collect",), (), "class of a tokenizer"),
    Key("tokenizer-from", str, ("collect",), ("bom",), "where a tokenizer was loaded from"),
    Key("tokenizer-model", str, ("collect",), (), "kind of a tokenizer"),
    Key("tokens", int, ("collect",), (), "tokens of a file that was compared"),
    Key("torch-dtype", str, ("collect",), ("bom",), "number format in a configuration"),
    Key("total-size", int, ("collect",), (), "bytes of all tensors"),
    Key("trainer", str, ("collect",), ("identify",), "what a training does with a part"),
    Key("trainer-base", str, ("collect",), ("identify",), "what a training starts from"),
    Key("trainer-base-id", str, ("collect",), ("identify",), "its id"),
    Key("trainer-output", str, ("collect",), ("merge",), "where a training writes to"),
    Key("transformers-version", str, ("collect",), (), "version of transformers"),
    Key("type", str, ("collect",), ("merge",), "type of a component in an SBOM"),
    Key(
        "unapplied",
        str,
        ("cli",),
        ("bom",),
        "scan: what the tree's configuration says and does not count",
    ),
    Key("units", int, ("examine",), (), "units that were compared"),
    Key("unresolved-loader", str, ("collect",), ("bom",), "the place of one of them, path:line"),
    Key(
        "unresolved-loader-calls",
        int,
        ("collect",),
        ("bom",),
        "calls that load what cannot be told",
    ),
    Key("upload-time", str, ("collect",), ("identify",), "when a file came to its index, ISO 8601"),
    Key("upstream-holder", str, ("merge",), ("identify",), "who holds the copyright of a release"),
    Key("upstream-licence", str, ("merge",), ("identify", "bom"), "licence of a release"),
    Key("upstream-root", str, ("merge",), ("identify",), "folder of the release that was copied"),
    Key(
        "url",
        str,
        ("collect",),
        ("examine", "merge", "classify", "identify", "bom"),
        "address of a download",
    ),
    Key("used-for", str, ("collect", "examine"), ("classify",), "what a data set is used for"),
    Key("values-of", str, ("collect",), ("merge",), "the file whose values these are"),
    Key(
        "vcs-url",
        str,
        ("collect",),
        ("examine", "merge", "identify", "bom"),
        "address of a repository",
    ),
    Key("vendored", str, ("collect",), (), "the package that vendors it"),
    Key("verdict", str, ("examine",), ("identify",), "what a comparison of weights comes to"),
    Key("vocab-size", int, ("collect",), ("identify", "bom"), "size of a vocabulary"),
    Key("vocabulary", int, ("collect",), ("merge", "bom"), "how many tokens a tokenizer has"),
    Key("vocabulary-digest", str, ("collect",), ("merge", "bom"), "their digest"),
    Key("vocabulary-sketch", str, ("collect",), ("merge",), "their sketch"),
    Key(
        "weights-budget", str, ("examine",), ("bom",), "bytes of values that may be read, or `all`"
    ),
    Key("weights-bytes", int, ("examine",), ("identify", "bom"), "bytes of values"),
    Key(
        "weights-from",
        str,
        ("examine",),
        ("identify", "bom"),
        "the known model whose values these are",
    ),
    Key("weights-left", int, ("examine",), ("bom",), "tensors beyond the budget"),
    Key("weights-read", int, ("examine",), ("identify", "bom"), "bytes of values that were read"),
    Key("width", int, ("collect",), ("identify",), "the length of most one-dimensional tensors"),
    Key("workspace", bool, ("collect",), (), "whether it is a member of the workspace"),
    Key("world-size", int, ("collect",), ("bom",), "processes of a training"),
)

_OF_NETWORK_FILES: tuple[Key[Any], ...] = (
    Key("configures", str, ("collect",), ("merge",), "path of a configuration that settings name"),
    Key("network-class", str, ("collect",), ("identify",), "a class of a library's network"),
    Key("network-module", str, ("collect",), ("identify",), "the module that it is imported from"),
    Key("own-class", str, ("collect",), ("merge",), "the class that inherits a library's network"),
    Key("network-use", str, ("collect",), ("identify",), "how: inherits, builds"),
    Key("feeds-width", int, ("collect",), ("identify",), "width of what a network feeds"),
)
"""Of networks that a file of settings describes (`merge/network_files.py`) or code builds."""

_OF_IMAGES: tuple[Key[Any], ...] = (
    Key("image-registry", str, ("collect",), (), "host that a container image is taken from"),
)

_OF_JUDGEMENTS: tuple[Key[Any], ...] = (
    Key("only-named", bool, ("classify",), ("classify",), "path role: only its name is here"),
    Key("in-release", bool, ("merge",), ("classify",), "an unchanged file of a release says it"),
)

_OF_PARTS: tuple[Key[Any], ...] = tuple(
    Key(f"{part}-{name}", shape, ("collect",), read_by, f"{name} of the {part} part")
    for part in NESTED
    for name, shape, read_by in _OF_A_PART
)

KEYS: Mapping[str, Key[Any]] = {
    key.name: key
    for key in (*RECORDS, *_PLAIN, *_OF_PARTS, *_OF_NETWORK_FILES, *_OF_IMAGES, *_OF_JUDGEMENTS)
}
"""Every key of a fact, by name."""
