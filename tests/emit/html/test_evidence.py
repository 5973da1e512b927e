"""What evidence says in the program's own words has its Korean, whatever stands in its places; what
is quoted from a file stays as it is.
"""

from __future__ import annotations

import ast
import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from aisbom.emit.cyclonedx.read import read
from aisbom.emit.html.evidence import CUTS, translate_evidence
from aisbom.emit.html.forms import parse_form
from aisbom.emit.html.words import words
from aisbom.model import part_names
from aisbom.model.phrases import join, phrase
from tests.emit.html.test_messages import PACKAGE, left_over
from tests.program import ROOT, document_of, run

CATALOGUE = tomllib.loads((PACKAGE / "emit/html/evidence.ko.toml").read_text("utf-8"))
TABLES = [name for name in CATALOGUE if name not in ("words", "seen", "any")]
FORMS = [(form, said) for table in CATALOGUE.values() for form, said in table.items()]

SPEAKS = (
    "identify/*.py",
    "classify/*.py",
    "merge/*.py",
    "examine/*.py",
    "online/registry.py",
    "codeprint/own_words.py",
    "codeprint/derive.py",
    "codeprint/inheritance.py",
    "collect/ownership/copied_code.py",
    "collect/models/training_log.py",
    "collect/models/weight_data.py",
    "collect/models/weights.py",
    "collect/references/catalogues.py",
    "collect/references/network_classes.py",
    "bom/compact.py",
    "bom/lineage.py",
)
"""Where evidence is written."""

MESSAGES = ("Gap", "miss", "Unreadable", "say")
"""What takes a text that `test_messages` and the sentences of findings answer for."""

NO_SENTENCES = ("compile", "compile_later", "split", "fromkeys", "_words", "frozenset")
"""What takes an expression, a list of words, or the beginning of a field."""

PIECED = {
    " (legal seat norae1)": "international (legal seat US)",
    " (no supporting file is named)": "role = core, declared by A (no supporting file is named)",
    " as on norae1": "A [a, 2026-01] as on 2020-01-01",
    " for the norae1": "text of MIT for the weights (exact)",
    ", declared by norae1": "role = core, declared by A",
    ", fixed in norae1": "CVE-1 (high, fixed in 2.0)",
    ", norae1 identical rare functions": "9% of its fingerprints are in a, 3 identical rare functions",
    ", norae1 more words": "text of MIT (exact, 300 more words)",
    ", stated norae1": "CVE-1 (high, stated not_affected)",
    "architecture of ": "model-type a -> architecture of A [a, 2026-01]",
    "before its first release that is known": "1 of 2 files are byte for byte those of a before its"
    " first release that is known",
    "class norae1 inherits norae3, imported from norae5": "line 1: class A inherits B, imported"
    " from c",
    "class norae1 inherits": "class A inherits B of c",
    "legal seat norae2": "purl a -> A [a, 2026-01] -> legal seat US",
    "norae2 in profile norae4@norae6": "tokenizer -> core in profile model@2026.1",
    "copy of": "copy of pkg:pypi/a -> a in another account",
    "designers not known": "model-type a -> architecture of designers not known",
    "generated from norae1": "line 1: generated from a.py",
    "line norae1 norae3": "line 1 keeps the notice of A, a holder of b",
    "line norae1 norae3 is from norae5": "line 1 says the file is from a",
    "line norae1: norae3": "line 1: takes over everything of a",
    "says the code below it": "line 1 says the code below it is from a",
    "says the file": "line 1 says the file is from a",
    "none known": "osv: none known",
    "norae0's account [norae2, norae4]": "purl a -> person's account [a, 2026-01] -> community",
    "norae0, norae2 architecture": "vision encoder, qwen2_5_vl architecture",
    "norae0 (equal values)": "weights-from pkg:a (equal values) -> A [a, 2026-01]",
    "norae0 is published by norae2": "a is published by A [a, 2026-01]",
    "norae0 thanks its project, and ": "README.md:1 thanks its project, and its project had it by"
    " 2020, and it came into the history here on 2021",
    "norae0 with norae2": "common-origin with A",
    "norae0 with norae2norae3": "common-origin with A",
    "norae0, and is published by norae2, who made this tree": "the original bears no notice of its"
    " own, and is published by A, who made this tree",
    "norae0, and lies in this tree (norae2)": "the original bears no notice of its own, and lies in"
    " this tree (a)",
    "norae0 at norae2:norae4": "data set MME at a.py:12",
    "norae0, known by norae2": "service A, known by b -> A [a, 2026-01]",
    "nothing equal found": "0 of 1 bytes of values read, held against 2 references: nothing equal"
    " found",
    "package table": "package table a: b (c) -> A [a, 2026-01]",
    "that is not known": "a.py lies in the same tree as release that is not known has it, and this"
    " file is no part of that release",
    "the encoders beside it give": "in-width 1 -> the encoders beside it give 2",
    "the encoders in it give": "in-width 1 -> the encoders in it give 2",
    "the maker is norae1": "licence A; the maker is B -> text of C [c, 2026-01]",
    "the originalnorae1 names norae3": "the original (a.py) names A",
    "what it feeds takes": "out-width 1 -> what it feeds takes 2",
}
"""Pieces of which a clause is made, with one such clause."""

