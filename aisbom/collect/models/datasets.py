"""Data sets that lie in the tree: cards (front matter with `task_categories` and the like),
`dataset_infos.json`, Croissant metadata.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from packageurl import PackageURL

from aisbom.collect import get_collector
from aisbom.collect.models.hub_names import dataset_id
from aisbom.collect.models.model_card import front_matter
from aisbom.collect.parsed import yaml_nodes
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.source.faults import fault
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

NAME = "dataset-metadata"
MAX_READ = 8 * 1024 * 1024
MAX_HEAD = 256 * 1024

_CARD = (
    "task_categories",
    "dataset_info",
    "size_categories",
    "annotations_creators",
    "source_datasets",
)
_CACHE = re.compile(r"(?:^|.*/)datasets--(?P<id>[^/]+)/snapshots/(?P<commit>[0-9a-f]{40})/")


def collect(file: File) -> Iterator[Row]:
    """The data set that a card or a description file tells of, and its parts."""
    if file.name == "README.md":
        yield from _card(file)
        return
    if file.size > MAX_READ:
        raise Unreadable(f"larger than {MAX_READ:,} bytes: not read")
    text = file.text(MAX_READ)
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Unreadable(f"not JSON: {fault(error)}") from error
    if file.name == "dataset_infos.json":
        yield from _infos(file, value, text)
    elif isinstance(value, dict):
        yield from _croissant(file, value, text)


def _card(file: File) -> Iterator[Row]:
    head = file.head(MAX_HEAD)
    if not any(key.encode() in head for key in _CARD):
        return
    matter = front_matter(decode(head if len(head) < MAX_HEAD else head[: head.rfind(b"\n") + 1]))
    line = next((n for n, row in enumerate(matter.split("\n"), 2) if row.startswith(_CARD)), 0)
    if not line:
        return
    card = yaml_nodes.load(matter)
    if not isinstance(card, dict):
        raise Unreadable("front matter that is not a table: not read")
    found = [("license", item) for item in _texts(card.get("license"))]
    found += [("task", item) for item in _texts(card.get("task_categories"))]
    found += [("language", item) for item in _texts(card.get("language"))]
    found += [("source-dataset", item) for item in _texts(card.get("source_datasets"))]
    name = next(iter(_texts(card.get("pretty_name"))), "")
    yield _observation(
        file, name, (line, matter.split("\n")[line - 2]), [*found, ("file-kind", "dataset-card")]
    )


def _infos(file: File, value: Any, text: str) -> Iterator[Row]:
    """`{config: {dataset_name, license, homepage, citation, ...}}`."""
    for config, row in value.items() if isinstance(value, dict) else ():
        if not isinstance(row, dict):
            continue
        found = [("license", item) for item in _texts(row.get("license"))] + [
            ("home-page", item) for item in _texts(row.get("homepage"))
        ]
        name = next(iter(_texts(row.get("dataset_name") or row.get("builder_name"))), "")
        line = _line(text, str(config))
        yield _observation(
            file, name, (line, str(config)), [*found, ("file-kind", "dataset-infos")]
        )


def _croissant(file: File, value: dict[str, Any], text: str) -> Iterator[Row]:
    """Croissant (schema.org/Dataset with `recordSet`): name, licence, creator, where the
    files lie.
    """
    kind = value.get("@type")
    conforms = str(value.get("conformsTo", value.get("dct:conformsTo", "")))
    if not (
        isinstance(kind, str) and kind.rpartition("/")[2].rpartition(":")[2] == "Dataset"
    ) or not ("croissant" in conforms.lower() or "recordSet" in value or "distribution" in value):
        return
    found = [("license", item) for item in _texts(value.get("license"))] + [
        ("home-page", item) for item in _texts(value.get("url"))
    ]
    found += [
        ("publisher", item) for key in ("creator", "publisher") for item in _names(value.get(key))
    ]
    rows = value.get("distribution")
    for row in (rows if isinstance(rows, list) else [])[:50]:
        if isinstance(row, dict):
            found += [
                ("content-url", item)
                for item in _texts(row.get("contentUrl"))
                if item.startswith("http")
            ]
            digest = row.get("sha256")
            if (
                isinstance(digest, str)
                and re.fullmatch(r"[0-9a-f]{64}", digest)
                and len(rows or ()) == 1
            ):
                found.append(("hash", f"sha256:{digest}"))
    name = next(iter(_texts(value.get("name"))), "")
    url = next(iter(_texts(value.get("url"))), "")
    seen = (_line(text, "name"), f'"name": {name}')
    found.append(("file-kind", "croissant"))
    yield _observation(file, name, seen, found, dataset_id(url) if "/datasets/" in url else "")


def _observation(
    file: File, name: str, seen: tuple[int, str], found: list[tuple[str, str]], known: str = ""
) -> Observation:
    match = _CACHE.match(file.hub_path)
    commit = ""
    if match:
        known, commit = match["id"].replace("--", "/", 1), match["commit"]
    owner, _, last = known.partition("/")
    purl = (
        PackageURL("huggingface", f"datasets/{owner}", last, commit or None).to_string()
        if last
        else ""
    )
    name = known or name or file.folder.rpartition("/")[2] or "dataset"
    evidence = Evidence(NAME, "manifest-analysis", "high", file.at(seen[0]), seen[1])
    return Observation(
        "dataset",
        name,
        commit,
        purl,
        evidence,
        facts(*found, ("dataset-id", known if last else "")),
    )


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [
        " ".join(item.split())[:300]
        for item in items[:50]
        if isinstance(item, str) and item.strip()
    ]


def _names(value: Any) -> list[str]:
    """Names of organisations; people are left out."""
    items = value if isinstance(value, list) else [value]
    return [
        item["name"][:200]
        for item in items[:20]
        if isinstance(item, dict)
        and item.get("@type") != "Person"
        and isinstance(item.get("name"), str)
    ]


def _line(text: str, key: str) -> int:
    at = text.find(json.dumps(key))
    return text.count("\n", 0, at) + 1 if at >= 0 else 0


COLLECTOR = get_collector(NAME)
