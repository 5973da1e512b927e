from __future__ import annotations

import json
import struct

import pytest

from aisbom.collect.models.training_log import COLLECTOR
from aisbom.model import Gap, Observation
from tests.conftest import MakeTree, collect
from tests.weights.builders import field, varint


def record(data: bytes) -> bytes:
    return struct.pack("<Q", len(data)) + bytes(4) + data + bytes(4)


def event(wall: float, step: int, tag: str, value: float, tensor: bool = False) -> bytes:
    number = struct.pack("<f", value)
    inner = field(8, field(1, 1) + field(4, number)) if tensor else varint(2 << 3 | 5) + number
    head = varint(1 << 3 | 1) + struct.pack("<d", wall) + field(2, step)
    return record(head + field(5, field(1, field(1, tag.encode()) + inner)))


def log(make_tree: MakeTree, name: str, content: str | bytes) -> dict[str, str]:
    (found,) = (
        row
        for row in collect(make_tree({name: content}), COLLECTOR)
        if isinstance(row, Observation)
    )
    facts = dict(found.facts)
    assert len(facts.pop("sha256")) == 64
    return facts


EXPECTED = {
    "points": "3",
    "first-step": "1",
    "last-step": "300",
    "loss-start": "10.8",
    "loss-end": "2.5",
}
STATE = {
    "log_history": [
        {"step": 300, "loss": 2.5},
        {"step": 1, "loss": 10.8},
        {"step": 100, "loss": 5.0},
        {"step": 300, "eval_loss": 1.0},
        3,
    ]
}
MEGATRON = """using world size: 64, data-parallel size: 8 on NVIDIA H100-SXM5-80GB
[2026-03-01 10:00:00] iteration        1/  300 | consumed samples: 1 | elapsed (ms): 3.0 | lm loss: 1.080000E+01 | grad norm: 1
[2026-03-01 11:00:00] iteration      100/  300 | consumed samples: 1 | lm loss: 5.0E+00 |
[2026-03-02 10:00:00] iteration      300/  300 | consumed samples: 1 | lm loss: 2.5 |
"""


@pytest.mark.parametrize(
    ("name", "content", "more"),
    [
        ("trainer_state.json", json.dumps(STATE), {"format": "trainer-state"}),
        (
            "run.jsonl",
            "\n".join(json.dumps(row) for row in STATE["log_history"]) + "\n{broken\n",
            {"format": "jsonl"},
        ),
        (
            "loss.csv",
            "step,loss,time\n1,10.8,2026-01-01 00:00:00\n100,5.0,\n300,2.5,x\n,,\n",
            {"format": "csv"},
        ),
        (
            "train.log",
            MEGATRON,
            {"format": "text", "world-size": "64", "hardware": "NVIDIA H100-SXM5-80GB"},
        ),
        (
            "events.out.tfevents.1.host",
            record(b"")
            + event(1.8e9, 1, "train/loss", 10.8)
            + event(1.8e9, 100, "train/loss", 5.0, tensor=True)
            + event(1.8e9, 1, "eval/loss", 1.0)
            + event(1.8e9, 1, "lr", 1.0)
            + event(1.8e9 + 3600, 300, "train/loss", 2.5)
            + b"\x05\0",
            {"format": "tensorboard"},
        ),
    ],
)
def test_formats(
    make_tree: MakeTree, name: str, content: str | bytes, more: dict[str, str]
) -> None:
    found = log(make_tree, name, content)
    started = {key: found.pop(key) for key in ("started", "ended") if key in found}
    assert found == EXPECTED | more
    if name == "train.log":
        assert started == {"started": "2026-03-01T10:00:00Z", "ended": "2026-03-02T10:00:00Z"}
    if name == "loss.csv":
        assert started == {"started": "2026-01-01T00:00:00Z", "ended": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data.jsonl", '{"text": "the loss of a step"}\n{"text": "x"}\n'),
        ("prices.csv", "day,profit_and_loss,step\n1,2,3\n"),
        ("server.log", "step into the office: a loss\n"),
        ("one.jsonl", '{"step": 1, "loss": 2}\n'),
        (
            "trainer_state.json",
            '{"log_history": [{"loss": "x", "step": 1}, {"loss": null, "step": 2}]}',
        ),
        ("events.out.tfevents.2", b""),
        (
            "odd.jsonl",
            (
                '{"step": 1, "loss": NaN}\n{"step": 2, "loss": Infinity}\n{"step": -3, "loss":'
                ' 1}\n{"step": true, "loss": 1}\n'
            ),
        ),
    ],
)
def test_other_files_are_no_logs(make_tree: MakeTree, name: str, content: str | bytes) -> None:
    assert collect(make_tree({name: content}), COLLECTOR) == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("trainer_state.json", '{"step": 1, "loss": ' + "[" * 100_000),
        ("trainer_state.json", '{"step loss"'),
        ("events.out.tfevents.3", struct.pack("<Q", 2**62) + bytes(8)),
        ("events.out.tfevents.4", record(b"\xff" * 30)),
    ],
)
def test_damaged_logs_are_gaps(make_tree: MakeTree, name: str, content: str | bytes) -> None:
    assert [type(row) for row in collect(make_tree({name: content}), COLLECTOR)] == [Gap]


def test_a_pickled_state_is_never_asked_for() -> None:
    assert not any(
        "training_args" in pattern or pattern.endswith(".bin") for pattern in COLLECTOR.patterns
    )
