"""What a document shows how to run and to set: commands, and the keys of services."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from aisbom.collect.references import command_lines
from aisbom.collect.references.rows import Source
from aisbom.collect.references.variables import Variable, keys
from aisbom.lazy_module import compile_later
from aisbom.model import Location, Observation, Row, facts

MAX_COMMAND = 4_000
MAX_KEYS = 200
_KEY = compile_later(
    r"(?<![\w$])(?P<name>[A-Z][A-Z0-9_]{2,40}_(?:KEY|TOKEN|SECRET|SECRET_ID|BASE|BASE_URL|API_BASE))"
    r"(?P<after>['\"`\])]{0,3}\s{0,2}(?:=\s{0,2}(?P<value>\S{0,80}))?)"
)
_COMMAND = compile_later(
    r"[\s>$!%*\-]*(?:[A-Z][A-Z0-9_]{2,40}=\S{1,80}\s+){0,4}(?:sudo\s+)?"
    r"(?:python3?|torchrun|accelerate|deepspeed|bash|sh|vllm|ollama|huggingface-cli|hf|modelscope"
    r"|lmdeploy|swift|llamafactory-cli|xinference|sglang|trl|lm_eval|wget|docker|ngrok|wandb|modal)"
    r"\s+[\w.\-/]"
)
"""A command line of an example of use."""
_OWN_COMMAND = compile_later(
    r"[\s>$%]*[a-z][a-z0-9.]{1,30}(?:-[a-z0-9]{1,20}){0,3}(?: [a-z][a-z\-]{1,20})?\s+--[a-z]"
)
"""A command of the project's own: what it loads, its flags say."""
_COMMAND_WORDS = (
    *("--", "download", "wget", "ollama", "serve ", "\\", ".sh "),
    *("ngrok ", "wandb ", "modal "),
)
"""One of these is in a command that names a model."""
_ENDS = ("_KEY", "_TOKEN", "_SECRET", "_BASE")
_ENVIRONMENT = compile_later(
    r"\bexport\b|\bset\b|environ|getenv|\benv\b|\.env\b|api[ _-]?key"
    r"|환경 ?변수|키를|环境变量|密钥|環境変数",
    re.IGNORECASE,
)
"""Words of a line that says how a variable is set."""


Line = Callable[[int], Location]
"""Where a line is."""


def rows(lines: list[str], source: Source, line: Line) -> Iterator[Row]:
    """What the examples of a document name."""
    yield from _keys(lines, source, line)
    yield from _commands(lines, source, line)


def _keys(lines: list[str], source: Source, line: Line) -> Iterator[Row]:
    """The keys of services that a document tells to set: `export DEEPL_API_KEY=...`."""
    told = []
    for number, words in enumerate(lines, 1):
        for match in _KEY.finditer(words[:1_000]) if any(map(words.__contains__, _ENDS)) else ():
            if match["value"] is not None or _ENVIRONMENT.search(words.replace(match["name"], "")):
                told.append(Variable(match["name"], match["value"] or "", line(number)))
    yield from keys(told[:MAX_KEYS], source, named_by="text")


def _commands(lines: list[str], source: Source, line: Line) -> Iterator[Row]:
    """What the commands of examples load and fetch: shown, not done."""
    number = 0
    while number < len(lines):
        first, number = number, number + 1
        shown = lines[first] if len(lines[first]) <= MAX_COMMAND else ""
        own = "model" in shown and _OWN_COMMAND.match(shown) is not None
        if not any(word in shown for word in _COMMAND_WORDS) or not (own or _COMMAND.match(shown)):
            continue
        while lines[number - 1].rstrip().endswith("\\") and number < min(len(lines), first + 40):
            number += 1
        command = "\n".join(lines[first:number]).lstrip(" \t>$!%*-")
        at = command_lines.Locator(line(first + 1), first + 1, lines[first:number])
        for row in command_lines.references(command_lines.logical(command), source, at):
            if isinstance(row, Observation) and row.fact("named-by") == "folder":
                continue  # `--base /path/to/llama-7b`: what whoever runs it has
            if isinstance(row, Observation) and row.fact("named-by") in ("", "key"):
                told = [(key, value) for key, value in row.facts if key != "named-by"]
                yield replace(row, facts=facts(*told, ("named-by", "link")))
            else:
                yield row
