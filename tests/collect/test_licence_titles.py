from __future__ import annotations

import pytest

from aisbom.collect.licence_titles import guess

MIT = """MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction.

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""
BSD = """Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:
1. Redistributions of source code must retain the above copyright notice.
2. Redistributions in binary form must reproduce the above copyright notice.
"""
APACHE = """Apache License
   Version 2.0, January 2004
http://www.apache.org/licenses/
 TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION
"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (MIT, "MIT"),
        (BSD, "BSD-2-Clause"),
        (BSD + "3. Neither the name of the holder may be used.", "BSD-3-Clause"),
        (APACHE, "Apache-2.0"),
        ("GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007\n Preamble", "GPL-3.0"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007", "LGPL-3.0"),
        ("# SPDX-License-Identifier: LicenseRef-Own\nany text", "LicenseRef-Own"),
    ],
)
def test_well_known_texts(text: str, name: str) -> None:
    assert guess(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Licensed under the Apache License, Version 2.0",
        "You may not use this under the MIT License.",
        MIT.replace("MIT License", "Modified MIT License"),
        MIT + "\nIf the software has more than a hundred users, its name must be shown prominently. " * 20,
        MIT + BSD,
        APACHE + '\n"Commons Clause" License Condition',
        BSD + "Neither the name ... All advertising materials mentioning features",
        "SPDX-License-Identifier: MIT\nSPDX-License-Identifier: ISC\n",
        "\n" * 200_000,
        "linking " * 30_000,
    ],
)
def test_when_unsure_nothing(text: str) -> None:
    assert guess(text) == ""
