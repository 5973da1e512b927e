"""A usage text that names the file by another package's module."""

from __future__ import annotations

import pytest

from aisbom.licences.usage_lines import foreign

TEXT = b'"""\nRegister.\n\nUsage:\npython3 -m norae.serve.register --port 1\n"""\nimport argparse\n'


def test_a_usage_text_of_another_package_is_found() -> None:
    assert foreign("haneul/serve/register.py", TEXT) == (5, "norae.serve.register")


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("norae/serve/register.py", TEXT),  # its own name
        ("src/norae/tools/register.py", TEXT),  # moved within its package
        ("haneul/serve/controller.py", TEXT),  # it tells how to run another tool
        ("haneul/serve/register.py", b"import os\n" + TEXT),  # below the first statement
        ("haneul/serve/register.py", TEXT.replace(b"norae.serve.register", b"register")),
        ("haneul/serve/register.sh", TEXT),
    ],
)
def test_what_names_no_other_package_is_silent(path: str, data: bytes) -> None:
    assert foreign(path, data) is None
