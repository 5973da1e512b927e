"""Whom a part comes from, and who wrote it, as the metadata of packages and foreign documents state
it.

Only names are taken, as they are written: addresses stay out, and nothing is inferred from a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisbom.bom import Maker
from aisbom.lazy_module import Module
from aisbom.model import Component

if TYPE_CHECKING:
    from email import utils
else:
    utils = Module("email.utils")

_HUB = "pkg:huggingface/"
_HOSTS = {
    _HUB: Maker("Hugging Face", urls=("https://huggingface.co",)),
    "pkg:pypi/": Maker("Python Package Index", urls=("https://pypi.org",)),
    "pkg:npm/": Maker("npm registry", urls=("https://registry.npmjs.org",)),
    "pkg:cargo/": Maker("crates.io", urls=("https://crates.io",)),
    "pkg:maven/": Maker("Maven Central", urls=("https://repo.maven.apache.org/maven2",)),
    "pkg:nuget/": Maker("NuGet Gallery", urls=("https://www.nuget.org",)),
    "pkg:gem/": Maker("RubyGems", urls=("https://rubygems.org",)),
    "pkg:conan/": Maker("ConanCenter", urls=("https://conan.io/center",)),
    "pkg:github/": Maker("GitHub", urls=("https://github.com",)),
}
"""The host that a purl without qualifiers names, by the definition of its type
(package-url/purl-spec).
"""

_MAX_AUTHORS = 10
_MAX_LENGTH = 200


def supplier(subject: Component, maker: Maker | None) -> Maker | None:
    """Of a model or data set of a hub, the hub; else the maker, the supplier that an SBOM states,
    or the index that the purl names.
    """
    host = next((row for head, row in _HOSTS.items() if subject.purl.startswith(head)), None)
    if subject.purl.startswith(_HUB):
        return host
    stated = subject.fact("supplier")
    if maker or stated:
        return maker or Maker(stated)
    return None if "?" in subject.purl else host


def authors(subject: Component) -> tuple[str, ...]:
    """Authors, then maintainers, each once, in the order and the spelling of the metadata."""
    names: list[str] = []
    for role in (("author", "author-email"), ("maintainer", "maintainer-email")):
        plain, mail = role
        names += [value for value, _ in subject.facts(plain)]
        mails = [value for value, _ in subject.facts(mail)]
        names += [name for name, _ in utils.getaddresses(mails) if name] if mails else []
    kept = (" ".join(name.split()) for name in names)
    return tuple(
        dict.fromkeys(name for name in kept if name and "@" not in name and len(name) < _MAX_LENGTH)
    )[:_MAX_AUTHORS]
