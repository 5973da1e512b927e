"""`cog.yaml`, from which Cog builds the image that serves a model: the packages it installs.

Source: Cog's documentation, "cog.yaml reference".
"""

from __future__ import annotations

from collections.abc import Iterator

from aisbom.collect import get_collector
from aisbom.collect.commands.install_commands import read_command
from aisbom.collect.parsed import yaml_nodes
from aisbom.collect.python import pip_lines, requirement
from aisbom.model import Gap, Row
from aisbom.source.tree import File, Unreadable

NAME = "cog"


def collect(file: File) -> Iterator[Row]:
    """A requirement for each of `python_packages`, and for what `run` installs; the file that
    `python_requirements` names has a reader of its own.
    """
    document = yaml_nodes.load_with_lines(file, NAME)
    build = document.root.get("build")
    for node in build.get("python_packages").strings():
        try:
            # Options of pip may stand behind the package: `torch==1.11 --extra-index-url=...`.
            words = node.value.partition(" --")[0]
            for said in pip_lines.read(words.strip(), file.folder):
                if isinstance(said, requirement.ParsedRequirement):
                    yield from requirement.rows(said, NAME, node.at, node.excerpt, ("runtime",))
        except Unreadable as error:
            yield Gap(NAME, node.at, str(error))
    for node in build.get("run").strings():
        yield from read_command(node.value, NAME, file.folder, node.at, "runtime")
    yield from document.drain()


COLLECTOR = get_collector(NAME)