ON_NO_PAGE = {
    "found in the tree": "basis of an edge",
    **dict.fromkeys(("lm loss", "lm-loss-training/lm loss"), "column of a log"),
    "organisation norae1": "key of a holder",
    "self-hosted endpoint": "name of a service",
    "endpoint norae1": "name of a service",
    "card datasets": "key of a question",
    "comparing weights": "word of the progress",
    "oid sha256:norae1": "quoted from a pointer",
    "tag norae1": "pedigree of a component",
    "commit norae1": "pedigree of a component",
    "data set": "word for an observation",
    **dict.fromkeys(
        (
            "identical to norae1: the same norae3 tokens under the same numbersnorae5",
            ", with other merges",
            "identical to the public vocabulary norae1",
            "is extended by",
            "independent of",
            "overlaps with",
        ),
        "property of a tokenizer",
    ),
    **dict.fromkeys(
        (
            *("service norae1", "image norae1", "reference norae1", "dataset norae1"),
            "dataset at norae1",
        ),
        "key of a component",
    ),
    **dict.fromkeys(
        (
            " (and norae1 more)",
            (
                "the environment does not tell its norae1, which this requirementnorae3 asks for:"
                " taken to hold where installed"
            ),
        ),
        "pieces of a gap",
    ),
}
"""Texts of these modules that no claim has as its evidence, and what they are."""


def texts(path: Path) -> Iterator[str]:
    """The literal texts in a module, without those that others answer for; what is computed in
    them is `norae0`, `norae1`, ...
    """
    aside: set[int] = set()
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    for node in nodes:
        function = node.func if isinstance(node, ast.Call) else None
        called = getattr(function, "id", getattr(function, "attr", ""))
        if isinstance(node, ast.Raise | ast.JoinedStr) or called in (*MESSAGES, *NO_SENTENCES):
            aside |= {id(one) for one in ast.walk(node) if one is not node}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            aside.add(id(node.value))
    for node in nodes:
        if id(node) in aside:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(one.value) if isinstance(one, ast.Constant) else f"norae{number}"
                for number, one in enumerate(node.values)
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def clauses() -> set[str]:
    """Every clause of two words and more that the program writes as evidence."""
    return {
        clause
        for pattern in SPEAKS
        for path in PACKAGE.glob(pattern)
        for text in texts(path)
        for clause in re.split(" -> |; ", text)
        if " " in clause.strip(" ,") and re.search("[a-z]{2}", re.sub(r"norae\d+", "", clause))
        if "\\" not in clause and "::" not in clause and "OSI" not in clause
    }


def in_korean(clause: str) -> str:
    """What a rule that says it says in Korean, `""` where none has it."""
    every = [translate_evidence(by, clause, "ko", words("ko").get) for by in TABLES]
    korean = [said for said in every if re.search("[가-힣]", said)]
    return min(korean, key=lambda said: len(left_over(said)), default="")


def test_every_sentence_that_evidence_has_is_told_in_korean() -> None:
    found = clauses()
    assert len(found) > 100
    unknown = {
        clause
        for clause in found - PIECED.keys() - ON_NO_PAGE.keys()
        if not in_korean(clause.strip(" ,"))
    }
    assert not unknown, "a form in evidence.ko.toml, or a row above if it is no clause"


def test_what_is_set_aside_is_still_written() -> None:
    assert not (PIECED.keys() | ON_NO_PAGE.keys()) - clauses()


