from __future__ import annotations

from copy import copy

from aisbom.weights.read.stored import Note, about


def test_what_a_note_is_about_is_not_read_out_of_its_words() -> None:
    absent = Note("a remark", "absent")
    assert about([absent, "values unknown", "absent"], "absent") == [absent]
    assert f"{absent}" == "a remark"


def test_a_note_can_be_copied() -> None:
    note = copy(Note("x", "absent"))
    assert (note, note.about) == ("x", "absent")
