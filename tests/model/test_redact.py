"""No secrets, absolute paths or user names in a row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.model.redact import text


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        (
            "git+https://user:s3cret@host.example/o/r.git@main",
            "git+https://host.example/o/r.git@main",
        ),
        (
            "--index-url https://token@host.example/simple?token=abc&x=1",
            "--index-url https://host.example/simple?token=<removed>&x=1",
        ),
        ("https://conda.example/t/ab-1234/channel", "https://conda.example/t/<removed>/channel"),
        ("-e /home/alice/project", "-e <path>/project"),
        (
            "foo @ file:///Users/alice/w/foo-1.0-py3-none-any.whl",
            "foo @ <path>/foo-1.0-py3-none-any.whl",
        ),
        (r"C:\Users\alice\model.bin", "<path>/model.bin"),
        ("key hf_ABCDEFGHIJKLMNOPQRSTUVWX end", "key <secret removed> end"),
        ("~alice/models/x", "~/models/x"),
        ("line\x00with\x1bcontrols\u202eand turns", "line with controls and turns"),
    ],
)
def test_what_names_a_machine_or_a_person_goes(given_text: str, kept: str) -> None:
    assert text(given_text) == kept


@pytest.mark.parametrize(
    "harmless",
    [
        "src/data/home/x.py",
        "https://github.com/org/app/tree/main/home/x",
        "numpy>=1.20,<2 ; python_version >= '3.8'",
        "Apache-2.0",
        "pkg:pypi/torch@2.1.0%2Bcpu",
        "and/or",
    ],
)
def test_harmless_text_stays(harmless: str) -> None:
    assert text(harmless) == harmless


@given(st.text(max_size=200))
def test_redacting_twice_changes_nothing_more(value: str) -> None:
    once = text(value)
    assert text(once) == once
    assert "\ud800" not in once
    once.encode("utf-8")
