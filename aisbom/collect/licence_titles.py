"""Which well-known licence a file is, by phrases that only it has. When unsure, nothing: the matching of whole texts is another part's."""

from __future__ import annotations

import re

# (identifier, phrases that must all be there, phrases that must not, characters of the text at the most). A longer text says more than
# the licence does: terms added to a licence are exactly what must not be overlooked.
_TEXTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...], int], ...] = (
    (
        "Apache-2.0",
        ("apache license version 2.0, january 2004", "terms and conditions for use, reproduction, and distribution"),
        (),
        13_000,
    ),
    (
        "MIT",
        (
            "permission is hereby granted, free of charge, to any person obtaining a copy",
            "the above copyright notice and this permission notice",
        ),
        ("except as contained in this notice", "non-commercial", "noncommercial"),
        2_000,
    ),
    (
        "BSD-3-Clause",
        (
            "redistribution and use in source and binary forms, with or without modification",
            "redistributions in binary form",
            "neither the name",
        ),
        ("advertising", "nuclear", "non-commercial", "noncommercial"),
        2_600,
    ),
    (
        "BSD-2-Clause",
        ("redistribution and use in source and binary forms, with or without modification", "redistributions in binary form"),
        ("neither the name", "may not be used to endorse", "advertising", "non-commercial", "noncommercial"),
        2_200,
    ),
    (
        "ISC",
        (
            "permission to use, copy, modify, and",
            "distribute this software for any purpose with or without fee is hereby granted, provided that the above",
        ),
        (),
        1_500,
    ),
    ("GPL-3.0", ("gnu general public license version 3, 29 june 2007", "preamble"), (), 37_000),
    ("GPL-2.0", ("gnu general public license version 2, june 1991", "preamble"), (), 20_000),
    ("LGPL-3.0", ("gnu lesser general public license version 3, 29 june 2007",), (), 9_500),
    ("LGPL-2.1", ("gnu lesser general public license version 2.1, february 1999", "preamble"), (), 29_000),
    ("AGPL-3.0", ("gnu affero general public license version 3, 19 november 2007", "preamble"), (), 37_000),
    ("MPL-2.0", ("mozilla public license version 2.0", "1. definitions", "exhibit a"), (), 19_000),
    ("EPL-2.0", ("eclipse public license - v 2.0", "1. definitions"), (), 16_500),
    ("BSL-1.0", ("boost software license - version 1.0 - august 17th, 2003",), (), 2_000),
    ("Unlicense", ("this is free and unencumbered software released into the public domain",), (), 2_000),
    ("CC0-1.0", ("cc0 1.0 universal", "statement of purpose"), (), 8_500),
    ("CC-BY-4.0", ("attribution 4.0 international", "section 1 -- definitions"), (), 21_000),
    ("CC-BY-SA-4.0", ("attribution-sharealike 4.0 international", "section 1 -- definitions"), (), 23_000),
    ("CC-BY-NC-4.0", ("attribution-noncommercial 4.0 international", "section 1 -- definitions"), (), 22_000),
)
_TAG = re.compile(r"^[ \t#/*;<!\-]*SPDX-License-Identifier:[ \t]*([A-Za-z0-9.+\-() ]+)", re.MULTILINE)
_ALTERED = re.compile(
    r"\bmodified\s+(?:mit|bsd|apache|gpl)|commons clause|\b(?:llvm|linking|classpath)[\w\s-]{0,60} exceptions?\b", re.IGNORECASE
)


def guess(text: str) -> str:
    """The SPDX identifier (GNU ones without `-only` or `-or-later`, which the text alone does not decide), or `""` when unsure."""
    tags = {match.strip() for match in _TAG.findall(text)}
    plain = " ".join(re.sub(r"[^\w\s.,\-'/]", " ", text.lower()).split())
    plain = re.sub(r"apache license,? version", "apache license version", plain)
    found = [
        name
        for name, needed, refused, longest in _TEXTS
        if len(plain) <= longest and all(phrase in plain for phrase in needed) and not any(phrase in plain for phrase in refused)
    ]
    if _ALTERED.search(text):
        return ""
    if tags:
        return tags.pop() if len(tags) == 1 else ""
    return found[0] if len(found) == 1 else ""
