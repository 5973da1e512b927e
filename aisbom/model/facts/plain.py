"""Facts about files, code, licences, repositories and services, and all facts whose shape is a
text, a number or yes and no.
"""

from __future__ import annotations

from typing import Any

from aisbom.model.facts.key import Key
from aisbom.model.facts.of_models import OF_MODELS
from aisbom.model.facts.of_packages import OF_PACKAGES

_OTHERS: tuple[Key[Any], ...] = (
    Key("added", int, ("merge",), ("classify", "bom"), "how many files a copy adds to its release"),
    Key("added-file", str, ("merge",), ("bom",), "a file that a copy adds to its release"),
    Key(
        "alias",
        str,
        ("examine",),
        ("merge", "identify", "bom"),
        "the bare name that an id was known by",
    ),
    Key("also", str, ("merge",), ("identify", "bom"), "another version whose files are the same"),
    Key("authenticated", bool, ("collect",), ("bom",), "whether a client is given a key"),
    Key(
        "basis",
        str,
        ("collect", "merge"),
        ("merge", "identify", "bom", "model", "classify", "judge"),
        "what reveals a part: config, tensors, folder, pipeline, network-file",
    ),
    Key("blob", str, ("collect",), ("examine", "merge"), "git identity of a content, hex"),
    Key("blob-lf", str, ("collect",), ("merge",), "the same with plain line ends"),
    Key("branch", str, ("collect",), (), "the branch of a repository"),
    Key("commit", str, ("collect", "merge"), ("bom",), "a commit, hex"),
    Key("commit-time", str, ("collect",), ("identify", "bom"), "when it was made, ISO 8601"),
    Key(
        "copyright-holder",
        str,
        ("collect",),
        ("merge", "identify", "classify", "bom"),
        "who holds a copyright",
    ),
    Key(
        "credit",
        str,
        ("collect",),
        ("examine", "merge", "identify"),
        "how somebody is credited: as holder, project or address; by a README: built-on or thanks",
    ),
    Key("date", str, ("merge",), ("bom",), "when a release came out, ISO 8601"),
    Key(
        "dirty", str, ("collect",), ("bom",), "whether a work tree was changed: yes, no or unknown"
    ),
    Key("download-host", str, ("collect", "examine"), ("examine",), "the host of a download"),
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
    Key(
        "examined",
        str,
        ("collect", "merge"),
        ("examine", "merge", "identify", "fleet"),
        "how much was looked at",
    ),
    Key(
        "file-kind",
        str,
        ("collect", "merge"),
        ("examine", "merge", "identify", "classify", "bom"),
        "what a file is: card, config, licence, notice-list...",
    ),
    Key("files", int, ("collect", "pipeline"), ("bom", "fleet"), "how many files"),
    Key("folder", str, ("collect",), ("merge",), "the folder of a part"),
    Key(
        "format",
        str,
        ("collect", "examine"),
        ("collect", "bom", "classify", "model"),
        "the file format",
    ),
    Key("framework", str, ("collect",), (), "the framework that a header names"),
    Key("home", str, ("bom",), ("cli",), "a home jurisdiction of the score"),
    Key("home-from", str, ("bom",), ("cli",), "who gave it"),
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
    Key("knowledge", str, ("pipeline",), ("bom",), "digest of the knowledge"),
    Key("known-by", str, ("examine",), (), "the row of the table that knew a bare name"),
    Key(
        "lfs", bool, ("collect",), ("examine", "identify"), "whether only a git LFS pointer is here"
    ),
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
    Key(
        "licence-guess",
        str,
        ("collect", "merge"),
        ("merge", "identify", "bom"),
        "the licence of a text",
    ),
    Key("licence-line", int, ("collect",), ("identify",), "where it begins"),
    Key("licence-other", str, ("collect",), ("identify", "bom"), "another licence in the text"),
    Key("licence-rest", int, ("collect",), ("identify",), "words that no licence explains"),
    Key(
        "lineage",
        str,
        ("collect",),
        ("examine", "merge", "identify", "classify", "bom"),
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
    Key("missing", int, ("merge",), ("bom",), "how many files of the release are not here"),
    Key("missing-file", str, ("merge",), ("bom",), "one of them"),
    Key(
        "modified", int, ("merge",), ("classify", "bom"), "how many files differ from the release's"
    ),
    Key(
        "named-by",
        str,
        ("collect",),
        ("examine", "merge", "identify", "classify"),
        "what a name rests on where no loader gets it: key, word, declared, link, list, file, ...",
    ),
    Key("note", str, ("collect",), (), "what a reader could not tell"),
    Key("null-mean", float, ("examine",), (), "mean of the same by chance"),
    Key("null-most", int, ("examine",), (), "the most of the same by chance"),
    Key("of", str, ("examine",), ("merge", "bom"), "whose digest it is: weights or tokenizer"),
    Key("of-file", str, ("collect",), ("merge",), "path of the file that a credit is about"),
    Key("override", bool, ("collect",), (), "whether it overrides other demands"),
    Key("paper", str, ("collect",), ("bom",), "arXiv id of a paper"),
    Key("path", str, ("collect",), ("merge",), "a folder that it is taken from"),
    Key(
        "percentile",
        float,
        ("collect",),
        ("identify", "bom"),
        "share (0 to 1) of unrelated pairs that agree less",
    ),
    Key("present", bool, ("collect",), (), "whether a submodule is checked out"),
    Key("producer", str, ("collect",), ("bom",), "program that wrote a file, by its header"),
    Key("profile", str, ("pipeline",), ("cli",), "name and version of the profile"),
    Key(
        "quoted-holder",
        str,
        ("collect",),
        ("identify",),
        "a holder whom a string in the file names: a docstring, or a text that the file holds",
    ),
    Key("read", int, ("pipeline",), ("cli",), "how many files a collector read"),
    Key("reference", str, ("examine",), ("identify",), "name of a known model"),
    Key("reference-digest", str, ("examine",), (), "its digest"),
    Key("registry", str, ("collect",), ("examine", "identify"), "another registry than the hub"),
    Key("release", str, ("merge",), ("bom",), "version of a release"),
    Key("remote", str, ("collect",), ("examine", "identify"), "address of a remote"),
    Key(
        "repository",
        str,
        ("collect", "merge"),
        ("merge", "identify", "bom"),
        "address, or owner/name, of a repository",
    ),
    Key("revision", str, ("collect",), ("bom",), "revision that is asked for"),
    Key("says-fork", bool, ("collect",), ("identify",), "the whole says it is a fork of it"),
    Key("service", str, ("examine",), ("merge", "identify", "classify"), "id of a service"),
    Key("service-host", str, ("examine",), ("bom",), "its host"),
    Key("service-url", str, ("examine",), ("bom",), "its address"),
    Key("sha256", str, ("collect", "identify"), ("bom",), "SHA-256, hex"),
    Key("shallow", bool, ("collect",), (), "whether a repository has no history"),
    Key("share-here", float, ("examine",), ("identify",), "share of our values that are equal"),
    Key(
        "share-there",
        float,
        ("examine",),
        ("identify",),
        "share of the reference's values that are equal",
    ),
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
    Key("spdx", str, ("collect",), ("merge", "identify"), "licence that a header states (SPDX)"),
    Key("submodule", bool, ("collect",), ("bom",), "whether it is a submodule"),
    Key("summary", str, ("collect",), ("bom",), "one line on what it is"),
    Key("table", str, ("collect",), ("identify",), "name of the table of embeddings"),
    Key(
        "tag",
        str,
        ("collect", "merge"),
        ("collect", "merge", "examine", "bom"),
        "a git tag, a wheel tag, or a tag of a card or of a model of the Ollama library",
    ),
    Key(
        "taken-over",
        str,
        ("collect",),
        ("identify",),
        "a sentence that owns up to what was taken over",
    ),
    Key("title", str, ("collect",), ("merge",), "title of a card"),
    Key("unresolved-loader", str, ("collect",), ("bom",), "the place of one of them, path:line"),
    Key(
        "unresolved-loader-calls",
        int,
        ("collect",),
        ("bom",),
        "calls that load what cannot be told",
    ),
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
    Key(
        "vcs-url",
        str,
        ("collect",),
        ("examine", "merge", "identify", "bom"),
        "address of a repository",
    ),
    Key("vendored", str, ("collect",), (), "the package that vendors it"),
    Key("verdict", str, ("examine",), ("identify",), "what a comparison of weights comes to"),
)

_OF_IMAGES: tuple[Key[Any], ...] = (
    Key("image-registry", str, ("collect",), (), "host that a container image is taken from"),
)

_OF_JUDGEMENTS: tuple[Key[Any], ...] = (
    Key("only-named", bool, ("classify",), ("classify",), "path role: only its name is here"),
    Key("in-release", bool, ("merge",), ("classify",), "an unchanged file of a release says it"),
)

PLAIN: tuple[Key[Any], ...] = (*OF_MODELS, *OF_PACKAGES, *_OTHERS, *_OF_IMAGES, *_OF_JUDGEMENTS)
