"""Lines of a README on where one file of the tree comes from."""

from __future__ import annotations

import pytest

from aisbom.licences.file_credits import find_file_credits

HERE = {"model/norae.py", "gayo.py", "kernels/norae.cu"}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (
            "- [model/norae.py](./model/norae.py) from https://github.com/o/n (MIT License)",
            [("model/norae.py", "https://github.com/o/n")],
        ),
        (
            "`model/norae.py` and `gayo.py` are adapted from [n](https://github.com/o/n).",
            [("model/norae.py", "https://github.com/o/n"), ("gayo.py", "https://github.com/o/n")],
        ),
        (
            "The file kernels/norae.cu is heavily based on https://github.com/o/n.git",
            [("kernels/norae.cu", "https://github.com/o/n")],
        ),
        # It is not here, it fetches, or the sentence is about something else.
        ("- `other/norae.py` from https://github.com/o/n", []),
        ("Run `gayo.py` to download the weights from https://github.com/o/n", []),
        ("`gayo.py` gets weights from https://github.com/o/n", []),
        ("`gayo.py`: see https://github.com/o/n", []),
        ("`gayo.py` is ours. The idea is from https://github.com/o/n", []),
        ("[docs](./model/norae.md) based on https://github.com/o/n", []),
    ],
)
def test_a_line_names_a_file_and_its_source(line: str, found: list[tuple[str, str]]) -> None:
    credits_ = find_file_credits(f"# X\n\n{line}\n", HERE.__contains__)
    assert [(one.path, one.address) for one in credits_] == found
