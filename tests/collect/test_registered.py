"""The table of collectors and the modules that it names belong together."""

from __future__ import annotations

import importlib
from fnmatch import fnmatchcase

import pytest

from aisbom.collect import COLLECTORS, get_collector
from aisbom.collect.collector import Collector
from aisbom.collect.ownership.notices import LANGUAGES
from aisbom.collect.repository.other_manifests import LISTS
from aisbom.lazy_module import Function
from aisbom.weights.unsafe.files import PICKLED


@pytest.mark.parametrize("collector", COLLECTORS, ids=lambda collector: collector.name)
def test_every_entry_names_a_function_of_a_module_that_signs_its_rows_so(
    collector: Collector,
) -> None:
    function = collector.collect
    assert isinstance(function, Function)
    module = importlib.import_module(function.module)
    assert callable(function.resolve())
    assert collector.name in vars(module).values()


def test_no_two_collectors_have_one_name() -> None:
    assert len({collector.name for collector in COLLECTORS}) == len(COLLECTORS)


def test_a_collector_wants_every_kind_of_file_that_its_module_tells_apart() -> None:
    wanted = {
        "notices": [f"a.{ending}" for ending in LANGUAGES],
        "other-manifests": list(LISTS),
        "unsafe-files": [f"a.{ending}" for ending in PICKLED],
    }
    for name, files in wanted.items():
        patterns = get_collector(name).patterns
        missing = [f for f in files if not any(fnmatchcase(f, p) for p in patterns)]
        assert not missing, name
