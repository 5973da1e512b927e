"""What `code compare` says of each holder of B."""

from __future__ import annotations

import pytest

from aisbom.codeprint.compare_holders import answer, fates, rows, sentence
from aisbom.codeprint.fingerprints import Prints, of_file
from aisbom.knowledge import load
from tests.codeprint.made import sample

BODY = sample("lantern").partition("import")[2]


def prints(path: str, *lines: str) -> Prints:
    head = "".join(f"# {line}\n" for line in lines)
    found = of_file(path, f"{head}\nimport{BODY}".encode())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("ours", "theirs", "said", "expected"),
    [
        (["The HuggingFace Team"], ["HuggingFace Inc. team"], "", "kept"),
        (["Beacon"], ["Lantern Works Ltd"], "", "replaced"),
        ([], ["Lantern Works Ltd"], "Portions (c) Lantern Works", "repository-level"),
        (["Beacon"], ["Lantern Works Ltd"], "Portions (c) Lantern Works", "repository-level"),
        ([], ["Lantern Works Ltd"], "MIT License", "missing"),
        (["Beacon"], [], "", "unknown"),
        ([], [], "", "unknown"),
    ],
)
def test_one_holder(ours: list[str], theirs: list[str], said: str, expected: str) -> None:
    a = prints("a.py", *(f"Copyright 2025 {name}" for name in ours))
    b = prints("b.py", *(f"Copyright 2024 {name}" for name in theirs))
    assert answer(fates([(a, b)], said, load())) == expected


def test_each_holder_has_a_fate_of_its_own() -> None:
    b = prints(
        "b.py",
        "Copyright 2025 The ZhipuAI Team.",
        "Copyright 2022 EleutherAI and the HuggingFace Inc. team. All rights reserved.",
    )
    a = prints(
        "a.py",
        "Copyright 2026 Beacon Systems Inc.",
        "Copyright 2022 EleutherAI and the Hugging Face Team",
    )
    found = fates([(a, b)], "", load())
    assert [(row["holder"], row["country"], row["verdict"]) for row in rows(found)] == [
        ("The ZhipuAI Team", "CN", "replaced"),
        ("EleutherAI", "US", "kept"),
        ("the HuggingFace Inc. team", "US", "kept"),
    ]
    assert answer(found) == "replaced"
    assert sentence(found) == (
        "Of the three holders of B, A keeps two; the line of The ZhipuAI Team (Zhipu AI (Z.ai), CN)"
        " is gone; A's header names Beacon Systems Inc in its place."
    )


def test_one_file_of_many_does_not_speak_for_all() -> None:
    b = prints("b.py", "Copyright 2024 Lantern Works Ltd")
    pairs = [(prints(f"{n}.py", "Copyright 2024 Lantern Works Ltd"), b) for n in range(3)]
    assert answer(fates([*pairs, (prints("x.py"), b)], "", load())) == "kept"
