"""Training logs: the trainer state of transformers, JSON lines, tables, the text logs of Megatron
and its like, TensorBoard events.

What a log says is the word of whoever wrote it. Pickled states (`training_args.bin`) are never
opened.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from aisbom.collect import get_collector
from aisbom.collect.models import tfevents
from aisbom.collect.models.loss_curve import Curve, moment
from aisbom.model import Evidence, Gap, Observation, Row, facts
from aisbom.source import hashing
from aisbom.source.faults import fault
from aisbom.source.text import decode
from aisbom.source.tree import File, Unreadable

NAME = "training-log"
MAX_READ = 64 * 1024 * 1024
_HEAD = 64 * 1024

_STEPS = (
    "step",
    "global_step",
    "current_steps",
    "_step",
    "iteration",
    "iter",
    "steps",
    "train/global_step",
)
_LOSSES = (
    "loss",
    "train_loss",
    "train/loss",
    "training_loss",
    "lm_loss",
    "lm loss",
    "lm-loss",
    "Loss",
    "loss/train",
    "lm-loss-training/lm loss",
)
_TIMES = ("timestamp", "_timestamp", "wall_time", "time", "date", "datetime")
_TAG = re.compile(r"(?:^|[/ _-])loss(?:$|[/ _-])", re.IGNORECASE)
_TEXT = re.compile(
    r"(?:iteration|global_step|step|iter)[\"']?[ :=]+(?P<step>\d{1,12})\b(?:[^\n]{0,400}?)\b(?:lm["
    r" _-]loss|train_loss|loss)[\"']?[ :=]+"
    r"(?P<loss>\d{1,6}(?:\.\d{1,12})?(?:[eE][-+]?\d{1,3})?)\b"
)
_DATE = re.compile(r"20\d\d-[01]\d-[0-3]\d[T ][0-2]\d:[0-5]\d:[0-5]\d")


def collect(file: File) -> Iterator[Row]:
    """What a log says of one training: steps, losses, settings."""
    if file.name.startswith("events.out.tfevents"):
        yield from _events(file)
        return
    head = file.head(_HEAD)
    if b"loss" not in head.lower() or not re.search(rb"step|iter", head, re.IGNORECASE):
        return
    cut = file.size > MAX_READ
    curve = Curve()
    form = {"jsonl": "jsonl", "csv": "csv", "log": "text"}.get(
        file.name.rpartition(".")[2], "trainer-state"
    )
    if form == "trainer-state":
        if cut:
            raise Unreadable(f"larger than {MAX_READ:,} bytes: not read")
        _state(json.loads(decode(file.read(MAX_READ))), curve)
    else:
        text = decode(file.head(MAX_READ))
        {"jsonl": _json_lines, "csv": _table, "text": _lines}[form](text, curve)
    yield from _describe(file, form, curve, cut)


def _describe(file: File, form: str, curve: Curve, cut: bool) -> Iterator[Row]:
    found = curve.facts()
    if curve.points < 2:
        return
    excerpt = f"{curve.points} points"
    if cut:
        found = [pair for pair in found if pair[0] not in ("last-step", "loss-end", "ended")]
        yield Gap(
            NAME,
            file.at(),
            f"only the first {MAX_READ:,} bytes of this log were read: how it ends is not known",
        )
        found += [
            ("last-step", dict(curve.facts())["first-step"]),
            ("loss-end", dict(curve.facts())["loss-start"]),
        ]
    evidence = Evidence(NAME, "manifest-analysis", "medium", file.at(), excerpt)
    yield Observation(
        "training-log",
        file.name,
        "",
        "",
        evidence,
        facts(*found, format=form, sha256=_digest(file)),
    )


def _digest(file: File) -> str:
    with file.open() as stream:
        return hashing.sha256(stream)


def _state(data: Any, curve: Curve) -> None:
    history = data.get("log_history") if isinstance(data, dict) else None
    for row in history if isinstance(history, list) else []:
        if isinstance(row, dict):
            _row(row, curve)


def _json_lines(text: str, curve: Curve) -> None:
    for line in io.StringIO(text):
        if not line.startswith("{") or len(line) > 100_000:
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            _row(row, curve)
            if curve.points < 50:
                curve.words(line)


def _row(row: dict[str, Any], curve: Curve) -> None:
    step, loss = _first(row, _STEPS), _first(row, _LOSSES)
    if step is not None and loss is not None:
        curve.add(int(step), loss)
        for key in _TIMES:
            if found := moment(row.get(key)):
                curve.when(found)


def _first(row: dict[str, Any], keys: tuple[str, ...]) -> float | None:
    for key in keys:
        value = row.get(key)
        if isinstance(value, str) and re.fullmatch(
            r"-?\d{1,15}(?:\.\d{1,15})?(?:[eE][-+]?\d{1,3})?", value.strip()
        ):
            value = float(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53:
            return float(value)
    return None


def _table(text: str, curve: Curve) -> None:
    try:
        reader = csv.DictReader(io.StringIO(text))
        names = reader.fieldnames or []
        if not set(names) & set(_STEPS) or not set(names) & set(_LOSSES):
            return
        for row in reader:
            _row({key: value for key, value in row.items() if isinstance(key, str)}, curve)
            dates = [found for key in _TIMES if (found := moment(row.get(key)))]
            for found in dates[:1]:
                curve.when(found)
    except csv.Error as error:
        raise Unreadable(f"not a table: {fault(error)}") from error


def _lines(text: str, curve: Curve) -> None:
    for line in io.StringIO(text):
        short = line[:4000]
        if found := _TEXT.search(short):
            curve.add(int(found["step"]), float(found["loss"]))
            if date := _DATE.search(short):
                curve.when(moment(date[0]))
        else:
            curve.words(short)


def _events(file: File) -> Iterator[Row]:
    curves: dict[str, Curve] = {}
    with file.open() as stream:
        for scalar in tfevents.scalars(stream, MAX_READ):
            if _TAG.search(scalar.tag) and "eval" not in scalar.tag.lower() and len(curves) < 50:
                curve = curves.setdefault(scalar.tag, Curve())
                curve.add(scalar.step, scalar.value)
                if date := moment(scalar.wall):
                    curve.when(date)
    best = max(
        curves,
        key=lambda tag: (tag in _LOSSES, "train" in tag or tag == "loss", curves[tag].points, tag),
        default="",
    )
    if best:
        yield from _describe(file, "tensorboard", curves[best], file.size > MAX_READ)


COLLECTOR = get_collector(NAME)
