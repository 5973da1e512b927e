"""Another rule without a scan: the answer is that of a fresh one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from aisbom.emit.json import score_data
from aisbom.errors import UsageError
from aisbom.fleet import query
from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.rescore import rescore
from aisbom.judge import profile as profiles
from tests.fleet.conftest import EPOCH
from tests.program import ROOT, run, start


def test_another_rule_gives_what_a_fresh_scan_gives(filled: Catalogue, tmp_path: Path) -> None:
    shutil.copytree(filled.store.path(""), tmp_path / "c")
    catalogue = Catalogue.open(str(tmp_path / "c"))
    names = {entry.unit: entry.submission for entry in catalogue.entries()}
    for profile in sorted(profiles.list_profiles()):
        for unit, judgement in rescore(catalogue, [profile]):
            if names[unit] not in ("small-stack", "multimodal"):
                continue
            tree = ROOT / "fixtures" / names[unit] / "input"
            words = ("--profile", profile, "--format", "json", "--tree-says", "declarations")
            done = run("score", tree, *words, SOURCE_DATE_EPOCH=EPOCH)
            fresh = json.loads(done.stdout)
            ours = score_data(judgement)
            for key in ("verdict", "overall", "core", "peripheral", "coverage"):
                assert ours[key] == fresh[key], (names[unit], profile, key)
    count = query.query(catalogue, "SELECT count(DISTINCT profile) FROM rescored").rows[0][0]
    assert count == len(profiles.list_profiles())
    again = query.query(catalogue, "SELECT count(*) FROM rescored").rows
    rescore(catalogue, ["model"])
    assert query.query(catalogue, "SELECT count(*) FROM rescored").rows == again


def test_a_profile_that_is_not_known_is_one_line(filled: Catalogue) -> None:
    with pytest.raises(UsageError):
        rescore(filled, ["no-such-profile"])
    done = start("fleet", "rescore", filled.store.path(""), "--profile", "no-such-profile")
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
