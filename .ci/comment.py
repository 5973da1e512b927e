"""The one comment of a workflow on a pull request: written first, updated afterwards.

    python -I comment.py NUMBER FILE

FILE is Markdown whose first line is a marker; a comment of the token's own account that begins with
it is the one from before. The token is COMMENT_TOKEN; GITHUB_API_URL and GITHUB_REPOSITORY are set
by the runner. Where the token may not write (that of a pull request from a fork may not) that is
said and is no failure: the job summary has the same. Interface:
https://docs.github.com/en/rest/issues/comments
"""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

_BOT = "github-actions[bot]"
"""Whose the token of a workflow is; it may not ask for its own name."""

_PAGES = 30
_A_PAGE = 100
_MAY_NOT = (401, 403, 404)


def main() -> int:
    """Write or update the comment; 0 also where that could not be done, which is said."""
    number, file = int(sys.argv[1]), Path(sys.argv[2])
    issues = f"/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    comments = f"{issues}/{number}/comments"
    body = file.read_text("utf-8")
    try:
        before = _find(comments, body.partition("\n")[0])
        if before is None:
            _ask("POST", comments, {"body": body})
        elif before["body"] != body:
            _ask("PATCH", f"{issues}/comments/{before['id']}", {"body": body})
    except urllib.error.HTTPError as error:
        if error.code in _MAY_NOT:
            _say("notice", "the token may not comment here; the job summary has the findings")
        else:
            _say("warning", f"no comment: the service answered {error.code}")
    except (OSError, ValueError) as error:
        _say("warning", f"no comment: {type(error).__name__}")
    return 0


def _find(comments: str, marker: str) -> Any:
    """The account's own comment that begins with the marker, None where there is none."""
    try:
        own = _ask("GET", "/user")["login"]
    except urllib.error.HTTPError:
        own = _BOT
    for page in range(1, _PAGES + 1):
        rows = _ask("GET", f"{comments}?per_page={_A_PAGE}&page={page}")
        for row in rows:
            if row["user"]["login"] == own and row["body"].startswith(marker):
                return row
        if len(rows) < _A_PAGE:
            return None
    return None


def _ask(method: str, path: str, body: dict[str, str] | None = None) -> Any:
    """The JSON answer. Raises HTTPError, OSError or ValueError."""
    request = urllib.request.Request(
        os.environ["GITHUB_API_URL"] + path,
        json.dumps(body).encode() if body else None,
        {
            "Authorization": f"Bearer {os.environ['COMMENT_TOKEN']}",
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def _say(level: str, words: str) -> None:
    print(f"::{level} title=aisbom::{words}")


if __name__ == "__main__":
    sys.exit(main())
