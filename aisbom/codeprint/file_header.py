"""What the head of a source file says of its owners: copyright holders in order, and the SPDX
identifier.
"""

from __future__ import annotations

import re
from hashlib import sha256

from aisbom.codeprint.project import Notice
from aisbom.licences import copyright_lines
from aisbom.licences.comments import marks
from aisbom.source.text import decode

HEAD = 16 * 1024
LINES = 60

_SPDX = re.compile(r"SPDX-License-Identifier:\s*([A-Za-z0-9.+\-() ]+)", re.IGNORECASE)
_WORDS = (
    "inc corp corporation ltd limited llc gmbh team author authors contributors developers group"
    " lab labs laboratory research university institute foundation project company co technology"
    " technologies affiliates community cloud lightning openai deepseek eleutherai vllm sglang"
    " google nvidia meta facebook microsoft intel amd ibm amazon apple huggingface alibaba tencent"
    " bytedance baidu huawei zhipu anyscale databricks salesforce snowflake cerebras samsung naver"
    " kakao upstage"
)
_ORGANISATION = re.compile(
    rf"\b(?:{'|'.join(_WORDS.split())})\b|\bA\.?I\.?\b|hugging face|open ?source", re.IGNORECASE
)

# A name may follow another's without a separator: `Quux Fnord The Example Team`.
# White space is looked at from its beginning alone.
_PARTS = re.compile(
    r"(?:(?<!\s)\s++)?+(?:,|&|;|\band/or\b|\band\b|\bits\b|\bthe\b)\s*+", re.IGNORECASE
)


def notice(data: bytes, known: frozenset[str] = frozenset()) -> Notice | None:
    """The notice in the first lines of a file; None where there is none.

    Only names of organisations (`known` ones, or by their words) are kept as they are. Of any other
    holder, who may be a person, a digest is kept: enough to see whether another file names the same
    one.
    """
    text = decode(data[:HEAD])
    lines = text.split("\n")[:LINES]
    holders: dict[str, None] = {}
    hidden: dict[str, None] = {}
    spdx = ""
    for number, line in enumerate(lines):
        told = line[marks(line) :].rstrip(" \t*/")
        if not spdx and (tag := _SPDX.match(told)):
            spdx = tag[1].strip()
        low = told.lower()
        if "copyright" not in low and "(c)" not in low and "©" not in told:
            continue
        name = copyright_lines.holder(told)
        if (
            name is not None
            and (not name or copyright_lines.goes_on(told))
            and number + 1 < len(lines)
        ):
            follows = lines[number + 1][marks(lines[number + 1]) :].rstrip(" \t*/")
            name = copyright_lines.holder(f"{told} {follows}") or name
        if name:
            if name in known or organisations(name):
                holders[name] = None
            else:
                hidden[sha256(name.casefold().encode()).hexdigest()[:16]] = None
    return Notice(tuple(holders), spdx, tuple(hidden)) if holders or hidden or spdx else None


def organisations(name: str) -> bool:
    """Whether every part of a holder's name reads as an organisation's.

    >>> organisations("Some Company, Inc. and its affiliates")
    True
    >>> organisations("Quux Fnord, Some Company")
    False
    """
    return "(" not in name and all(
        _ORGANISATION.search(part) for part in _PARTS.split(name) if part.strip()
    )