@pytest.mark.parametrize("piece", sorted(PIECED))
def test_a_clause_of_pieces_is_told_in_korean(piece: str) -> None:
    own = [one for one in re.split(r"norae\d+", piece) if one.strip(" ,.()")]
    assert all(one in PIECED[piece] for one in own), "it is no example of the piece"
    said = in_korean(PIECED[piece])
    assert said and not left_over(said), said


def keys_seen() -> set[str]:
    """The keys of facts from which rules conclude something."""
    keys = set()
    for path in PACKAGE.glob("identify/*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        named = {
            node.targets[0].id: literals(node.value)
            for node in nodes
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in nodes:
            called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if called == "SeenFact":
                keys |= literals(node.args[0])
            elif called == "facts":
                for one in ast.walk(ast.Tuple(node.args[1:])):
                    keys |= named.get(one.id, set()) if isinstance(one, ast.Name) else set()
                    keys |= literals(one) if isinstance(one, ast.Constant) else set()
    return keys


def literals(node: ast.AST) -> set[str]:
    every = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
    return {one for one in every if isinstance(one, str)}


SIZES = {"hidden-size", "stated-parameters", "text-"}
"""Keys of facts that contradictions read, which quote the file."""


def test_what_a_chain_begins_with_is_told_in_korean() -> None:
    told = {re.split(r" \{|; |, ", form)[0] for form in CATALOGUE["seen"]}
    seen = keys_seen()
    assert len(seen) > 30
    assert not seen - SIZES - told, "a row of [seen]"
    source = "\n".join(path.read_text("utf-8") for path in PACKAGE.glob("identify/*.py"))
    assert not {key for key in told if f'"{key}"' not in source}, "nothing concludes from it"


def test_the_korean_keeps_what_stands_in_the_slots() -> None:
    for form, said in FORMS:
        slots = parse_form(form, said).slots  # raises where two slots cannot be told apart
        assert sorted(slots) == sorted(re.findall(r"\{(\w+)\}", said)), form


def test_rows_stand_in_order() -> None:
    """So two who add the same row add it in the same place."""
    for name, table in CATALOGUE.items():
        assert list(table) == sorted(table), name


def test_no_particle_hangs_on_a_slot_whose_last_letter_is_unknown() -> None:
    for _, said in FORMS:  # a share ends in %
        assert not re.search(
            r"(?<!share)\}(?:은|는|이|가|을|를|와|과|으로|로|이나|나|라|란)(?![가-힣])", said
        )


def test_no_korean_of_a_sentence_that_nobody_writes() -> None:
    """Every run of words of a form stands somewhere in the program or in its tables."""
    source = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    source = re.sub(r'"\s*\n\s*f?"', "", source).replace("'", '"')
    source += "\n".join(
        path.read_text("utf-8").replace('""', '"').replace("'", '"')
        for path in (PACKAGE / "knowledge/data").glob("*.csv")
    )
    for name, table in CATALOGUE.items():
        if name in ("seen", "words"):  # names of facts, and words that rules conclude
            continue
        for form in table:
            for run_of_words in re.split(r"\{\w+\}|[,();]", form.replace("'", '"')):
                own = run_of_words.strip(" :(),;.[]=")
                known = own in source or own in HALVES or own.replace(" ", "-") in source
                assert known, (form, own)


HALVES = {
    "HEAD: detached",
    "and its project had it by",
    "architecture of designers not known",
    'community"s account',
    "lies in the same tree as release that is not known has it",
    'person"s account',
    "references: equal only to the reference of its own name",
    "references: nothing equal found",
    "says the code below it is from",
    "says the file is from",
    "the original names",
}
"""Words that stand on both sides of a value in the program."""


def rows(name: str) -> Iterator[dict[str, str]]:
    lines = (PACKAGE / f"knowledge/data/{name}.csv").read_text("utf-8").splitlines()
    yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def notes() -> Iterator[str]:
    """The notes of rows that evidence shows."""
    for name, column in (("not_origin", "why"), ("model_families", "note")):
        for row in rows(name):
            nobody = row.get("organisations", "unknown") in ("unknown", "person-undisclosed")
            if nobody and row[column]:
                yield row[column]
    for row in rows("licence_names"):
        if row["note"]:
            yield row["note"]


@pytest.mark.parametrize("name", ["package_sources", "hub_sources"])
def test_the_sources_of_the_tables_are_told_in_korean(name: str) -> None:
    korean = words("ko")
    for row in rows(name):
        said = korean.source(row["title"])
        assert re.search("[가-힣]", said) and not left_over(said), said
    assert korean.source("package_table.tsv PyPI metadata 1.0") == (
        "package_table.tsv PyPI 메타데이터 1.0"
    )
    assert korean.source("accounts.csv:12 github/norae") == "accounts.csv:12 github/norae"


@pytest.mark.parametrize("note", sorted(set(notes())))
def test_the_notes_of_the_tables_are_told_in_korean(note: str) -> None:
    said = next(
        said
        for by, text in (
            ("origin/examined", f"model-id a/b -> {note} [a, 2026-01] -> unknown"),
            ("licence/classifier", f"classifier a -> MIT ({note})"),
        )
        if note not in (said := translate_evidence(by, text, "ko", words("ko").get))
    )
    assert not left_over(said.replace('"or later"', "")), said


QUOTES = (
    *("contradiction/", "attribution/own-notice", "licence/header", "licence/spdx-tag"),
    *("licence/words", "path-role/", "class/"),
)
"""Rules whose evidence is what a file says."""

CASES = sorted(path.parent for path in (ROOT / "fixtures").glob("**/input"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_no_evidence_of_a_fixture_stays_english(case: Path) -> None:
    korean = words("ko")
    claims = read(document_of(case)).claims
    for claim in claims:
        said = korean.value(claim)
        is_name = claim.attribute.endswith((".organisation", ".steward", "-from", "-by", "-of"))
        assert is_name or re.search("[가-힣]", said) or " " not in said or "AND" in said, said
        for one in claim.evidence:
            said = korean.evidence(one)
            if "/" in one.by and not one.by.startswith(QUOTES):
                own = re.sub(r"\"[^\"]*\"|[\w.]*[-/_][\w./-]*|(?<=[:은] )[^;가-힣]*", "", said)
                assert re.search("[가-힣]", said) or not left_over(own), said


def test_names_that_the_program_gives_are_told_in_korean() -> None:
    korean = words("ko")
    for part in {*part_names.PARTS.values(), "encoder", "decoder", "thinker.audio-encoder"}:
        title = part_names.title(part)
        said = korean.name(f"{title}, clip architecture")
        assert said.endswith(", clip 구조") and not re.search("[a-z]", said[:-9]), said
        assert " " not in title or korean.name(title) == said[:-9]
    assert korean.name("3 files of src/norae") == "src/norae의 파일 3개"
    for name in ("norae", "weights", "encoder", "models of norae", "files of norae"):
        assert korean.name(name) == words("en").name(name) == name


def test_what_was_found_of_a_requirement_has_its_names_and_values_in_korean() -> None:
    loads = "loader: torch.load without weights_only"
    needs = "copyleft: a, which b needs (c:1), is under D (e:2); b is offered under F (g:3)"
    found = phrase(
        "part-at",
        "2 files of encoder",
        "a.py:1",
        phrase("is", phrase("attribute", "runs-code.loader"), join("versus", (loads, loads))),
    )
    assert words("en").phrase(found).endswith(f"{loads} / {loads}")
    assert words("ko").phrase(found) == (
        "encoder의 파일 2개, 위치 a.py:1: 불러오는 코드의 신뢰 설정: 모델을 불러오는 코드:"
        " weights_only 없는 torch.load / 모델을 불러오는 코드: weights_only 없는 torch.load"
    )
    hint = phrase("unknown-hint", phrase("attribute", "licence.conflict"), needs)
    assert words("ko").phrase(hint) == (
        "라이선스 충돌: 미확인 (단서만 있음: b에 필요한(c:1) a의 라이선스: D(e:2). b의 제공 라이선스: F(g:3))"
    )
    for odd in (phrase("part", phrase("any-part"), loads), phrase("or"), phrase("is", "a", "b")):
        assert words("ko").phrase(odd) is not None  # a document of anybody


def of(by: str, text: str) -> str:
    return translate_evidence(by, text, "ko", words("ko").get)


def test_a_chain_is_told_link_by_link() -> None:
    assert of(
        "origin/hub-owner",
        "model-id Qwen/Qwen2 -> Alibaba [alibaba, 2026-01] -> CN (legal seat KY)",
    ) == ("모델 ID Qwen/Qwen2 -> Alibaba [alibaba, 2026-01] -> 중국 (법적 소재지 케이맨 제도)")
    assert of(
        "origin/project-steward", "the project that holds it says KR,US: part a -> KR,US"
    ) == ("상위 프로젝트에 따르면 대한민국, 미국: 구성 부분 a -> 대한민국, 미국")


def test_clauses_in_a_row_are_told_one_by_one() -> None:
    assert of(
        "lineage/family",
        "59% of its fingerprints are in pkg:pypi/a#b.py, 4 identical rare functions; 99.999% of"
        " unrelated pairs of files agree less; order: line 3 says the file is from a; b",
    ) == (
        "코드 지문의 59% 일치: pkg:pypi/a#b.py, 똑같은 드문 함수 4개; 서로 무관한 파일 쌍의"
        " 99.999%는 일치도가 이보다 낮음; 선후 관계: 3행에 적힌 파일의 원본: a; b"
    )


def test_a_sentence_that_was_cut_is_told_as_far_as_it_goes() -> None:
    sentence = "the original (a.py) names A; that line is gone, no notice of the repository names"
    sentence += " them, and the header names " + "B" * 400
    for cut in CUTS:
        said = of("attribution/header", sentence[:cut])
        assert said.startswith("원본(a.py)의 저작권 표시: A; 해당 행이 삭제되었고"), said
    whole = "purl pkg:pypi/" + "a" * 170 + " -> no organisation with a known seat stands behind it"
    assert of("origin/examined", whole[:200]).endswith(
        " -> 소재지가 알려진 개발 기관이 확인되지 않음"
    )
    room = "package table pkg:pypi/a: github.com/a/b (general knowledge, not compa… -> A [a] -> US"
    assert of("origin/package-table", room) == (
        "패키지 표 pkg:pypi/a: github.com/a/b (일반 지식에 따른 것이며 출처와 대조하지 않음)"
        " -> A [a] -> 미국"
    )
    assert of("origin/hub-owner", ("a" * 200 + " -> CN (legal")[-200:]).endswith("(법적 소재지 …)")
    # Nothing is said of what may be the beginning of any sentence.
    assert of("origin/examined", ("a -> " * 50)[:198] + "no") == ("a -> " * 50)[:198] + "no"


@pytest.mark.parametrize(
    ("by", "text"),
    [
        ("readme-credits", "a comment says it comes from me"),
        ("contradiction/model-card", "no file says who trained this part"),
        ("attribution/own-notice", "Copyright (c) 2024 Norae; all rights reserved"),
        ("licence/header", "MIT: # no version is named"),
        ("licence/words", "LicenseRef-A: ...names no licence and no version is named..."),
        ("lineage/comment", "x" * 500),
        ("lineage/comment", ""),
        ("nobody", " -> "),
        ("origin/examined", "{0} {name}"),
    ],
)
def test_what_others_say_stays(by: str, text: str) -> None:
    assert of(by, text) == text
    assert translate_evidence(by, text, "en", words("en").get) == text


def test_quotations_stay_inside_our_sentences() -> None:
    quote = "no file says who trained this part; it can be attested -> KR"
    assert of("lineage/credit", f"credited: {quote[:-6]}") == f"출처 표시: {quote[:-6]}"
    assert of("attribution/repository", f"credited for the whole repository: {quote[:-6]}") == (
        f"저장소 전체에 대한 출처 표시: {quote[:-6]}"
    )


def test_long_rows_of_clauses_take_no_long() -> None:
    for text in ("a: " * 133, "; " * 200, " -> " * 100, "(a) [b] " * 50, "a; b: " * 66):
        for by in TABLES:
            of(by, text[:400])


def test_the_page_and_explain_tell_it_in_korean() -> None:
    document = document_of(ROOT / "fixtures/copied-code")
    page = {one: run("report", document, "-o", "-", "--lang", one).stdout for one in ("en", "ko")}
    told = {one: run("explain", document, "src/haneul", "--lang", one) for one in ("en", "ko")}
    for english, korean in (
        ("a comment says it comes from", "주석에 적힌 원본: "),
        ("the project that holds it says ", "상위 프로젝트에 따르면 "),
        ("none of an organisation that is known", "표시된 알려진 기관은 없음"),
    ):
        assert english in page["en"] and english in told["en"].stdout
        assert english not in page["ko"] and english not in told["ko"].stdout
        assert korean in page["ko"] and korean in told["ko"].stdout
