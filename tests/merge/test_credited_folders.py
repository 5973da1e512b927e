"""Weights in a folder that a credit names are written down; others are not."""

from __future__ import annotations

from aisbom.merge.credited_folders import note_folder_credits
from aisbom.model import Component, Evidence, Location, Observation, facts
from aisbom.model.facts import SAID_SOURCE, SaidSource


def weights(path: str) -> Component:
    seen = Evidence("weights", "binary-analysis", "high", Location(path), sees="content")
    row = Observation("weights", path, "", "", seen)
    return Component(f"model:{path}", "file", path, "", "", (row,))


def credit(words: str, kind: str = "address") -> Observation:
    at = Evidence("credits", "manifest-analysis", "medium", Location("NOTICE", 4), words)
    return Observation("credit", "https://github.com/norae/m", "", "", at, facts(credit=kind))


def declared(path: str, *credits_: Observation) -> list[str]:
    [one] = note_folder_credits([weights(path)], credits_)
    return [str(o.evidence.at) for o in one.observations if o.evidence.sees != "content"]


def test_a_credit_that_names_the_folder_writes_its_weights_down() -> None:
    said = credit("The metric NORAE came from https://github.com/norae/m")
    assert declared("training/norae/weights/a.pth", said) == ["NOTICE:4"]
    assert not declared("training/other/weights/a.pth", said)


def test_a_folder_that_any_project_has_and_a_copyright_line_write_nothing_down() -> None:
    assert not declared("models/weights/a.pth", credit("our models and weights use norae"))
    assert not declared("norae/a.pth", credit("Copyright 2024 Norae", "holder"))


def test_code_that_names_the_repository_of_a_file_writes_it_down() -> None:
    at = Evidence("notices", "source-code-analysis", "high", Location("vad.py"), sees="content")
    said = SAID_SOURCE(SaidSource(11, "https://github.com/norae/norae-vad.", True))
    source = Observation("source", "vad.py", "", "", at, facts(said))
    assert declared("assets/norae_vad.onnx", source) == ["vad.py:11"]
    assert not declared("assets/other_vad.onnx", source)
