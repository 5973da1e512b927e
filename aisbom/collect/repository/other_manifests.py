"""Manifests of ecosystems that no collector reads: each is a gap with how much it lists, so that
what is not here is not taken to be absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.model import Gap, Row
from aisbom.source.text import decode
from aisbom.source.tree import File

NAME = "other-manifests"
MAX_READ = 1024 * 1024

_TABLES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
LISTS = {
    "go.mod": ("Go modules", r"(?m)^\s*(?:require\s+)?[\w.\-]+\.[\w.\-]+/\S+\s+v\S+"),
    "Cargo.toml": ("Rust crates", r"(?m)^[A-Za-z0-9_-]+\s*=\s*(?:\"[^\"\n]*\d|\{)"),
    "pom.xml": ("Java packages", r"<dependency>"),
    "build.gradle": (
        "Java packages",
        r"(?m)^\s*(?:implementation|api|compileOnly|runtimeOnly)\b",
    ),
    "build.gradle.kts": ("Java packages", r"(?m)^\s*(?:implementation|api|runtimeOnly)\b"),
    "Gemfile": ("Ruby gems", r"(?m)^\s*gem\s"),
    "composer.json": ("PHP packages", r"\"[\w.\-]+/[\w.\-]+\"\s*:"),
    "Package.swift": ("Swift packages", r"\.package\("),
    "pubspec.yaml": ("Dart packages", r"(?m)^ {2}\w+:"),
    "mix.exs": ("Elixir packages", r"\{:\w+,"),
}


def collect(file: File) -> Iterator[Row]:
    """A gap with how much a manifest lists that no collector reads."""
    text = decode(file.head(MAX_READ))
    if file.name == "package.json":
        what, count = "npm packages", _npm(text)
    else:
        what, pattern = LISTS[file.name]
        count = sum(1 for _ in re.finditer(pattern, text))
    if count:
        yield Gap(NAME, file.at(), f"lists {count:,} {what}: not read")


def _npm(text: str) -> int:
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        return 0
    if not isinstance(table, dict):
        return 0
    return sum(len(rows) for key in _TABLES if isinstance(rows := table.get(key), dict))


COLLECTOR = get_collector(NAME)
