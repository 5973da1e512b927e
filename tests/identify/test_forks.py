"""A fork is told from the project it is a copy of; a project in its own account is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aisbom.identify import forks, origin
from aisbom.knowledge import load
from aisbom.model import Component, Evidence, Location, Observation, facts
from aisbom.model.facts import COPY_OF, CopyOf

K = load()
PYPROJECT = "project-url", "Homepage, https://github.com/pytorch/vision"


def root(remote: str, *pairs: tuple[str, str]) -> Component:
    at = Evidence("git", "manifest-analysis", "high", Location(".git"), remote)
    said = Evidence("pyproject", "manifest-analysis", "high", Location("pyproject.toml", 3), "")
    sightings = (
        Observation("repository", "vision", "", "", at, facts(vcs_url=remote)),
        Observation("project", "vision", "1", "", said, facts(*pairs)),
    )
    return Component("x", "application", "vision", "1", "", sightings)


def values(subject: Component) -> dict[str, str]:
    return {claim.attribute: claim.value for claim in origin.claim_developer(subject, K)}


def test_metadata_that_point_to_the_same_name_in_another_account() -> None:
    found = values(root("https://github.com/UpstageAI/vision", PYPROJECT))
    assert found["fork-of"] == "https://github.com/pytorch/vision"
    assert found["fork-by"] == "Upstage Co., Ltd."
    assert found["origin.developed"] != "KR"


def test_a_tree_that_is_a_copy_of_a_release() -> None:
    copy = COPY_OF(CopyOf("https://github.com/pytorch/vision", "pkg:pypi/torchvision@0.20"))
    found = values(root("https://github.com/somebody-unknown/our-vision", copy))
    assert found["fork-of"] == "pkg:pypi/torchvision@0.20"
    assert found["fork-by"] == "somebody-unknown (github)"


@pytest.mark.parametrize(
    ("remote", "pair"),
    [
        ("https://github.com/pytorch/vision", PYPROJECT),
        ("git@github.com:PyTorch/vision.git", PYPROJECT),
        ("https://github.com/UpstageAI/vision", ("project-url", "Docs, https://docs.example.org")),
        (
            "https://github.com/UpstageAI/vision",
            ("project-url", "Paper, https://github.com/pytorch/other"),
        ),
        (
            "https://github.com/QwenLM/vision",
            ("project-url", "Homepage, https://github.com/alibaba/vision"),
        ),
        # It may have moved from there, or the account had that name.
        (
            "https://github.com/somebody-unknown/vision",
            ("project-url", "Homepage, https://github.com/our-vision-team/vision"),
        ),
    ],
    ids=["own", "own, over ssh", "no code host", "another name", "same organisation", "moved"],
)
def test_no_fork(remote: str, pair: tuple[str, str]) -> None:
    assert forks.fork(root(remote, pair), K) is None


@pytest.mark.parametrize(
    ("author", "forked"),
    [
        (("author", "Upstage"), False),
        (("author-email", "Team <team@upstage.ai>"), False),
        (("author", "PyTorch Core Team"), True),
    ],
)
def test_an_account_that_was_renamed_is_no_fork(author: tuple[str, str], forked: bool) -> None:
    """The metadata name whoever holds the account as the author, and its old name in the address."""
    whole = root("https://github.com/UpstageAI/vision", PYPROJECT, author)
    assert (forks.fork(whole, K) is not None) is forked


@pytest.mark.parametrize(("path", "forked"), [("README.md", True), ("third/README.md", False)])
def test_a_readme_at_the_top_that_says_so(path: str, forked: bool) -> None:
    whole = root("https://github.com/somebody-unknown/easy")
    at = Evidence("readme-credits", "manifest-analysis", "medium", Location(path, 3), "a fork of")
    told = facts(credit="built-on", says_fork="yes")
    credit = Observation("credit", "https://github.com/pytorch/vision", "", "", at, told)
    part = replace(whole, observations=(*whole.observations, credit))
    expected = "https://github.com/pytorch/vision" if forked else None
    assert values(part).get("fork-of") == expected
