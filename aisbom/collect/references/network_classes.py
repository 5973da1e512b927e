"""Classes of networks of a library that code inherits from or builds: whose design it uses. Whose
weights come into them, no class says.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from aisbom.collect import get_collector
from aisbom.collect.references import python_trees
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.source.tree import File

NAME = "network-classes"
MAX_READ = 2 * 1024 * 1024
MAX_FOUND = 60

_IMPORTED = re.compile(rb"^[ \t]*(?:from|import)\b[^\n]*\btransformers\b", re.MULTILINE)
_LIBRARY = re.compile(r"transformers(?:\.|$)")
_NETWORK = re.compile(
    r"[A-Z]\w+(?:Model|Encoder|Decoder|Transformer|ForCausalLM|ForConditionalGeneration"
    r"|LMHeadModel|WithProjection)"
)
_INHERITED = re.compile(rf"{_NETWORK.pattern}|[A-Z]\w+Config")
_ANYBODYS = re.compile(r"(?:TF|Flax)?(?:Auto|PreTrained|Pretrained|Generation|EncoderDecoder)\w*")


def collect(file: File) -> Iterator[Row]:
    """The classes of networks that a file defines."""
    data = file.head(MAX_READ)
    if file.size > MAX_READ or not _IMPORTED.search(data):
        return
    nodes: list[ast.ClassDef | ast.Call] = []
    imported: list[ast.Import | ast.ImportFrom] = []
    for node in python_trees.nodes(file):
        if isinstance(node, ast.ClassDef | ast.Call):
            nodes.append(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imported.append(node)
    imports = _imports(imported)
    seen: set[tuple[str, str]] = set()
    for node in sorted(nodes, key=lambda one: (one.lineno, one.col_offset)):
        use = "inherits" if isinstance(node, ast.ClassDef) else "builds"
        for name in node.bases if isinstance(node, ast.ClassDef) else [node.func]:
            module, _, found = _resolve_dotted_name(name, imports).rpartition(".")
            fits = (_INHERITED if use == "inherits" else _NETWORK).fullmatch(found)
            if not _LIBRARY.match(module) or not fits or _ANYBODYS.fullmatch(found):
                continue
            if (found, use) in seen or len(seen) >= MAX_FOUND:
                continue
            seen.add((found, use))
            words = f"class {node.name} inherits" if isinstance(node, ast.ClassDef) else "built:"
            yield Observation(
                "design",
                found,
                "",
                "",
                Evidence(
                    NAME,
                    "source-code-analysis",
                    "high",
                    file.at(node.lineno),
                    f"{words} {found} of {module}"[:200],
                ),
                facts(
                    ("network-class", found),
                    ("network-module", module),
                    ("network-use", use),
                    ("own-class", node.name if isinstance(node, ast.ClassDef) else ""),
                ),
            )


def _imports(imported: Iterable[ast.Import | ast.ImportFrom]) -> dict[str, str]:
    """What the names that a module imports stand for, dotted."""
    found: dict[str, str] = {}
    for node in imported:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names if not node.level and node.module else ():
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        else:
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
    return found


def _resolve_dotted_name(node: ast.expr, imports: dict[str, str]) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < 16:
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in imports:
        return ""
    return ".".join([imports[node.id], *reversed(parts)])


COLLECTOR = get_collector(NAME)
