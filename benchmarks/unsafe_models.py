"""Pickles that run code and pickles that do not, beside what other scanners say of them: misses and
false alarms, ours and theirs.

    python -m benchmarks.unsafe_models [--scanners FOLDER]

FOLDER holds the console scripts of picklescan, fickling, modelscan or modelaudit (each installed
elsewhere); those that are not there are left out. Inputs are written here and nowhere loaded.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import tempfile
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
_QUIET = {"PROMPTFOO_DISABLE_TELEMETRY": "1", "NO_ANALYTICS": "1", "DO_NOT_TRACK": "1"}


def _lines(program: Path, folder: Path) -> str:
    """What a scanner says of a folder, its log included."""
    words = {
        "picklescan": ("--path", folder),
        "modelscan": ("-p", folder, "-r", "json"),
        "modelaudit": ("scan", folder, "--format", "json"),
    }[program.name]
    done = subprocess.run(
        [program, *words],
        cwd=folder.parent,
        capture_output=True,
        timeout=900,
        check=False,
        text=True,
        env={**os.environ, **_QUIET},
    )
    if "ModuleNotFoundError" in done.stderr:
        raise SystemExit(f"{program.name} is not installed in full: {done.stderr[-200:]}")
    return done.stdout


def _picklescan(program: Path, folder: Path) -> set[str]:
    found = [line for line in _lines(program, folder).splitlines() if line.endswith("FOUND")]
    return {Path(line.partition(": ")[0]).name for line in found if "dangerous" in line}


def _modelscan(program: Path, folder: Path) -> set[str]:
    text = _lines(program, folder).replace("\n", "")
    issues = json.loads(text[text.index('{"summary"') :])["issues"]
    return {Path(issue["source"]).name for issue in issues}


def _modelaudit(program: Path, folder: Path) -> set[str]:
    text = _lines(program, folder)
    issues = json.loads(text[text.index("{") :])["issues"]
    grave = [issue for issue in issues if issue["severity"] in ("critical", "warning")]
    return {Path((issue["location"] or "").split(" ")[0]).name for issue in grave}


def _fickling(program: Path, folder: Path) -> set[str]:
    found = set()
    for path in sorted(folder.iterdir()):
        words = [program, "--check-safety", path.name, "--json-output", folder.parent / "f.json"]
        done = subprocess.run(words, cwd=folder, capture_output=True, timeout=60, check=False)
        if b"ModuleNotFoundError" in done.stderr:
            raise SystemExit(f"fickling is not installed in full: {done.stderr[-200:]!r}")
        if done.returncode:
            found.add(path.name)
    return found


SCANNERS = {
    "picklescan": _picklescan,
    "fickling": _fickling,
    "modelscan": _modelscan,
    "modelaudit": _modelaudit,
}
"""Each says which files of a folder it flags."""


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
        here = Path(scratch, "models")
        here.mkdir()
        names = {name: f"{number}.pkl" for number, name in enumerate(every)}
        for name, (data, _) in every.items():
            (here / names[name]).write_bytes(data)
        for scanner, flagged in SCANNERS.items():
            program = folder / scanner if folder else None
            if program is not None and program.exists():
                found = flagged(program.absolute(), here)
                rows[scanner] = {name: names[name] in found for name in every}
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
