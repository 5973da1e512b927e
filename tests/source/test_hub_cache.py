from __future__ import annotations

from pathlib import Path

import pytest

from aisbom.collect.models import model_config, weights
from aisbom.model import Gap, Observation
from aisbom.source.hub_cache import enclosing
from tests.conftest import collect

COMMIT = "a" * 40


@pytest.mark.parametrize(
    ("folder", "path", "repository"),
    [
        ("c/models--acme--tiny", "models--acme--tiny", "tiny"),
        ("c/models--acme--tiny/snapshots", "", ""),
        (
            f"c/models--acme--tiny/snapshots/{COMMIT}/vae",
            f"models--acme--tiny/snapshots/{COMMIT}/vae",
            "tiny",
        ),
        ("c/models--gpt2/snapshots/x", "models--gpt2/snapshots/x", "gpt2"),
        ("c/models--acme--tiny/blobs/x", "", ""),
        ("c/my-models--old", "", ""),
        ("c/plain", "", ""),
    ],
)
def test_a_folder_of_a_cache(folder: str, path: str, repository: str) -> None:
    found = enclosing(Path("/home/u") / folder)
    assert (found.path if found else "", found.repository if found else "") == (path, repository)


def snapshot(folder: Path) -> Path:
    """A snapshot as the hub's client lays it out."""
    held = folder / "models--acme--tiny"
    shown = held / "snapshots" / COMMIT
    (held / "blobs").mkdir(parents=True)
    shown.mkdir(parents=True)
    (held / "blobs" / "b1").write_text('{"model_type": "llama", "architectures": ["L"]}')
    (shown / "config.json").symlink_to("../../blobs/b1")
    return shown


def test_a_snapshot_alone_is_read_as_the_repository_it_is(tmp_path: Path) -> None:
    (row,) = collect(snapshot(tmp_path), model_config.COLLECTOR)
    assert isinstance(row, Observation)
    assert (row.version, row.purl) == (COMMIT, f"pkg:huggingface/acme/tiny@{COMMIT}")
    assert row.evidence.at.path == "config.json"


def test_no_other_link_leaves_a_snapshot(tmp_path: Path) -> None:
    shown = snapshot(tmp_path)
    (tmp_path / "secret.pt").write_bytes(b"\x80\x02N.")
    (shown / "a.pt").symlink_to(tmp_path / "secret.pt")
    (shown.parent.parent / "blobs" / "b2").symlink_to(tmp_path / "secret.pt")
    (shown / "b.pt").symlink_to("../../blobs/b2")
    rows = collect(shown, weights.COLLECTOR)
    assert [(r.at.path, r.reason) for r in rows if isinstance(r, Gap)] == [
        (name, "link out of the tree: not followed") for name in ("a.pt", "b.pt")
    ]
    assert len(rows) == 2


def test_the_commit_of_a_download_into_a_folder(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "llama", "architectures": ["L"]}')
    kept = tmp_path / ".cache" / "huggingface" / "download"
    kept.mkdir(parents=True)
    (kept / "config.json.metadata").write_text(f"{COMMIT}\netag\n1700000000.0\n")
    (row,) = collect(tmp_path, model_config.COLLECTOR)
    assert isinstance(row, Observation)
    assert (row.version, row.purl) == (COMMIT, "")
