"""setup.cfg: the declarative settings of setuptools.

Source: setuptools' documentation, "Configuring setuptools using setup.cfg files". Read line by
line, since `configparser` tells no lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from aisbom.collect import get_collector
from aisbom.collect.python import requirement, requirements
from aisbom.collect.python.requirement import Pairs
from aisbom.model import Evidence, Gap, Observation, Row, facts
from aisbom.source.faults import length, shown_path
from aisbom.source.tree import File, Unreadable

NAME = "setup-cfg"
MAX_BAD = 100

_SECTION = re.compile(r"\[([^\]]+)\]\s*(?:[#;].*)?")
_SEPARATOR = re.compile(r"[=:]")
_COMMENT = re.compile(r"\s#.*$")
_READ_AT_BUILD = re.compile(r"(?:attr|file)\s*:", re.IGNORECASE)


@dataclass(slots=True)
class _Option:
    """One option: its line, and its lines of value that are not empty, each with its number."""

    line: int
    values: list[tuple[int, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.values[0][1] if self.values else ""


def collect(file: File) -> Iterator[Row]:
    """The project and its requirements. A setup.cfg that only configures tools says nothing."""
    sections, gaps = _sections(file)
    yield from gaps
    metadata = sections.get("metadata", {})
    if (named := metadata.get("name")) and named.text and not _READ_AT_BUILD.match(named.text):
        yield _project(file, named, metadata, sections.get("options", {}))
    options = sections.get("options", {})
    for key, group in (
        ("install_requires", "runtime"),
        ("setup_requires", "build"),
        ("tests_require", "group:test"),
    ):
        if option := options.get(key) or options.get(key.replace("_", "-")):
            yield from _requirements(file, option, group)
    for extra, option in sections.get("options.extras_require", {}).items():
        yield from _requirements(file, option, f"extra:{extra}")


def _sections(file: File) -> tuple[dict[str, dict[str, _Option]], list[Gap]]:
    """Options by section, and what is no option."""
    sections: dict[str, dict[str, _Option]] = {}
    gaps: list[Gap] = []
    section: dict[str, _Option] | None = None
    option: _Option | None = None
    bad = 0
    for number, row in enumerate(file.text().split("\n"), 1):
        words = row.strip()
        if not words or words[0] in "#;":
            continue
        reason = "a null byte in the line: not read" if "\0" in row else ""
        if not reason and row[0] in " \t" and option is not None:
            option.values.append((number, words))
        elif not reason and (header := _SECTION.fullmatch(words)):
            section, option = sections.setdefault(header[1].strip(), {}), None
        elif (
            not reason
            and section is not None
            and (found := _SEPARATOR.search(words))
            and found.start()
        ):
            text = words[found.end() :].strip()
            option = _Option(number, [(number, text)] if text else [])
            section[words[: found.start()].rstrip()] = option
        else:
            bad += 1
            if bad <= MAX_BAD:
                gaps.append(
                    Gap(
                        NAME,
                        file.at(number),
                        reason or f"neither a section nor an option ({length(words)})",
                    )
                )
    if bad > MAX_BAD:
        gaps.append(Gap(NAME, file.at(), f"{bad - MAX_BAD:,} more lines that are no options"))
    return sections, gaps


def _requirements(file: File, option: _Option, group: str) -> Iterator[Row]:
    if option.text.lower().startswith("file:"):
        for name in re.split(r"[,\s]+", option.text[5:].strip()):
            found = file.sibling(name) if name else None
            if found:
                yield from requirements.read(found)
            elif name:
                yield Gap(
                    NAME,
                    file.at(option.line),
                    f"reads a file that does not exist: {shown_path(name)}",
                )
        return
    for number, words in option.values:
        text = _COMMENT.sub("", words).strip()
        if not text or text.startswith("#"):
            continue
        for one in _separate(text) if len(option.values) == 1 else [text]:
            yield from requirement.read_requirement(one, NAME, file.at(number), words, (group,))


def _separate(text: str) -> list[str]:
    """A list on one line: setuptools splits at semicolons, which also begin markers."""
    if ";" not in text:
        return [text]
    try:
        if not requirement.read(text).trouble:
            return [text]
    except Unreadable:
        pass
    return [part.strip() for part in text.split(";") if part.strip()]


def _project(
    file: File, named: _Option, metadata: dict[str, _Option], options: dict[str, _Option]
) -> Observation:
    def one(*keys: str) -> str:
        for key in keys:
            option = metadata.get(key) or metadata.get(key.replace("_", "-"))
            if option and not _READ_AT_BUILD.match(option.text):
                return option.text
        return ""

    def every(key: str) -> list[str]:
        option = metadata.get(key) or metadata.get(key.replace("_", "-"))
        return (
            [words for _, words in option.values]
            if option and not _READ_AT_BUILD.match(option.text)
            else []
        )

    version = one("version")
    pairs: list[tuple[str, str]] = [
        ("summary", one("description", "summary")),
        ("license", one("license")[:200]),
        ("author", one("author")),
        ("author-email", one("author_email")),
        ("maintainer", one("maintainer")),
        ("maintainer-email", one("maintainer_email")),
        ("home-page", one("url", "home_page")),
        (
            "requires-python",
            options["python_requires"].text if "python_requires" in options else "",
        ),
    ]
    pairs += [
        ("classifier", c)
        for c in every("classifiers") + every("classifier")
        if c.startswith(("License ::", "Topic ::"))
    ]
    pairs += [
        ("license-file", name.strip())
        for key in ("license_files", "license_file")
        for row in every(key)
        for name in row.split(",")
    ]
    for row in every("project_urls"):
        label, several, url = row.partition("=")
        if several:
            pairs.append(("project-url", f"{label.strip()}, {url.strip()}"))
    evidence = Evidence(
        NAME, "manifest-analysis", "high", file.at(named.line), f"name = {named.text}"
    )
    known: Pairs = tuple(pairs)
    return Observation(
        "project",
        named.text,
        version,
        requirement.pypi(named.text, version),
        evidence,
        facts(*known),
    )


COLLECTOR = get_collector(NAME)
