"""What arguments, configurations and lines of files would say to whoever reads what is printed."""

from __future__ import annotations

from pathlib import Path

from tests.hostile import case
from tests.hostile.parsers import write

EVIL = "a\n::error title=x::y\x1b[31m ##[error]z \u202etxt.\x9b31m\x7f::set-output name=a::b"
SECRET, USER, HEX = "Kx8vQ2mNp4Rt6Ws9Yz1B", "zq7jdoe", "9f86d081884c7d659a2feaa0c55ad015"

SECRETS = (
    *(
        f"api_key='{SECRET}'",
        f"Authorization: Bearer {SECRET}",
        f"--token {SECRET}",
        f"X-Key: {SECRET}",
    ),
    *(f"HF_TOKEN={SECRET}", f"https://u:{SECRET}@h.example/x", f"https://{SECRET}@h.example/x"),
    *(
        f"AWS_SECRET_ACCESS_KEY={SECRET}{SECRET}",
        f"xoxb-123456789012-{SECRET}",
        f"npm_{SECRET}abcdefghij",
    ),
    *(
        f"gsk_{SECRET}",
        f"r8_{SECRET}{SECRET}",
        f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.{SECRET}",
    ),
    *(f"token {SECRET}", f"docker login -u x -p {SECRET}", f"curl -u me:{SECRET} https://h"),
    *(f"https://hooks.slack.com/services/T1/B1/{SECRET}", f"sv=2020&sig={SECRET}", f"key-{HEX}"),
    *(
        f"Cookie: session={SECRET}",
        f"PGPASSWORD={SECRET}",
        f"DB_PASS={SECRET}",
        f"wandb login {HEX}",
    ),
)
PATHS = (
    *(
        "/home/{}/x",
        "/home1/{}/x",
        "/data1/{}/x",
        "/raid/{}/x",
        "/nas/{}/x",
        "/mnt/{}/y",
        "/scratch/{}/m",
    ),
    *(
        "D:/{}/x",
        "C:\\Users\\{}\\x",
        "\\\\nas\\{}\\x",
        "file:///home/{}/x",
        "~{}/x",
        "$HOME/../{}/x",
    ),
    *("ssh://{}@h/x", "hdfs://h/user/{}/m", "/Users/{}/x", "/gpfs/users/{}/m"),
)
FORMATS = (
    *(
        "requirements.txt",
        "setup.cfg",
        "pyproject.toml",
        "environment.yml",
        "Pipfile",
        "Pipfile.lock",
    ),
    *("uv.lock", "poetry.lock", "config.json", "a.py", "setup.py", "a.sh", "Dockerfile", ".env"),
    *("README.md", "NOTICE", "LICENSE", "tokenizer_config.json", ".gitmodules", "bom.cdx.json"),
)


def _written_everywhere(root: Path, lines: list[str]) -> None:
    """As lines of every format, as values of some, and in the middle of a value left open."""
    text = "\n".join(lines) + "\n"
    for name in FORMATS:
        write(root, f"plain/{name}", text)
    requirements = "".join(f"pack{n} @ {line}\n{line}\n" for n, line in enumerate(lines))
    write(root, "a/requirements.txt", requirements)
    values = "".join(f"x{n} = {line!r}\n" for n, line in enumerate(lines))
    for name in ("pyproject.toml", "Pipfile", "uv.lock", "a.py", "setup.py", "a.sh", ".env"):
        write(root, f"b/{name}", values)
        write(root, f"c/{name}", f"{values}y = [{lines[0]!r}\n")
    model = "from transformers import AutoModel\n" + "".join(
        f"AutoModel.from_pretrained({line!r}, token={line!r})\n" for line in lines
    )
    write(root, "d/load.py", model)
    write(
        root,
        "d/run.sh",
        "".join(f"python train.py --model_name_or_path {line}\n" for line in lines),
    )
    write(root, "d/Dockerfile", "FROM x\n" + "".join(f"RUN {line}\n" for line in lines))
    names = ",".join(f'"{n}": {{"_name_or_path": {_json(line)}}}' for n, line in enumerate(lines))
    write(root, "d/config.json", f'{{"model_type": "bert", {names}}}')
    rows = "".join(f"Copyright 2020 {line}\n" for line in lines)
    write(root, "d/NOTICE", rows)
    write(root, "d/README.md", f"# x\n{rows}" + "".join(f"Based on {line}\n\n" for line in lines))


def _json(text: str) -> str:
    import json

    return json.dumps(text)


@case(unsaid=(SECRET, HEX))
def secrets_of_every_shape(root: Path) -> None:
    _written_everywhere(root, list(SECRETS))


@case(unsaid=(USER,))
def users_in_every_path(root: Path) -> None:
    _written_everywhere(root, [path.format(USER) for path in PATHS])


@case(words=("--home", EVIL), code=2)
def home_that_steers(root: Path) -> None:
    write(root, "requirements.txt", "x\n")


@case(words=("--profile", EVIL), code=2)
def profile_that_steers(root: Path) -> None:
    write(root, "requirements.txt", "x\n")


@case(words=("--config", EVIL), code=2)
def configuration_that_is_not_there(root: Path) -> None:
    write(root, "requirements.txt", "x\n")


@case(words=("--exclude", EVIL))
def exclude_that_steers(root: Path) -> None:
    write(root, "requirements.txt", "x\n")


@case(code=2)
def key_of_the_configuration_that_steers(root: Path) -> None:
    write(root, "aisbom.toml", '"\\u001b[31m::error::\\n##[error]" = 1\n')


@case(code=2)
def value_of_the_configuration_that_steers(root: Path) -> None:
    write(root, "aisbom.toml", 'home = "\\u001b[31m\\n::error::x ##[error] \\u202e \\u009b"\n')


@case(code=2)
def configuration_that_is_broken_and_steers(root: Path) -> None:
    write(root, "aisbom.toml", "home = \x1b[31m ::error:: ##[error]\n")


@case()
def project_and_model_names_that_steer(root: Path) -> None:
    evil = "x\\u001b]0;a\\u0007 ::error::y ##[error]z \\u202e\\u009b\\u007f"
    write(root, "pyproject.toml", f'[project]\nname = "{evil}"\nversion = "{evil}"\n')
    write(root, "m/config.json", f'{{"model_type": "bert", "_name_or_path": "{evil}"}}')
    write(root, "m/README.md", f'---\nlicense: "{evil}"\nbase_model: "{evil}"\n---\n# {evil}\n')
    rows = f'{{"type":"library","name":"{evil}","version":"{evil}","purl":"pkg:pypi/x@{evil}"}}'
    write(
        root,
        "bom.cdx.json",
        f'{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{rows}]}}',
    )
