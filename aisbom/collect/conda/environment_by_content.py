"""Conda environment files under any name: YAML that lists `channels` and `dependencies`."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from aisbom.collect import get_collector
from aisbom.lazy_module import Function
from aisbom.model import Row
from aisbom.source.tree import File

NAME = "conda-by-content"
MAX_READ = 64 * 1024

_collect = Function("aisbom.collect.conda.environment_yml", "collect")


def collect(file: File) -> Iterator[Row]:
    """The requirements of a file that is not called as environments are."""
    if file.size > MAX_READ or fnmatchcase(file.name, "environment*.y*ml"):
        return
    data = b"\n" + file.head(MAX_READ)
    if b"\nchannels:" in data and b"\ndependencies:" in data:
        yield from _collect(file)


COLLECTOR = get_collector(NAME)
