"""Which versions are the same, and which ones a requirement admits, by the rules of the package's
own ecosystem.

PyPI follows PEP 440: 1.0 and 1.0.0 are one release, 1.2.11-4 is 1.2.11.post4. Nobody else does. A
Maven repository holds 1.0 and 1.0.0 side by side (they only rank the same: "Version Order
Specification", Maven POM reference), the -4 of a Debian or RPM package is its own revision (Debian
Policy, 5.6.12; rpm-version(7)), npm and Go keep the text of SemVer with its `v` and its build
metadata, Conan takes any text. Outside PyPI a version is therefore the text that names it, and two
texts are two versions. What a purl says in its qualifiers belongs to it: another architecture,
user, channel or recipe revision is another package.
"""

from __future__ import annotations

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_version
from packaging.version import InvalidVersion, Version

_MERGED = frozenset({"pypi", "conda"})
"""Where one version is one component, whatever files, builds and platforms a lock lists for it."""

_RANGES = frozenset({"pypi", "conda"})
"""Whose specifiers are read as PEP 440 writes them. Conda orders plain releases the same way (conda
documentation, "Package match specifications"); what PEP 440 cannot read is not held against it.
"""


def ecosystem(purl: str) -> str:
    """The type of a purl: `pypi`, `maven`, `deb`; `""` for what is none."""
    scheme, _, rest = purl.partition(":")
    return rest.lstrip("/").partition("/")[0].casefold() if scheme == "pkg" else ""


def identity(purl: str, version: str) -> str:
    """One text for all sightings of a version of this package that are the same thing."""
    kind = ecosystem(purl)
    if kind == "pypi":
        return canonicalize_version(version)
    return version if kind in _MERGED else f"{version}?{purl.partition('#')[0].partition('?')[2]}"


def admits(purl: str, specifier: str, version: str) -> bool:
    """Whether a version satisfies a specifier (`==1.0`, `>=2,<3`). What cannot be read is taken to
    admit: it says nothing against.
    """
    if not specifier or not version:
        return True
    if ecosystem(purl) in _RANGES:
        try:
            return SpecifierSet(specifier).contains(Version(version), prereleases=True)
        except InvalidSpecifier:
            return True
        except InvalidVersion:
            pass
    return specifier.lstrip("= ") == version or not specifier.startswith("=")
