"""Collectors: one file per file format, registered here, one line each."""

from __future__ import annotations

from aisbom.collect import (
    conda,
    distribution,
    embedded_sbom,
    git,
    gitmodules,
    model_card,
    model_config,
    notices,
    pdm_lock,
    pipfile,
    pixi,
    pixi_lock,
    poetry_lock,
    pylock,
    pyproject,
    python_references,
    requirements,
    setup_cfg,
    setup_py,
    uv_lock,
    weights,
)
from aisbom.collect.collector import Collector

COLLECTORS: tuple[Collector, ...] = (
    conda.COLLECTOR,
    distribution.COLLECTOR,
    embedded_sbom.COLLECTOR,
    git.COLLECTOR,
    gitmodules.COLLECTOR,
    model_card.COLLECTOR,
    model_config.COLLECTOR,
    notices.COLLECTOR,
    notices.INSTALLED_COLLECTOR,
    pdm_lock.COLLECTOR,
    pipfile.COLLECTOR,
    pipfile.LOCK_COLLECTOR,
    pixi.COLLECTOR,
    pixi_lock.COLLECTOR,
    poetry_lock.COLLECTOR,
    pylock.COLLECTOR,
    pyproject.COLLECTOR,
    python_references.COLLECTOR,
    requirements.COLLECTOR,
    setup_cfg.COLLECTOR,
    setup_py.COLLECTOR,
    uv_lock.COLLECTOR,
    weights.COLLECTOR,
)
