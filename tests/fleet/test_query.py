"""What a catalogue answers, and what a statement may not do."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from aisbom.errors import UsageError
from aisbom.fleet import query, schema
from aisbom.fleet.catalogue import Catalogue
from aisbom.fleet.export import export
from aisbom.fleet.question import Question
from aisbom.fleet.sources import Submission
from aisbom.fleet.tables import compact
from aisbom.fleet.unit import Run, scan_submission
from tests.conftest import MakeTree
from tests.fleet.conftest import CASES, files_of
from tests.program import ROOT, start

PARQUET = ROOT / "schemas" / "fleet.md"


def copied(filled: Catalogue, tmp_path: Path) -> Catalogue:
    shutil.copytree(filled.store.path(""), tmp_path / "c")
    return Catalogue.open(str(tmp_path / "c"))


def test_twelve_questions_are_shipped_and_answered(filled: Catalogue) -> None:
    known = query.questions()
    assert len(known) == 12
    for one in known.values():
        assert one.title
        answer = query.ask(filled, one.name, "acme" if one.takes_word else None)
        assert answer.columns


def test_who_holds_parts_of_somebody(filled: Catalogue) -> None:
    answer = query.ask(filled, "holders", "norae")
    assert {row[0] for row in answer.rows} == {"copied-code"}
    assert query.ask(filled, "holders", "no such organisation").rows == []


def test_tables_say_what_the_documents_say(filled: Catalogue) -> None:
    from aisbom.fleet import parts

    for entry in filled.entries():
        data = filled.store.read(f"documents/{entry.unit}.cdx.json.zst")
        document = json.loads(parts.decompress(data))
        refs = {c["bom-ref"] for c in _components(document)} | {
            s["bom-ref"] for s in document.get("services", ())
        }
        sql = f"SELECT ref FROM components WHERE unit = '{entry.unit}'"
        assert refs <= {row[0] for row in query.query(filled, sql).rows}


def _components(document: dict) -> list[dict]:
    found = [document["metadata"]["component"], *document.get("components", ())]
    return [one for c in found for one in (c, *_inside(c))]


def _inside(component: dict) -> list[dict]:
    return [one for c in component.get("components", ()) for one in (c, *_inside(c))]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/passwd'",
        "COPY entries TO 'written.csv'",
        "ATTACH 'written.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SELECT * FROM filled",
        "no SQL at all",
    ],
)
def test_a_statement_cannot_leave_the_catalogue(
    sql: str, filled: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = files_of(Path(filled.store.path("")))
    with pytest.raises(UsageError, match=r"^SQL: [^\n]+$"):
        query.query(filled, sql)
    assert list(tmp_path.iterdir()) == []
    assert files_of(Path(filled.store.path(""))) == before


def test_compacted_tables_answer_the_same(filled: Catalogue, tmp_path: Path) -> None:
    catalogue = copied(filled, tmp_path)
    before = {t: query.query(catalogue, f"SELECT * FROM {t} ORDER BY ALL") for t in schema.TABLES}
    compact(catalogue)
    shutil.rmtree(tmp_path / "c" / "parts")
    after = {t: query.query(catalogue, f"SELECT * FROM {t} ORDER BY ALL") for t in schema.TABLES}
    assert before == after
    assert len(before["submissions"].rows) == len(CASES)


def test_rows_of_what_no_submission_stands_for_are_left_out(
    filled: Catalogue, tmp_path: Path
) -> None:
    catalogue = copied(filled, tmp_path)
    compact(catalogue)
    gone = catalogue.entries()[0]
    for path in (tmp_path / "c" / "entries").iterdir():
        if json.loads(path.read_text())["unit"] == gone.unit:
            path.unlink()
    left = {entry.unit for entry in catalogue.entries()}
    assert gone.unit not in left
    for _ in range(2):
        found = query.query(catalogue, "SELECT DISTINCT unit FROM claims")
        assert {row[0] for row in found.rows} == left
        compact(catalogue)


@pytest.mark.parametrize("form", ["csv", "arrow"])
def test_export_gives_every_row(form: str, filled: Catalogue) -> None:
    import pyarrow as pa

    found = dict(export(filled, form))
    assert {*schema.KNOWN, "entries"} == {name.partition(".")[0] for name in found}
    for table in ("components", "tensors", "entries"):
        count = query.query(filled, f"SELECT count(*) FROM {table}").rows[0][0]
        data = found[f"{table}.{form}"]
        if form == "csv":
            assert len(list(csv.DictReader(io.StringIO(data.decode())))) == count
        else:
            assert pa.ipc.open_file(data).read_all().num_rows == count


def test_what_a_spreadsheet_would_calculate_is_text_in_an_export(make_tree: MakeTree) -> None:
    catalogue = Catalogue.make(str(make_tree({"x": ""}) / "catalogue"), Question())
    tree = make_tree({"=1+1/main.py": "x = 1\n", "LICENSE": "MIT License\n"})
    assert (
        scan_submission(Submission("=cmd", str(tree), "x"), catalogue, Run("r")).state == "scanned"
    )
    text = dict(export(catalogue, "csv"))["entries.csv"].decode()
    names = [row["submission"] for row in csv.DictReader(io.StringIO(text))]
    assert names == ["'=cmd"]


def test_the_documented_schema_is_the_schema() -> None:
    assert PARQUET.read_text("utf-8") == schema.render_page()


def test_parquet_opens_without_us(filled: Catalogue) -> None:
    import pyarrow.parquet as pq

    for table in schema.TABLES:
        folder = Path(filled.store.path(f"parts/{table}"))
        for path in folder.iterdir():
            found = pq.read_table(path)
            assert found.schema.metadata[b"aisbom:version"] == str(schema.VERSION).encode()
            assert found.column_names == [name for name, _, _ in schema.TABLES[table]]


def test_the_commands(filled: Catalogue, tmp_path: Path) -> None:
    where = filled.store.path("")
    done = start("fleet", "query", where, "SELECT count(*) AS n FROM entries", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [{"n": len(CASES)}])
    done = start("fleet", "ask", where, "ranking", "--format", "csv")
    assert done.stdout.decode().startswith("submission,profile,")
    done = start("fleet", "ask", where, "rankin")
    assert (done.returncode, done.stderr) == (
        2,
        b"aisbom: no question 'rankin'; did you mean 'ranking'?\n",
    )


def test_a_spreadsheet_calculates_nothing(filled: Catalogue) -> None:
    where = str(filled.store.path(""))
    statement = """SELECT '=HYPERLINK("http://evil.example")' AS a, '-5' AS b, -5 AS c, 'x' AS d"""
    done = start("fleet", "query", where, statement, "--format", "csv")
    assert list(csv.reader(io.StringIO(done.stdout.decode())))[1] == [
        '\'=HYPERLINK("http://evil.example")',
        "'-5",
        "-5",
        "x",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"format": "aisbom-fleet-catalogue", "version": 99}', "use a newer aisbom"),
        ('{"format": "something else"}', "no description of a catalogue"),
        ("[" * 100_000, "no description of a catalogue"),
        ("", "no description of a catalogue"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_one_line(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "catalogue.json").write_text(text)
    with pytest.raises(UsageError, match=words):
        Catalogue.open(str(tmp_path))


@pytest.mark.parametrize(
    ("object_", "words"),
    [
        ("parts/functions", ("fleet", "query", "C", "SELECT count(*) FROM functions")),
        ("parts/components", ("fleet", "ask", "C", "models")),
        ("parts/functions", ("fleet", "match", "C", "-q")),
        ("parts/gaps", ("fleet", "compact", "C")),
        ("parts/gaps", ("fleet", "export", "C", "-o", "out")),
        ("documents", ("fleet", "rescore", "C", "--profile", "full-stack", "-q")),
        ("parts/scores", ("fleet", "report", "C", "-o", "page.html")),
    ],
)
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_object_is_named(
    object_: str, words: tuple[str, ...], damage: str, filled: Catalogue, tmp_path: Path
) -> None:
    """One line, which says how to have it made again; never a defect of the program."""
    copied(filled, tmp_path)
    victim = sorted((tmp_path / "c" / object_).iterdir())[0]
    if damage == "cut":
        victim.write_bytes(victim.read_bytes()[:50])
    else:
        victim.unlink()
    done = start(*(str(tmp_path / "c") if word == "C" else word for word in words), cwd=tmp_path)
    said = done.stderr.decode()
    assert done.returncode == 2, said
    unit = victim.name.partition(".")[0]
    assert f"{object_}/{victim.name} is not what was written; remove done/{unit}.json" in said
    assert said.count("\n") == 1


def test_a_statement_at_fault_is_no_damage(filled: Catalogue) -> None:
    with pytest.raises(UsageError, match=r"^SQL: "):
        query.query(filled, "SELECT CAST('x' AS INTEGER)")


def test_tables_of_a_newer_version_are_refused(filled: Catalogue, tmp_path: Path) -> None:
    catalogue = copied(filled, tmp_path)
    compact(catalogue)
    path = tmp_path / "c" / "tables.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "version": 99}))
    with pytest.raises(UsageError, match="use a newer aisbom"):
        query.query(catalogue, "SELECT 1")


def test_a_folder_with_something_else_in_it_is_no_catalogue(tmp_path: Path) -> None:
    from aisbom.fleet.question import Question

    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="is not empty and no catalogue"):
        Catalogue.make(str(tmp_path), Question())
