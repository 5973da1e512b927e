"""No secrets, absolute paths or user names in a row."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
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
        ("-e /home/alice/project", "-e <path>"),
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


SECRET = "Kx8vQ2mNp4Rt6Ws9Yz1B"


@pytest.mark.parametrize(
    "line",
    [
        'api_key="{}"',
        "client = OpenAI(api_key='{}')",
        '"token": "{}",',
        "export HF_TOKEN={}",
        "OPENAI_API_KEY: {}",
        "python run.py --token {} --x 3",
        "--hub_token={}",
        "X-Key: {}",
        "X-API-Key: {}",
        "Authorization: Bearer {}",
        '"Authorization": "Basic {}"',
        "headers = {{'authorization': f'bearer {}'}}",
        "password = '{}'",
        "client_secret={}",
    ],
)
def test_what_is_called_a_secret_goes(line: str) -> None:
    assert SECRET not in text(line.format(SECRET))
    assert text(line.format(SECRET)).startswith(line.partition("{}")[0].replace("{{", "{"))


@pytest.mark.parametrize(
    "harmless",
    [
        'api_key="EMPTY"',
        'token=os.environ["HF_TOKEN2"]',
        "max_new_tokens=4096000",
        'image_token = "image_token_12"',
        'pad_token="<|endoftext_0|>"',
        "api_key=settings.openai_key_v2",
        "each token Llama-3.1-8B-Instruct reads",
        "a basic Qwen2.5-7B-Instruct model",
        "key: transformer.h.0.attn.weight",
        "use_auth_token=True",
    ],
)
def test_what_only_sounds_like_one_stays(harmless: str) -> None:
    assert text(harmless) == harmless


@pytest.mark.parametrize(
    "harmless",
    [
        "src/data/home/x.py",
        "https://github.com/org/app/tree/main/home/x",
        "numpy>=1.20,<2 ; python_version >= '3.8'",
        "Apache-2.0",
        "pkg:pypi/torch@2.1.0%2Bcpu",
        "and/or",
        "git@github.com:o/r.git",
        "https://host.example/t/x.git@v1",
        "s3://bucket/some/key",
        "pkg:pypi/x?download_url=https://h.example/a/x.whl",
        "</div></p>",
        "code:/.",
        r"\\d+\.\w",
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


USER = "zq7jdoe"
FOLDERS = st.lists(
    st.text("abcXYZ019_-.+@ ", min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda s: s.strip(".")),
    min_size=1,
    max_size=4,
)
FILES = st.sampled_from(["", "model.bin", "x-1.0-py3-none-any.whl", "qwen", "a b.txt"])
"""Last parts of a path; none of them is a user."""


@st.composite
def paths(draw: st.DrawFn) -> str:
    """An absolute path that holds a user's name somewhere, in any spelling."""
    parts = draw(FOLDERS)
    parts.insert(draw(st.integers(0, len(parts))), USER)
    if last := draw(FILES):
        parts.append(last)
    if len(parts) < 2:
        parts.append("models")
    slash = "/".join(parts)
    doubled = draw(st.sampled_from(["\\", "\\\\", "\\\\\\\\"]))
    back = doubled.join(parts)
    drive = draw(st.sampled_from("CDz"))
    return draw(
        st.sampled_from(
            [
                f"/{slash}",
                f"{drive}:{doubled}{back}",
                f"{drive}:/{slash}",
                f"{doubled * 2 if len(doubled) == 1 else doubled}nas{doubled}{back}",
                f"//nas/{slash}",
                f"file:///{slash}",
                f"file://nas/{slash}",
                f"file:///{drive}:/{slash}",
                f"git+file:///{slash}",
                f"~{USER}/{slash.replace(USER, 'x')}",
            ]
        )
    )


def spaced(path: str) -> bool:
    return any(character.isspace() for character in path)


AROUND = ["{}", "{} ; python_version > '3'", "-e {}", "path = {}", "a:{}", "--prefix={}", "({})"]
QUOTED = ['"{}"', "x = '{}'", '{{"path": "{}"}}', "open(r'{}')", "{}"]


@settings(max_examples=10_000, deadline=None)
@given(paths(), st.data())
def test_no_name_of_a_user_is_left_of_any_path(path: str, data: st.DataObject) -> None:
    # A bare path ends at its first space: with spaces in it, it needs quotes or stands alone.
    frame = data.draw(st.sampled_from(QUOTED if spaced(path) else AROUND + QUOTED))
    left = text(frame.format(path))
    assert USER not in left, (frame.format(path), left)


@pytest.mark.parametrize(
    "hostile",
    [
        "/" * 50_000,
        "\\" * 50_000,
        "a/" * 50_000,
        "/a" * 50_000,
        "C:\\ " * 9_000,
        "'/a/ " * 9_000,
        "~a" * 50_000,
        "a@" * 50_000,
    ],
)
def test_no_text_takes_long(hostile: str) -> None:
    start = time.perf_counter()
    text(hostile)
    assert time.perf_counter() - start < 2
