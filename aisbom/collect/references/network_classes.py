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
_FROM_LIBRARY = re.compile(
    rb"from[\s\\]+transformers[\w.\s\\]*?\bimport\b([\s\\]*\([^)]*|(?:[^\n\\]|\\\n?)*)"
)
_NAME = re.compile(rb"[A-Z]\w+")
_OF_MODULE = re.compile(rb"\.[\s\\]*([A-Z]\w+)")
_BASES = re.compile(rb"class[\s\\]+\w+[^(\n]{0,200}\((.{0,500})", re.DOTALL)
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
    if file.size > MAX_READ or not _may_use_networks(data):
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


def _may_use_networks(data: bytes) -> bool:
    """Whether a module imports the name of such a class and inherits from it or calls it, or names
    one of a module: to parse it takes a thousand times as long as to look.
    """
    if b"transformers" not in data or not _IMPORTED.search(data):
        return False
    if any(_fits(name) for name in _OF_MODULE.findall(data)):
        return True
    imported = b"\n".join(_FROM_LIBRARY.findall(data))
    if b" as " in imported or b"#" in imported:
        # Another name, or a comment that may hold the bracket that ends the list.
        return any(_fits(name) for name in _NAME.findall(data))
    names = [name for name in _NAME.findall(imported) if _fits(name)]
    bases = b"\n".join(_BASES.findall(data)) if names else b""
    return any(name in bases or re.search(re.escape(name) + rb"\s*\(", data) for name in names)


def _fits(name: bytes) -> bool:
    found = name.decode("ascii", "replace")
    return _INHERITED.fullmatch(found) is not None and not _ANYBODYS.fullmatch(found)


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
