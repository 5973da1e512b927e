"""Where a dependency table of a manifest or lock says that the package comes from, as facts."""

from __future__ import annotations

import re

from aisbom.collect.parsed.nodes import Node
from aisbom.collect.python.requirement import Pairs, relative

_VCS = ("git", "hg", "svn", "bzr")


def place(table: Node, folder: str) -> Pairs:
    """`vcs-url`, `url`, `path`, `subdirectory` and `editable` of a table such as `{git = "...", rev
    = "..."}`.

    The keys are those of Poetry, PDM, Pipenv, uv and pixi: git/hg/svn/bzr with rev, ref, revision,
    branch or tag; url; path or file; subdirectory; editable or develop.
    """
    pairs: list[tuple[str, str]] = []
    held = table.table()
    for kind in _VCS:
        if kind in held and (address := table.get(kind).string()):
            revision = next(
                (
                    text
                    for key in ("revision", "rev", "ref", "tag", "branch")
                    if (text := table.get(key).string())
                ),
                "",
            )
            pairs.append(("vcs-url", vcs_url(kind, address, revision)))
    if "url" in held and (url := table.get("url").string()):
        pairs.append(("url", url))
    for key in ("path", "file"):
        if key in held and (text := table.get(key).string()):
            if re.match(r"https?://", text):
                pairs.append(("url", text))
            else:
                pairs.append(("local", "yes"))
                if shown := relative(folder, text):
                    pairs.append(("path", shown))
    if held and (text := table.get("subdirectory").string()):
        pairs.append(("subdirectory", text))
    if table.get("editable").true() or table.get("develop").true():
        pairs.append(("editable", "yes"))
    return tuple(pairs)


def vcs_url(kind: str, address: str, revision: str = "") -> str:
    """`git+https://host/owner/repository@revision`; an address of the form `git@host:path`
    is ssh.
    """
    address = address.removeprefix(f"{kind}+")
    if "://" not in address and (short := re.fullmatch(r"(?:([\w.-]+)@)?([\w.-]+):(.+)", address)):
        address = f"ssh://{short[1] + '@' if short[1] else ''}{short[2]}/{short[3]}"
    return f"{kind}+{address}" + (f"@{revision}" if revision else "")
