"""`--lang ko`: what the program says itself is Korean; names, places and ids stay as they are."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from aisbom.bom.diff import Change
from aisbom.emit.changes import describe
from aisbom.emit.html.words import words
from aisbom.model.facts import Sentence
from aisbom.model.sentences import spell_sentence
from tests.program import ROOT, run

ENGLISH = re.compile(
    r"\b(?:and|at|by|says|holds?|missing|changed|added|removed|more|parts?|files?|errors?|valid|met"
    r"|not|of|the|differences?|supplied|without|names|card|waiver|settle|Undecided|nothing)\b"
)
"""Words that the English catalogues are made of."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("korean")
    shutil.copytree(ROOT / "fixtures" / "honest" / "input", made / "tree")
    done = run("generate", "tree", "-o", "bom.json", "--home", "KR", cwd=made)
    assert done.returncode == 0, done.stderr
    data = json.loads((made / "bom.json").read_bytes())
    data["components"] = [row for row in data["components"] if row["type"] != "library"][:3]
    kept = {row["bom-ref"] for row in (*data["components"], data["metadata"]["component"])}
    data["dependencies"] = [row for row in data["dependencies"] if row["ref"] in kept]
    for row in data["dependencies"]:
        row["dependsOn"] = [one for one in row.get("dependsOn", ()) if one in kept]
    data["declarations"]["claims"] = [
        row for row in data["declarations"]["claims"] if row["target"] in kept
    ]
    (made / "less.json").write_text(json.dumps(data), "utf-8")
    return made


def said(folder: Path, *words: str, code: int = 0) -> str:
    done = run(*words, "--lang", "ko", cwd=folder)
    assert done.returncode == code, done.stderr
    return done.stdout


def test_verify(folder: Path) -> None:
    text = said(folder, "verify", "tree", "--sbom", "bom.json")
    assert text.startswith("bom.json: 검사 대상(tree)과 일치함.")
    assert not ENGLISH.search(text)


def test_diff(folder: Path) -> None:
    assert said(folder, "diff", "bom.json", "bom.json") == (
        "구성요소, 라이선스, 출처, 계보, 구분, 점수, 판정에 차이가 없음\n"
    )
    text = said(folder, "diff", "bom.json", "less.json")
    assert text.startswith("차이 ")
    assert "  삭제 (" in text
    assert not ENGLISH.search(text.partition("발견 사항")[0])
    table = said(folder, "diff", "bom.json", "less.json", "--format", "markdown")
    assert "| 항목 | 구성요소 | 변경 전 | 변경 후 |" in table


def test_every_topic_of_a_difference_is_korean() -> None:
    conflict = spell_sentence(Sentence("no-sharing", ("a", "MIT", "b:1", "c", "MIT", "d:2")))
    rows = (
        Change("verdict", "", "", ("pass",), ("undetermined",)),
        Change("requirement", "weights.trained-at-home", "", ("fail",), ("unknown",)),
        Change("score", "core", "", ("[0.10, 0.20]",), ("[0.10, 1.00]",)),
        Change("profile", "", "", ("model@1", "home KR"), ("model@1", "home not given")),
        Change("origin", "norae", "", ("trained US",), ("trained international",)),
        Change("role", "norae", "", ("peripheral", "dependency"), ("core", "encoder-weights")),
        Change("attribution", ".", "", ("kept",), ("missing",)),
        Change("finding", "norae", "", (), (conflict,)),
        Change("gaps", "", "", ("1",), ("2",)),
    )
    korean = words("ko")
    lines = [describe(one, korean) for one in rows]
    assert lines[:7] == [
        "충족 -> 판단 불가",
        "weights.trained-at-home: 미충족 -> 판단 불가",
        "핵심: [0.10, 0.20] -> [0.10, 1.00]",
        "model@1, 기준 국가 KR -> model@1, 기준 국가 미지정",
        "norae: 학습 국가 미국 -> 학습 국가 국제",
        "norae: 주변, 패키지 -> 핵심, 인코더",
        "최상위 폴더: 유지 -> 누락",
    ]
    assert "자유로운 배포를 허용하지 않음" in lines[7]
    english = words("en")
    assert describe(rows[0], english) == "pass -> undetermined"
    assert describe(rows[4], english) == "norae: trained US -> trained international"


@pytest.mark.parametrize("profile", ["schema", "ntia", "cisa-2026", "g7-ai", "bsi-tr-03183-2"])
def test_validate(folder: Path, profile: str) -> None:
    done = run("validate", "bom.json", "--profile", profile, "--lang", "ko", cwd=folder)
    assert done.returncode in (0, 1)
    lines = [line for line in done.stdout.splitlines() if line and "https://" not in line]
    assert all(re.search("[가-힣]", line) for line in lines)
    # What lacks an element is named, and names are anybody's.
    assert not ENGLISH.search("".join(line for line in lines if "없는 구성요소" not in line))


def test_annotations() -> None:
    tree = ROOT / "fixtures" / "gate-violating" / "input"
    words = ("check", ".", "--policy", "no-undeclared-parts", "--format", "github", "--no-cache")
    text = run(*words, "--lang", "ko", cwd=tree).stdout
    assert "title=aisbom%3A 모든 구성요소가 신고됨::" in text
    assert "확인에 필요한 자료: " in text
    assert "What would settle it" not in text
    assert "What would settle it" in run(*words, cwd=tree).stdout


def test_contradictions() -> None:
    tree = ROOT / "fixtures" / "multimodal" / "input"
    words = ("generate", ".", "--home", "KR", "-v", "-o", "-", "--no-cache")
    korean = run(*words, "--lang", "ko", cwd=tree).stderr
    assert "처음부터 학습했다는 모델 카드의 서술(models/byeol-omni/README.md:21)과 달리" in korean
    assert "from scratch: the card says" not in korean
    assert "from scratch: the card says" in run(*words, "--lang", "en", cwd=tree).stderr
