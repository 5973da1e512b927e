"""`--lang ko`: what the program says itself is Korean; names, places and ids stay as they are."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from aisbom.bom.diff import Change
from aisbom.emit.changes import describe
from aisbom.emit.html.words import words
from aisbom.model.facts import Sentence
from aisbom.model.sentences import spell_sentence
from tests.cli.test_attest import write_key
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
    for name in ("mine", "other"):
        write_key(made, name, ed25519.Ed25519PrivateKey.generate())
    return made


def left(text: str, *names: str) -> list[str]:
    """The English of the program in a text, without these names, what is quoted, ids and paths."""
    for name in names:
        text = text.replace(name, "")
    return ENGLISH.findall(re.sub(r"`[^`]*`|'[^']*'|\w+(?:[-./]+\w+)+", "", text))


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
        Change("lineage", "norae", "", ("pkg:pypi/a", "declared"), ("pkg:pypi/a", "derived")),
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
    assert lines[9] == "norae: pkg:pypi/a, 명시 -> pkg:pypi/a, 파생"
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


def test_score(folder: Path) -> None:
    text = said(folder, "score", "bom.json")
    assert text.startswith("자체 개발 비중: 판정 기준 model@2026.1, 기준 국가 KR (지정)")
    assert "핵심:" in text
    assert left(text) == []
    table = said(folder, "score", "bom.json", "--all-profiles")
    assert "핵심의 정의" in table
    assert left(table) == []
    assert left(run("score", "bom.json", cwd=folder).stdout), "the test sees English"


def test_explain(folder: Path) -> None:
    names = {row["name"] for row in json.loads((folder / "bom.json").read_bytes())["components"]}
    for name in sorted(names):
        text = said(folder, "explain", "bom.json", name)
        # What was seen and what a claim's evidence says stands as the document has it.
        told = [
            re.sub(r"(규칙 \S+, 위치 \S+): .*|\(.*(?=, \S+ (?:기준|열람)\))", r"\1", line)
            for line in text.splitlines()
            if not re.match(r"    \S+(?:  \[[\w-]+\])", line)
        ]
        assert left("\n".join(told), name) == [], told
        assert "발견된 위치" in text


def test_signing_and_what_was_done_to_it(folder: Path) -> None:
    signed = said(folder, "attest", "bom.json", "--key", "mine.pem", "--tree", "tree")
    assert signed.startswith("bom.json.intoto.jsonl 작성 완료: 파일 ")
    words = ("verify-attestation", "bom.json.intoto.jsonl")
    whole = said(folder, *words, "--key", "mine.pub", "--sbom", "bom.json", "--tree", "tree")
    assert "대조 대상: 문서, 제출물" in whole
    other = said(folder, *words, "--key", "other.pub", code=5)
    assert other.startswith("성립하지 않음: 1행: 지정한 키와 다른 키로 서명됨")
    added = folder / "tree" / "added.txt"
    added.write_text("x")
    changed = said(folder, *words, "--key", "mine.pub", "--tree", "tree", code=5)
    added.unlink()
    assert changed == "성립하지 않음: added.txt: 존재하나 서명 대상이 아니었음\n"
    document = said(folder, *words, "--key", "mine.pub", "--sbom", "less.json", code=5)
    assert document.startswith("성립하지 않음: less.json: 서명된 문서가 아님")
    for text in (signed, whole, other, document):
        assert left(text) == []


def test_a_bundle(folder: Path) -> None:
    made = said(folder, "bundle", "tree", "-o", "b.zip", "--home", "KR", "--key", "mine.pem")
    assert made.startswith("b.zip 작성 완료: ")
    whole = said(folder, "verify-bundle", "b.zip", "--tree", "tree", "--key", "mine.pub")
    assert "다시 검사한 결과 같은 바이트가 나옴" in whole
    unchecked = said(folder, "verify-bundle", "b.zip")
    other = said(folder, "verify-bundle", "b.zip", "--key", "other.pub", code=5)
    assert "다른 키로 서명됨" in other
    (folder / "cut.zip").write_bytes((folder / "b.zip").read_bytes()[:-40])
    cut = said(folder, "verify-bundle", "cut.zip", code=5)
    assert cut == "성립하지 않음: 압축 파일이 아니거나 잘렸거나 덮어써짐\n"
    for text in (made, whole, unchecked, other):
        assert left(text) == []


@pytest.mark.parametrize(
    "words",
    [
        ("genrate", "."),
        ("generate", "nowhere"),
        ("generate", "owner/model"),
        ("generate", "github.com/o/r"),
        ("generate", "docker://x"),
        ("generate", "pkg:pypi/numpy@1.0"),
        ("generate", "bom.json"),
        ("generate", "mine.pub"),
        ("generate", "tree", "--ouput", "x"),
        ("generate", "tree", "--qqqq"),
        ("generate", "a", "b"),
        ("generate", "tree", "--format", "spdx"),
        ("generate", "tree", "--jobs", "many"),
        ("generate", "tree", "--jobs", "-1"),
        ("generate", "tree", "--home", "Korea"),
        ("generate", "tree", "--home", "ZZZ"),
        ("generate", "tree", "--profile", "modle"),
        ("generate", "tree", "-o", "nowhere/x.json"),
        ("generate", "tree", "--python", "nowhere"),
        ("check", "tree", "--policy", "no-undeclared"),
        ("check", "tree", "--policy", "bad.toml"),
        ("explain", "bom.json"),
        ("explain", "bom.json", " "),
        ("explain", "bom.json", "no-such-part"),
        ("verify", "tree"),
        ("diff", "bom.json", "nowhere.json"),
        ("validate", "mine.pub"),
        ("report", "bom.json", "-o", "tree"),
        ("attest", "bom.json", "--key", "mine.pub"),
        ("attest", "bom.json", "--key", "nowhere.pem"),
        ("attest", "mine.pub", "--key", "mine.pem"),
        ("verify-attestation", "bom.json", "--key", "mine.pem"),
        ("verify-bundle", "nowhere.zip"),
        ("bundle", "tree", "-o", "nowhere/b.zip"),
    ],
)
def test_mistakes(folder: Path, words: tuple[str, ...]) -> None:
    (folder / "bad.toml").write_text("name = 3\ntitel = 'x'\n")
    done = run(*words, "--lang", "ko", cwd=folder)
    assert done.returncode == 2, done.stdout
    (line,) = done.stderr.splitlines()
    assert re.search("[가-힣]", line), line
    # Countries have their English names in the table of countries.
    assert left(re.sub(r"\([^)]*Korea[^)]*\)", "", line), *words) == [], line
