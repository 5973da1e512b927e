"""Weights in a folder that a credit names are written down; others are not."""

from __future__ import annotations

from aisbom.merge.credited_folders import noted
from aisbom.model import Component, Evidence, Location, Observation, facts


def weights(path: str) -> Component:
    seen = Evidence("weights", "binary-analysis", "high", Location(path), sees="content")
    row = Observation("weights", path, "", "", seen)
    return Component(f"model:{path}", "file", path, "", "", (row,))


def credit(words: str, kind: str = "address") -> Observation:
    at = Evidence("credits", "manifest-analysis", "medium", Location("NOTICE", 4), words)
    return Observation("credit", "https://github.com/norae/m", "", "", at, facts(credit=kind))


def declared(path: str, *credits_: Observation) -> list[str]:
    [one] = noted([weights(path)], credits_)
    return [str(o.evidence.at) for o in one.observations if o.evidence.sees != "content"]


def test_a_credit_that_names_the_folder_writes_its_weights_down() -> None:
    said = credit("The metric NORAE came from https://github.com/norae/m")
    assert declared("training/norae/weights/a.pth", said) == ["NOTICE:4"]
    assert not declared("training/other/weights/a.pth", said)


def test_a_folder_that_any_project_has_and_a_copyright_line_write_nothing_down() -> None:
    assert not declared("models/weights/a.pth", credit("our models and weights use norae"))
    assert not declared("norae/a.pth", credit("Copyright 2024 Norae", "holder"))
