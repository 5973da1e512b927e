from __future__ import annotations

from copy import copy

from aisbom.weights.read.stored import Note, Runs, about


def test_what_a_note_is_about_is_not_read_out_of_its_words() -> None:
    call, absent = Note("x is not here", "call"), Note("contains a call to x", "absent")
    notes = [call, "contains a call to x: listed, never run", absent, "values unknown"]
    assert about(notes, "call") == [call]
    assert about(notes, "absent") == [absent]
    assert f"{call}" == "x is not here"


def test_a_broken_pickle_says_first_what_it_would_have_run() -> None:
    error = Runs([f"call {n}" for n in range(5)], "broken pickle: no STOP")
    assert str(error) == "call 0; call 1; call 2; broken pickle: no STOP"
    assert len(error.calls) == 5
    assert isinstance(error, ValueError)


def test_a_note_can_be_copied() -> None:
    note = copy(Note("x", "absent"))
    assert (note, note.about) == ("x", "absent")
