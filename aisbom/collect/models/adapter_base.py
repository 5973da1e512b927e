"""The model that an adapter is loaded beside: as much a part of what runs as the adapter.

Its weights are not here; the configuration of the adapter states that they are needed.
Source: PEFT's documentation, "PEFT configurations and models".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from packageurl import PackageURL

from aisbom.collect import get_collector
from aisbom.collect.models import hub
from aisbom.lazy_module import Function
from aisbom.model import Evidence, Observation, Row, facts
from aisbom.source.tree import File, Unreadable

NAME = "adapter-base"
MAX_READ = 1024 * 1024
_KEY = "base_model_name_or_path"
_folder_name = Function("aisbom.collect.models.hub_names", "folder_name")


def collect(file: File) -> Iterator[Row]:
    """The base model that an adapter states."""
    text = file.text(MAX_READ)
    try:
        config = json.loads(text)
    except ValueError as error:
        raise Unreadable(f"not JSON: {error}") from error
    stated = config if isinstance(config, dict) else {}
    base = stated.get(_KEY)
    known = hub.model_id(base)
    folder = _folder_name(base) if isinstance(base, str) and not known else ""
    if not (known or folder) or _around(file, (known or folder).rpartition("/")[2]):
        return  # the model that it lies in, or nothing
    revision = stated.get("revision")
    is_commit = isinstance(revision, str) and re.fullmatch(r"[0-9a-f]{40}", revision)
    commit = str(revision) if is_commit else ""
    owner, _, name = known.partition("/")
    lines = text.split("\n")
    line = next((number for number, row in enumerate(lines, 1) if f'"{_KEY}"' in row), 0)
    excerpt = lines[line - 1].strip()[:200] if line else file.name
    seen = Evidence(NAME, "manifest-analysis", "high", file.at(line), excerpt)
    if known:
        purl = PackageURL("huggingface", owner, name, commit or None).to_string()
        told = facts(part="weights", space="hub", model_id=known, loader=_KEY)
        yield Observation("reference", known, commit, purl, seen, told)
    else:
        # On the machine of whoever trained it: the name is a hint of which model lay there.
        told = facts(part="weights", space="hub", loader=_KEY, named_by="folder")
        yield Observation("reference", folder, "", "", seen, told)


def _around(file: File, name: str) -> bool:
    """Whether the adapter lies in the model of that name."""
    folders = file.folder.lower().split("/")
    return any(
        folder == name.lower() and file.sibling(f"{'../' * up}config.json") is not None
        for up, folder in enumerate(reversed(folders[-4:]))
    )


COLLECTOR = get_collector(NAME)
