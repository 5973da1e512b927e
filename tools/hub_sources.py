"""What public sources say of models and data sets of the hub: their licence, and what a model was
adapted from. One reader a source; each takes the folder of a clone and runs nothing of it.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import yaml
from package_sources import expression

from aisbom.knowledge import Knowledge
from aisbom.knowledge.hub_table import Statement

_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_PAGE = re.compile(r"https?://huggingface\.co/((?:datasets/)?[\w.-]+/[\w.-]+)/?$")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
_OPEN_LLMS_CHECKPOINTS, _OPEN_LLMS_LICENCE, _OPEN_LLMS_CELLS = 2, 6, 7
_NOTHING = frozenset({"", "none", "unknown", "not specified", "multiple", "custom", "other"})


def mteb(clone: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """MTEB: `ModelMeta(name=, license=, adapted_from=)` of models with open weights, and
    `TaskMetadata(dataset={"path": }, license=)`.
    """
    for path in sorted((clone / "mteb" / "models").rglob("*.py")):
        for call in _calls(path, "ModelMeta"):
            words = _keywords(call)
            name = words.get("name")
            if not _is_id(name) or words.get("open_weights") is False:
                continue
            # Its audio models all bear the one licence MIT, whatever their cards say.
            audio = "audio" in str(words.get("modalities"))
            if not audio and (value := licence(words.get("license"), knowledge)):
                yield Statement(name, "licence", value, "mteb")
            base = words.get("adapted_from")
            if _is_id(base) and base != name:
                yield Statement(name, "base", base, "mteb")
    for path in sorted((clone / "mteb" / "tasks").rglob("*.py")):
        for call in _calls(path, "TaskMetadata"):
            words = _keywords(call)
            where = words.get("dataset")
            name = where.get("path") if isinstance(where, dict) else None
            if _is_id(name) and (value := licence(words.get("license"), knowledge)):
                yield Statement(f"datasets/{name}", "licence", value, "mteb")


def timm(clone: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """timm: the configuration of each set of weights names its repository, and its licence where it
    is not the default of its file.
    """
    for path in sorted((clone / "timm" / "models").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        defaults = {
            one.name: _default_licence(one) for one in tree.body if isinstance(one, ast.FunctionDef)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Dict):
                continue
            for key, call in zip(node.keys, node.values, strict=True):
                if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                    continue
                words = _keywords(call)
                tag, where = _literal(key), words.get("hf_hub_id")
                if not isinstance(tag, str) or not isinstance(where, str):
                    continue
                name = f"{where}{tag}" if where.endswith("/") else where
                said = words.get("license", defaults.get(call.func.id, ""))
                if _is_id(name) and (value := licence(said, knowledge)):
                    yield Statement(name, "licence", value, "timm")


def fastembed(clone: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """FastEmbed: the description of each model states the licence of the original and names it."""
    for path in sorted((clone / "fastembed").rglob("*.py")):
        for kind in ("DenseModelDescription", "SparseModelDescription", "BaseModelDescription"):
            for call in _calls(path, kind):
                words = _keywords(call)
                name = words.get("model")
                if _is_id(name) and (value := licence(words.get("license"), knowledge)):
                    yield Statement(name, "licence", value, "fastembed")


def ecosystem_graphs(clone: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """Ecosystem Graphs: assets whose page or card is one repository of the hub."""
    for path in sorted((clone / "assets").glob("*.yaml")):
        for asset in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader):
            said = asset.get("license")
            value = licence(said.get("value") if isinstance(said, dict) else said, knowledge)
            pages = {
                found[1]
                for key in ("url", "model_card", "datasheet")
                if (found := _PAGE.match(_words(asset.get(key))))
            }
            if value and len(pages) == 1 and asset.get("access") != "closed":
                yield Statement(pages.pop(), "licence", value, "ecosystem-graphs")


def open_llms(clone: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """Open LLMs: a row a family, the checkpoints as links to the hub and the licence as a cell."""
    for line in (clone / "README.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or len(cells) < _OPEN_LLMS_CELLS:
            continue
        value = licence(_LINK.sub(r"\1", cells[_OPEN_LLMS_LICENCE]), knowledge)
        for one in _LINK.finditer(cells[_OPEN_LLMS_CHECKPOINTS]):
            page = _PAGE.match(one[2])
            if value and page:
                yield Statement(page[1], "licence", value, "open-llms")


def localai(clone: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """The gallery of LocalAI: entries that name repositories of the hub and state a licence.

    What an entry only takes over from another one says nothing of it: the licence may differ.
    """
    text = (clone / "gallery" / "index.yaml").read_text("utf-8")
    for entry in yaml.compose(text, yaml.CSafeLoader).value:
        own = {key.value: node for key, node in entry.value}
        if "license" not in own or not isinstance(own.get("urls"), yaml.SequenceNode):
            continue
        value = licence(own["license"].value, knowledge)
        for one in own["urls"].value:
            page = _PAGE.match(one.value)
            if value and page:
                yield Statement(page[1], "licence", value, "localai")


def llm_stats(clone: Path, knowledge: Knowledge) -> Iterator[Statement]:
    """LLM Stats: a file a model, with an identifier for its licence and a link to its weights."""
    for path in sorted(clone.glob("data/organizations/*/models/*/model.json")):
        model = json.loads(path.read_text("utf-8"))
        page = _PAGE.match(str(model.get("source_weights_link") or ""))
        # `llama_3_1_community_license` is `llama 3.1 community license`.
        words = re.sub(r"(?<=\d)_(?=\d)", ".", str(model.get("license_id") or "")).replace("_", " ")
        # Weights that anybody may fetch have a licence of their own, which it did not look up.
        words = "" if words == "proprietary" else words
        if page and (value := licence(words, knowledge)):
            yield Statement(page[1], "licence", value, "llm-stats")


def _words(value: object) -> str:
    return str(value.get("value", "")) if isinstance(value, dict) else str(value or "")


def licence(said: object, knowledge: Knowledge) -> str:
    """The expression for words of a licence field or the address of a licence, else `""`."""
    words = str(said or "").strip()
    if words.casefold() in _NOTHING:
        return ""
    if words.startswith("http"):
        terms = knowledge.terms_at(words)
        return terms.id if terms else ""
    for kind in ("hub", "name"):
        if row := knowledge.licence(kind, words):
            return "" if row.expression == "unknown" else row.expression
    return expression(words, knowledge)


def _calls(path: Path, name: str) -> Iterator[ast.Call]:
    text = path.read_text("utf-8")
    if name not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _keywords(call: ast.Call) -> dict[str, object]:
    return {one.arg: _literal(one.value) for one in call.keywords if one.arg}


def _literal(node: ast.AST | None) -> object:
    try:
        return ast.literal_eval(node) if node is not None else None  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return None


def _is_id(name: object) -> bool:
    return isinstance(name, str) and _ID.fullmatch(name) is not None


def _default_licence(function: ast.FunctionDef) -> object:
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if _literal(key) == "license":
                    return _literal(value)
    return ""


READERS: dict[str, Callable[[Path, Knowledge], Iterable[Statement]]] = {
    "mteb": mteb,
    "timm": timm,
    "fastembed": fastembed,
    "ecosystem-graphs": ecosystem_graphs,
    "open-llms": open_llms,
    "localai": localai,
    "llm-stats": llm_stats,
}
"""Every reader by the name under which tools/hub_table.py is given its folder."""
