"""Where more of a component is to be found, and the digests that files state for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

from aisbom.bom import Digest, Link, models
from aisbom.model import Component

_PACKAGE_KINDS = frozenset({"requirement", "locked", "distribution", "bom-component"})
_HEX = {
    "md5": ("MD5", 32),
    "sha1": ("SHA-1", 40),
    "sha256": ("SHA-256", 64),
    "sha384": ("SHA-384", 96),
    "sha512": ("SHA-512", 128),
}
_LETTERS = r"(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*"
_URL = re.compile(
    rf"(?:https?|ssh|git)://(?:git@)?[A-Za-z0-9.\-]+(:\d+)?(/{_LETTERS}(#{_LETTERS})?)?"
)
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
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
    # Words of CycloneDX, in which SBOMs state addresses.
    "vcs": "vcs",
    "website": "website",
    "distribution": "distribution",
    "issue-tracker": "issue-tracker",
    "release-notes": "release-notes",
}


def digests(subject: Component) -> tuple[tuple[Digest, ...], tuple[Digest, ...]]:
    """(digests of the component itself, digests of the several files that a lock admits for it)."""
    found: set[Digest] = set()
    stated = {value for value, _ in subject.facts("hash")}
    if subject.kind == "machine-learning-model":
        # A model of one weight file is that file; its tokenizer is a part with a digest of its own.
        stated = {
            value
            for o in subject.observations
            if o.kind in ("weights", "weight-data", "digest", "bom-component")
            and o.fact("of") != "tokenizer"
            for value in o.all("hash")
        }
    for value in sorted(stated):
        name, _, digest = value.partition(":")
        known = _HEX.get(name.lower())
        if known and len(digest) == known[1] and re.fullmatch("[0-9a-fA-F]+", digest):
            found.add(Digest(known[0], digest.lower()))
    rows = tuple(sorted(found))
    once = len({row.algorithm for row in rows}) == len(rows)
    return (rows, ()) if once else ((), rows)


def links(
    subject: Component, own: tuple[Digest, ...], admitted: tuple[Digest, ...]
) -> tuple[Link, ...]:
    """Every address once, by kind and URL; `own` and `admitted` are what `digests` gives."""
    rows: dict[tuple[str, str], Link] = {}
    for link in [*_list_stated(subject), *models.links(subject), *_contents(subject)]:
        url = _uri(link.url)
        if _URL.fullmatch(url):
            rows.setdefault((link.kind, url), replace(link, url=url))
    elsewhere = "?repository_url=" in subject.purl
    if (admitted or elsewhere) and subject.purl and subject.kinds & _PACKAGE_KINDS:
        url = _page(subject.purl)
        several = admitted or own
        comment = "digests of the files that the lock admits; one of them is used"
        rows["distribution", url] = Link("distribution", url, comment if several else "", several)
    return tuple(rows[key] for key in sorted(rows))


def _uri(url: str) -> str:
    """The address with what a URI has no place for percent-encoded: a second `#` (rooms of Matrix
    are called so), and a `%` that encodes nothing.
    """
    page, mark, fragment = url.partition("#")
    return _LOOSE_PERCENT.sub("%25", f"{page}{mark}{fragment.replace('#', '%23')}")


def _page(purl: str) -> str:
    """The page of a package where its index has one, else its purl, which is a URI too."""
    if not purl.startswith("pkg:pypi/"):
        return purl
    name, _, qualifiers = purl[9:].partition("?")
    name = name.partition("@")[0]
    index = next(iter(parse_qs(qualifiers).get("repository_url", [])), "")
    if index:
        return f"{index}/{name}/"
    return purl if qualifiers else f"https://pypi.org/project/{name}/"


def _repository(address: str) -> str:
    """Where a version control address leads, without tool and revision: the latter stands behind
    the path, the `git@` of ssh before it.
    """
    address = address.removeprefix("git+")
    head, slash, path = address.partition("://")
    if not slash:
        return address
    authority, divider, rest = path.partition("/")
    return f"{head}://{authority}{divider}{rest.partition('@')[0]}"


def _list_stated(subject: Component) -> list[Link]:
    found = []
    for value, _ in subject.facts("project-url"):
        label, _, url = value.partition(",")
        label = label.strip()
        kind = _LABELS.get(label.lower(), "other")
        found.append(Link(kind, url.strip(), "" if label == kind else label))
    found += [Link("website", value) for value, _ in subject.facts("home-page")]
    found += [Link("vcs", _repository(value)) for value, _ in subject.facts("vcs-url")]
    found += [Link("distribution", value.partition("#")[0]) for value, _ in subject.facts("url")]
    return found


def _contents(subject: Component) -> Iterator[Link]:
    """Where the contents of a data set are known to lie."""
    if subject.kind != "data":
        return
    urls = {value for value, _ in subject.facts("content-url")}
    if not urls and subject.purl.startswith("pkg:huggingface/datasets/"):
        urls = {f"https://huggingface.co/{subject.purl[16:].partition('@')[0]}"}
    for url in sorted(urls):
        yield Link("distribution", url, "the contents of the data set")
