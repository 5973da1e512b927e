"""What changed since the last look is scanned again; the rest is not even fetched.

A submission's revision is what tells a change without reading it: a commit of a git repository or
of the hub, sizes and tags of objects, sizes and times of files. It is kept beside the unit that
answered for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from aisbom.fleet import cluster
from aisbom.fleet.catalogue import Catalogue, dump_row
from aisbom.fleet.cluster import Workers
from aisbom.fleet.needs import import_extra
from aisbom.fleet.sources import HUB, Submission, hub_name, is_url
from aisbom.fleet.tree_digest import stamps
from aisbom.fleet.unit import Outcome, Run
from aisbom.model import digest
from aisbom.source import git_clone
from aisbom.source.tree import Tree

_ASKED_AT_ONCE = 8


def watch(
    submissions: Sequence[Submission],
    catalogue: Catalogue,
    workers: Workers,
    run: Run,
    report: Callable[[Outcome, int, int], None],
) -> list[Outcome]:
    """Scan what changed, what was never scanned and what failed; outcomes of these alone, in the
    order of submissions. Raises as `cluster.scan`.
    """
    with ThreadPoolExecutor(_ASKED_AT_ONCE) as pool:
        revisions = dict(
            zip((one.entry for one in submissions), pool.map(revision, submissions), strict=True)
        )
    changed = [one for one in submissions if not _is_answered(one, catalogue, revisions)]
    if not changed:
        return []
    outcomes = cluster.scan(changed, catalogue, workers, run, report)
    for one, outcome in zip(changed, outcomes, strict=True):
        if outcome.state in ("scanned", "kept") and revisions[one.entry]:
            row = _seen_row(catalogue, outcome.unit, revisions[one.entry])
            catalogue.store.write(f"seen/{one.entry}.json", dump_row(row))
    return outcomes


def revision(submission: Submission) -> str:
    """What changes when the submission does, as a digest; `""` where that cannot be told without
    reading it, so that it is read.
    """
    location = submission.location
    try:
        if location.startswith(HUB):
            return _of_hub(location)
        if git_clone.is_git_source(location):
            return git_clone.revision(location)
        if is_url(location):
            return _of_objects(location)
        path = Path(location)
        if path.is_dir():
            return digest(list(map(list, stamps(Tree(path)))))
        status = path.stat()
    except Exception:  # noqa: BLE001  of every library that is asked: what is not told is read
        return ""
    return digest([status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino])


def _is_answered(one: Submission, catalogue: Catalogue, revisions: dict[str, str]) -> bool:
    row = catalogue.row(f"seen/{one.entry}.json")
    entry = catalogue.row(f"entries/{one.entry}.json")
    if not row or not entry or not revisions[one.entry]:
        return False
    unit = str(entry.get("unit", ""))
    return row == _seen_row(catalogue, unit, revisions[one.entry]) and catalogue.is_done(unit)


def _seen_row(catalogue: Catalogue, unit: str, found: str) -> dict[str, Any]:
    return {"unit": unit, "revision": found, "question": catalogue.question.digest}


def _of_hub(location: str) -> str:
    name, revision_ = hub_name(location)
    found = import_extra("huggingface_hub").HfApi().model_info(name, revision=revision_ or None)
    return str(found.sha or "")


def _of_objects(location: str) -> str:
    fs, path = import_extra("fsspec").core.url_to_fs(location)
    fs.invalidate_cache()
    found = fs.find(path, detail=True)
    rows = [
        [
            name,
            str(info.get("size")),
            str(info.get("ETag") or info.get("mtime") or info.get("created")),
        ]
        for name, info in sorted(found.items())
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest() if rows else ""
