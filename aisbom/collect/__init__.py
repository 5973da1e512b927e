"""Collectors: one file per file format, registered here, one line each in `COLLECTORS`."""

from __future__ import annotations

from aisbom.collect.collector import Collector
from aisbom.collect.conan import conan_lock
from aisbom.collect.conda import conda_meta, environment_yml, pixi, pixi_lock
from aisbom.collect.containers import dockerfile
from aisbom.collect.models import (
    adapter_base,
    datasets,
    model_card,
    model_config,
    model_signature,
    network_config,
    tokenizers,
    training_log,
    unsafe_files,
    unsafe_settings,
    weights,
)
from aisbom.collect.ownership import (
    copied_code,
    credit,
    licence_sentences,
    notice_list,
    notices,
    readme_credits,
    reuse,
    reuse_notes,
)
from aisbom.collect.python import (
    distribution,
    pdm_lock,
    pipfile,
    poetry_lock,
    pylock,
    pyproject,
    requirements,
    setup_cfg,
    setup_py,
    uv_lock,
    vendor_txt,
)
from aisbom.collect.references import (
    mentions,
    network_classes,
    notebook,
    python_references,
    scripts,
    settings,
    unsafe_code,
)
from aisbom.collect.repository import git, gitmodules, other_manifests
from aisbom.collect.sbom import embedded_sbom

COLLECTORS: tuple[Collector, ...] = (
    adapter_base.COLLECTOR,
    conan_lock.COLLECTOR,
    conda_meta.COLLECTOR,
    environment_yml.COLLECTOR,
    credit.COLLECTOR,
    readme_credits.COLLECTOR,
    datasets.COLLECTOR,
    distribution.COLLECTOR,
    dockerfile.COLLECTOR,
    embedded_sbom.COLLECTOR,
    git.COLLECTOR,
    gitmodules.COLLECTOR,
    licence_sentences.COLLECTOR,
    mentions.COLLECTOR,
    model_card.COLLECTOR,
    model_config.COLLECTOR,
    model_signature.COLLECTOR,
    network_classes.COLLECTOR,
    network_config.COLLECTOR,
    notebook.COLLECTOR,
    notice_list.COLLECTOR,
    notices.COLLECTOR,
    notices.INSTALLED_COLLECTOR,
    other_manifests.COLLECTOR,
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
    reuse.COLLECTOR,
    reuse_notes.COLLECTOR,
    scripts.COLLECTOR,
    scripts.ENV_COLLECTOR,
    scripts.INI_COLLECTOR,
    scripts.MODELFILE_COLLECTOR,
    settings.COLLECTOR,
    setup_cfg.COLLECTOR,
    setup_py.COLLECTOR,
    tokenizers.COLLECTOR,
    training_log.COLLECTOR,
    unsafe_code.COLLECTOR,
    unsafe_files.COLLECTOR,
    unsafe_settings.COLLECTOR,
    uv_lock.COLLECTOR,
    vendor_txt.COLLECTOR,
    weights.COLLECTOR,
)


def collectors(own: str = "") -> tuple[Collector, ...]:
    """Every collector. One of them rests on the index of known code, which is opened now; `own` is
    the address that the scanned tree is published at, whose code is compared with that of others.
    """
    return (*COLLECTORS, copied_code.collector(own))
