"""Pickles that run code and pickles that do not, beside what other scanners say of them: misses and
false alarms, ours and theirs.

    python -m benchmarks.unsafe_models [--scanners FOLDER]

FOLDER holds the console scripts of picklescan, fickling, modelscan or modelaudit (each installed
elsewhere); those that are not there are left out. Inputs are written here and nowhere loaded.
"""

from __future__ import annotations

import argparse
import pickle
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from aisbom.weights.read.source import Memory
from aisbom.weights.unsafe import examine
from tests.weights.unsafe.test_pickles import PLAIN, TRICKS, UNREAD, WAYS, call

NAMES = (
    "os.system",
    "torch.utils.collect_env.run",
    "pip.main",
    "pydoc.locate",
    "cProfile.run",
    "doctest.debug_script",
    "numpy.f2py.crackfortran.getlincoef",
    "logging.config._resolve",
    "idlelib.pyshell.ModifiedInterpreter",
    "ensurepip._run_pip",
    "torch.fx.graph_module.reduce_graph_module",
    "functools.partial",
)
FLAGS: dict[str, tuple[tuple[str, ...], Callable[[int], bool]]] = {
    "picklescan": (("--path",), lambda code: code == 1),
    "fickling": (("--check-safety",), lambda code: code != 0),
    "modelscan": (("--path",), lambda code: code == 1),
    "modelaudit": (("scan",), lambda code: code == 1),
}


def inputs() -> dict[str, tuple[bytes, bool]]:
    """`{name: (bytes, whether it runs code)}`."""
    found = {f"way: {name}": (data, True) for name, data in WAYS.items()}
    found |= {f"trick: {name}": (data, True) for name, (data, _) in TRICKS.items()}
    found |= {f"name: {name}": (call(*name.rsplit(".", 1)), True) for name in NAMES}
    for name, value in PLAIN.items():
        found |= {f"plain: {name} {p}": (pickle.dumps(value, p), False) for p in (2, 4)}
    return found


def ours(data: bytes) -> bool:
    return bool(examine(Memory(data), "m.pkl").hazards)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scanners", type=Path)
    folder = options.parse_args().scanners
    every = inputs()
    rows = {"aisbom": {name: ours(data) for name, (data, _) in every.items()}}
    with tempfile.TemporaryDirectory() as scratch:
        for scanner, (words, flagged) in FLAGS.items():
            program = folder / scanner if folder else None
            if program is None or not program.exists():
                continue
            rows[scanner] = {}
            for number, (name, (data, _)) in enumerate(every.items()):
                path = Path(scratch, f"{number}.pkl")
                path.write_bytes(data)
                done = subprocess.run(
                    [program, *words, path],
                    cwd=scratch,
                    capture_output=True,
                    timeout=120,
                    check=False,
                )
                if b"Traceback" in done.stderr and b"ModuleNotFoundError" in done.stderr:
                    raise SystemExit(f"{scanner} is not installed in full: {done.stderr[-200:]!r}")
                rows[scanner][name] = flagged(done.returncode)
    bad = [name for name, (_, runs) in every.items() if runs]
    good = [name for name, (_, runs) in every.items() if not runs]
    print(
        f"{len(bad)} that run code, {len(good)} that do not, {len(UNREAD)} that nobody can follow"
    )
    for scanner, said in rows.items():
        missed = [name for name in bad if not said[name]]
        alarms = [name for name in good if said[name]]
        print(f"{scanner:<12} misses {len(missed):>3}   false alarms {len(alarms):>3}")
    unsaid = [n for n, data in UNREAD.items() if not examine(Memory(data), "m.pkl").unread]
    print(f"aisbom passes over {len(unsaid)} of those that nobody can follow")


if __name__ == "__main__":
    main()
