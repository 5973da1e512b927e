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


USER = "zq7jdoe"
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


RANDOM = "Kx8vQ2mNp4Rt6Ws9Yz1BKx8vQ2mNp4Rt"
HEX = "9f86d081884c7d659a2feaa0c55ad015"


@pytest.mark.parametrize(
    "line",
    [
        *("npm_{r}", "sk-ant-api03-{r}", "api_org_{r}", "xapp-1-A123-{r}", "GOCSPX-{r}", "hvs.{r}"),
        *("dapi{h}", "SK{h}", "key-{h}", "dop_v1_{h}{h}", "sbp_{h}01234567", "figd_{r}", "fw_{r}"),
        *("pplx-{r}", "tskey-auth-{r}", "ATATT3xFfGF0{r}{r}", "1//0{r}", "12345678:AA{r}xyz"),
        *("AGE-SECRET-KEY-1{u}", "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.{r}", "token {r}", "TOKEN {r}"),
        "https://hooks.slack.com/services/T12345678/B12345678/{r}",
        "https://discord.com/api/webhooks/123456789012345678/{r}{r}",
        "https://b.example/k?X-Amz-Signature={h}{h}&x=1",
        "sv=2020-08-04&sig={r}%3D",
        '{{"username":"x","key":"{h}"}}',
        *("wandb login {h}01234567", "docker login -u x -p {r}", "curl -u user:{r} https://h"),
        *("Cookie: session={r}", "set-cookie: sid={r}", "DB_PASS={r}", "MYSQL_PWD={r}", "pwd={r};"),
        *("passwd {r}", "signing_key={r}", "encryption_key={r}", "apikey {r}", "master-key: {r}"),
        *("Ocp-Apim-Subscription-Key: {r}", "co_{r}", "a new one: {r}.", "({r})", "'{r}'"),
    ],
)
def test_what_looks_like_a_secret_goes_whatever_it_is_called(line: str) -> None:
    left = text(line.format(r=RANDOM, h=HEX, u=RANDOM.upper()))
    assert RANDOM[:20] not in left
    assert HEX[:20] not in left
    assert RANDOM.upper()[:20] not in left


@pytest.mark.parametrize(
    "path",
    [
        *("$HOME/../{}", "$HOME/../{}/x", "${{HOME}}/../{}/x", r"%USERPROFILE%\..\{}\x"),
        *("hdfs://h/user/{}/m", "gs://b/users/{}/x", "<td>/home/{}</td>", "<td>/data1/{}/x</td>"),
        *("/data1/{}/x", "/raid/{}/x", "/nas/{}/x", "/home1/{}/x", "D:/{}/x", "-v /home/{}:/w"),
    ],
)
def test_a_user_goes_whatever_stands_before_the_path(path: str) -> None:
    assert USER not in text(path.format(USER))


@pytest.mark.parametrize(
    "harmless",
    [
        *("Wav2Vec2ForSequenceClassification", "Qwen2VLForConditionalGeneration2024"),
        *("Qwen/Qwen2.5-VL-72B-Instruct-GPTQ-Int4", "DeepSeek-R1-Distill-Llama-70B-AWQ-W4A16"),
        *(f"commit {HEX}01234567", f"sha256:{HEX}{HEX}", f"model-{HEX}.safetensors"),
        "https://drive.example/file/d/1Kx8vQ2mNp4Rt6Ws9Yz1BKx8vQ2mNp4Rt/view",
        "sha512-Kx8vQ2mNp4Rt6Ws9Yz1BKx8vQ2mNp4RtKx8vQ2mNp4Rt6Ws9Yz1B==",
        *("signature: verified-by-v2", "session: day2-afternoon", "passes: 20", "</div></p>"),
    ],
)
def test_names_digests_and_addresses_stay(harmless: str) -> None:
    assert text(harmless) == harmless


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
