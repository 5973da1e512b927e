from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisbom.source import git_url

COMMIT = "a" * 40


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("https://github.com/owner/name.git", "https://github.com/owner/name"),
        ("https://user:secret@github.com/owner/name", "https://github.com/owner/name"),
        (
            "https://host.example/group/name.git?private_token=abc#x",
            "https://host.example/group/name.git",
        ),
        ("https://host.example:8443/name", "https://host.example:8443/name"),
        ("git@github.com:owner/name.git", "https://github.com/owner/name"),
        ("git@hf.co:owner/name", "https://huggingface.co/owner/name"),
        ("ssh://git@host.example:7999/group/name.git", "https://host.example/group/name.git"),
        ("ssh://git@ssh.github.com:443/owner/name.git", "https://github.com/owner/name"),
        ("git://host.example/name", "https://host.example/name"),
        ("git+https://gitlab.com/a/b/c.git", "https://gitlab.com/a/b/c"),
    ],
)
def test_addresses_take_the_https_form(stated: str, shown: str) -> None:
    assert git_url.public(stated) == shown


@pytest.mark.parametrize(
    "stated",
    [
        "/srv/git/name.git",
        "../name",
        "file:///home/someone/name",
        "C:\\repositories\\name",
        "C:/repositories/name",
        "work-alias:owner/name",
        "ext::sh -c evil",
        "https://host.example/../../name",
        "https://host.example",
        "",
        "--upload-pack=evil",
    ],
)
def test_paths_of_a_machine_are_not_shown(stated: str) -> None:
    assert git_url.public(stated) == ""


def test_purls() -> None:
    assert (
        git_url.purl("https://github.com/Owner/Name", COMMIT) == f"pkg:github/owner/name@{COMMIT}"
    )
    assert git_url.purl("https://bitbucket.org/owner/name", "") == "pkg:bitbucket/owner/name"
    assert (
        git_url.purl("https://huggingface.co/Owner/Name", COMMIT)
        == f"pkg:huggingface/Owner/Name@{COMMIT}"
    )
    assert git_url.purl("https://huggingface.co/datasets/owner/name", COMMIT).startswith(
        f"pkg:generic/name@{COMMIT}?vcs_url=git%2Bhttps://"
    )
    assert git_url.purl("https://gitlab.com/a/b/c", COMMIT).startswith(
        f"pkg:generic/c@{COMMIT}?vcs_url="
    )
    assert git_url.purl("", COMMIT) == ""


def test_relative_addresses_of_submodules() -> None:
    assert (
        git_url.join_address("https://github.com/owner/name", "../other.git")
        == "https://github.com/owner/other"
    )
    assert git_url.join_address("https://github.com/owner/name", "../../../../x") == ""
    assert git_url.join_address("", "../other") == ""


@given(st.text(alphabet="abc:@/.-~\\ ?#[]%", max_size=40))
def test_whatever_is_shown_is_https_and_has_no_user(stated: str) -> None:
    shown = (
        git_url.public(stated)
        or git_url.public(f"https://{stated}")
        or git_url.public(f"ssh://{stated}")
    )
    assert not shown or (
        shown.startswith("https://") and "@" not in shown.split("/")[2] and "?" not in shown
    )
    assert git_url.public(shown) == shown
