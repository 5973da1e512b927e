"""Collectors: one file per file format, registered here, one entry each in `COLLECTORS`.

What stands here is all that is known of a collector before a file asks for it: its module is
imported when the first file is met that it wants.
"""

from __future__ import annotations

from aisbom.collect.collector import Collector
from aisbom.collect.ownership import code_index
from aisbom.lazy_module import Function

_LICENCE_FILES = (
    *("LICENSE*", "LICENCE*", "UNLICENSE*", "*[-_ ]LICENSE*", "*[-_ ]LICENCE*"),
    *("*[-_ ]license", "*[-_ ]license.txt", "*[-_ ]license.md", "COPYING*", "NOTICE*"),
    *("License*", "Licence*", "license*", "licence*", "Notice*"),
)
_SOURCES = (
    *("*.py", "*.pyx", "*.c", "*.cc", "*.cpp", "*.h", "*.hpp", "*.cu", "*.cuh", "*.rs", "*.go"),
    *("*.js", "*.ts", "*.java", "*.sh", "*.pl", "*.pm", "*.perl", "*.vue", "*.svelte", "*.proto"),
)
_READMES = ("README", "Readme", "readme", "NOTES", "EVALUATION", "Evaluation", "evaluation")
_PROVENANCE = ("PROVENANCE", "UPSTREAM", "VENDOR", "ORIGIN")
_CREDITING = (
    *_READMES,
    *(case for stem in _PROVENANCE for case in (stem, stem.title(), stem.lower())),
)
_PICKLES = (
    *("*.pkl", "*.pickle", "*.joblib", "*.pt", "*.pth", "*.ckpt", "*.dill", "*.pt2", "*.ptl"),
    *("*.pck", "*.cloudpickle", "*.sav", "*.jit", "*.th", "*.torch", "*.pdparams", "*.pdopt"),
    "*.pickled",
)
_MAYBE_PICKLES = (
    *("*.bin", "*.npy", "*.npz", "*.p", "*.dat", "*.data", "*.model", "*.weights"),
    *("*.mar", "*.tar", "*.keras", "*.h5", "*.hdf5", "*.onnx", "*.gguf", "*.pb"),
)
_PACKED = ("*.gz", "*.bz2", "*.xz", "*.lzma", "*.zst", "*.lz4", "*.z", "*.7z")


def _from(module: str, name: str = "collect") -> Function:
    return Function(f"aisbom.collect.{module}", name)


COLLECTORS: tuple[Collector, ...] = (
    Collector(
        "adapter-base",
        2,
        ("adapter_config.json",),
        _from("models.adapter_base"),
        installed=True,
        sees="statement",
    ),
    Collector(
        "compiled-clients",
        5,
        ("*.go", "*.java", "*.kt", "*.kts", "*.scala", "*.cs", "*.rs"),
        _from("references.compiled_clients"),
        sees="reference",
    ),
    Collector("conan-lock", 1, ("conan.lock",), _from("conan.conan_lock"), sees="statement"),
    Collector("conda-meta", 1, ("conda-meta/*.json",), _from("conda.conda_meta"), sees="statement"),
    Collector("cog", 1, ("cog.yaml",), _from("containers.cog"), sees="statement"),
    Collector(
        "conda",
        1,
        ("environment*.yml", "environment*.yaml"),
        _from("conda.environment_yml"),
        sees="statement",
    ),
    Collector(
        "conda-by-content",
        1,
        ("*.yml", "*.yaml"),
        _from("conda.environment_by_content"),
        sees="statement",
    ),
    Collector(
        "credits",
        1,
        (
            *("NOTICE*", "Notice*", "THIRD*PARTY*", "ThirdParty*", "third*party*"),
            *("Third*Party*", "CREDITS*", "ACKNOWLEDG*", "COPYRIGHT*", "AUTHORS*"),
            *("CONTRIBUTORS*", "LICENSE*", "LICENCE*", "COPYING*"),
        ),
        _from("ownership.credit"),
        sees="statement",
    ),
    Collector(
        "readme-credits",
        11,
        (
            *(f"{stem}{end}" for stem in _CREDITING for end in ("*.md", "*.rst", "*.txt", "")),
            "docs/*.md",
        ),
        _from("ownership.readme_credits"),
        sees="statement",
    ),
    Collector(
        "dataset-metadata",
        1,
        (
            *("README.md", "dataset_infos.json", "croissant.json", "*.croissant.json"),
            *("metadata.croissant.json",),
        ),
        _from("models.datasets"),
        sees="statement",
    ),
    Collector(
        "distribution",
        2,
        ("*.dist-info/METADATA", "PKG-INFO", "*.egg-info"),
        _from("python.distribution"),
        installed=True,
        sees="statement",
    ),
    Collector(
        "dockerfile",
        3,
        (*("Dockerfile", "Dockerfile.*", "*.dockerfile", "*.Dockerfile"), *("Containerfile",)),
        _from("containers.dockerfile"),
        sees="statement",
    ),
    Collector(
        "embedded-sbom",
        4,
        (
            *("*.dist-info/sboms/*", "*.cdx.json", "*.cyclonedx.json", "*.spdx.json"),
            *("*.spdx3.json", "*.jsonld", "*.spdx", "*.spdx.yaml", "*.spdx.yml"),
            *("*.spdx.rdf", "*.sbom.json", "*.bom.json", "aibom.json", "bom.json"),
            *("sbom.json", "*.cdx.xml", "bom.xml"),
        ),
        _from("sbom.embedded_sbom"),
        installed=True,
        sees="statement",
    ),
    Collector("git", 1, (".git",), _from("repository.git"), sees="content"),
    Collector("gitmodules", 3, (".gitmodules",), _from("repository.gitmodules"), sees="statement"),
    Collector(
        "install-commands",
        3,
        ("*.sh", "*.bash", "README.md", "Readme.md", "readme.md"),
        _from("commands.install_commands"),
        sees="statement",
    ),
    Collector(
        "javascript-references",
        10,
        (
            *("*.ts", "*.tsx", "*.mts", "*.cts", "*.js", "*.jsx", "*.mjs", "*.cjs"),
            *("*.vue", "*.svelte"),
        ),
        _from("references.javascript"),
        sees="reference",
    ),
    Collector(
        "licence-sentences",
        9,
        ("README", "README.md", "README.rst", "README.txt", "Readme.md", "readme.md"),
        _from("ownership.licence_sentences"),
        sees="statement",
    ),
    Collector(
        "text-references",
        33,
        (
            *("*.py", "*.sh", "*.bash", "*.slurm", "*.yaml", "*.yml", "*.toml", "*.cfg"),
            *("*.ini", "*.conf", "*.jsonnet", "*.libsonnet", "*.jinja", "*.jinja2", "*.j2"),
            *("*.rst", "*.md", "*.mdx", "*.markdown", "Dockerfile*", "Makefile", "*.mk"),
            *("NOTICE*", "Notice*", "LICENSE*", "LICENCE*", "License*", "THIRD*PARTY*"),
            *("*.rs", "*.ts", "*.tsx", "*.go", "*.swift", "*.kt"),
        ),
        _from("references.mentions"),
        sees="reference",
    ),
    Collector(
        "model-card",
        9,
        ("README.md", "MODEL_CARD.md", "model_card.md", "modelcard.md"),
        _from("models.model_card"),
        installed=True,
        sees="statement",
    ),
    Collector(
        "model-config",
        6,
        (
            *("config.json", "adapter_config.json", "model_index.json"),
            *("tokenizer_config.json", "preprocessor_config.json", "processor_config.json"),
        ),
        _from("models.model_config"),
        installed=True,
        sees="content",
    ),
    Collector(
        "model-signature", 1, ("model.sig",), _from("models.model_signature"), sees="statement"
    ),
    Collector("network-classes", 2, ("*.py",), _from("references.network_classes"), sees="content"),
    Collector(
        "network-config",
        4,
        ("*.yaml", "*.yml", "*.toml", "*.json", "*.py"),
        _from("models.network_config"),
        sees="statement",
    ),
    Collector(
        "notebook-references", 30, ("*.ipynb",), _from("references.notebook"), sees="reference"
    ),
    Collector(
        "notice-list",
        2,
        (
            *("README.md", "README.rst", "README.txt", "README", "NOTICE", "NOTICE.md"),
            *("NOTICE.txt", "THIRD_PARTY*", "THIRD-PARTY*", "ThirdParty*"),
        ),
        _from("ownership.notice_list"),
        sees="statement",
    ),
    Collector(
        "notebook-installs",
        1,
        ("*.ipynb",),
        _from("commands.notebook_installs"),
        sees="statement",
    ),
    Collector(
        "notices",
        16,
        (*_SOURCES, *_LICENCE_FILES, "LICENSES/*.txt"),
        _from("ownership.notices"),
        sees="content",
    ),
    # PEP 639 keeps the paths that licence files had in the source below `licenses/`, where a file
    # may also have a name of its own.
    Collector(
        "distribution-licence",
        8,
        (*_LICENCE_FILES, "*.dist-info/licenses/*"),
        _from("ownership.notices", "collect_installed"),
        installed=True,
        sees="content",
    ),
    Collector(
        "other-manifests",
        1,
        (
            *("package.json", "go.mod", "Cargo.toml", "pom.xml", "build.gradle"),
            *("build.gradle.kts", "Gemfile", "composer.json", "Package.swift"),
            *("pubspec.yaml", "mix.exs"),
        ),
        _from("repository.other_manifests"),
        sees="statement",
    ),
    Collector("pdm-lock", 2, ("pdm.lock",), _from("python.pdm_lock"), sees="statement"),
    Collector("pipfile", 2, ("Pipfile",), _from("python.pipfile"), sees="statement"),
    Collector(
        "pipfile-lock",
        2,
        ("Pipfile.lock",),
        _from("python.pipfile", "collect_lock"),
        sees="statement",
    ),
    Collector("pixi", 2, ("pixi.toml", "pyproject.toml"), _from("conda.pixi"), sees="statement"),
    Collector("pixi-lock", 2, ("pixi.lock",), _from("conda.pixi_lock"), sees="statement"),
    Collector("poetry-lock", 2, ("poetry.lock",), _from("python.poetry_lock"), sees="statement"),
    Collector(
        "pylock", 3, ("pylock.toml", "pylock.*.toml"), _from("python.pylock"), sees="statement"
    ),
    Collector("pyproject", 3, ("pyproject.toml",), _from("python.pyproject"), sees="statement"),
    Collector(
        "python-references", 43, ("*.py",), _from("references.python_references"), sees="reference"
    ),
    Collector(
        "requirements",
        3,
        (
            *("requirements*.txt", "requirements*.in", "*requirements.txt"),
            *("*requirements.in", "*-requirements.txt", "requirements/*.txt"),
            *("requirements/*.in", "constraints*.txt"),
            # As people also call and misspell them.
            *("req.txt", "reqs.txt", "requirement*.txt", "requirment*.txt", "*requirement.txt"),
            *("*requirments.txt", "*_requirement.txt", "pip-requirements*.txt"),
        ),
        _from("python.requirements"),
        sees="statement",
    ),
    Collector("reuse", 1, ("REUSE.toml",), _from("ownership.reuse"), sees="statement"),
    Collector(
        "reuse-notes",
        1,
        ("*.license", ".reuse/dep5"),
        _from("ownership.reuse_notes"),
        sees="statement",
    ),
    Collector(
        "script-references",
        30,
        (
            *("*.sh", "*.bash", "*.slurm", "*.sbatch", "Makefile", "makefile", "*.mk"),
            *("justfile", "Dockerfile*", "*.Dockerfile", "Containerfile*"),
        ),
        _from("references.scripts", "collect_script"),
        sees="reference",
    ),
    Collector(
        "env-names",
        14,
        (*(".env", ".env[._-]*", "*.env", "env.example", "env.template", "env.sample"),),
        _from("references.scripts", "collect_env"),
        sees="reference",
    ),
    Collector(
        "ini-references",
        16,
        ("*.ini", "*.cfg", "*.conf", "*.properties", "*.gin", "*.jsonnet", "*.libsonnet"),
        _from("references.scripts", "collect_ini"),
        sees="reference",
    ),
    Collector(
        "modelfile",
        9,
        ("Modelfile*", "*.Modelfile", "*.modelfile"),
        _from("references.scripts", "collect_modelfile"),
        sees="reference",
    ),
    Collector(
        "settings-references",
        39,
        ("*.yaml", "*.yml", "*.toml", "*.json", "MLmodel"),
        _from("references.settings"),
        sees="reference",
    ),
    Collector("setup-cfg", 2, ("setup.cfg",), _from("python.setup_cfg"), sees="statement"),
    Collector("setup-py", 2, ("setup.py",), _from("python.setup_py"), sees="statement"),
    Collector(
        "tokenizers",
        1,
        (
            *("*.json", "*.model", "*.spm", "*.tiktoken", "*.bpe", "*.vocab", "vocab.txt"),
            *("merges.txt", "*bpe*.txt", "*bpe*.txt.gz", "*sentencepiece*", "*spiece*"),
            *("*spm*", "*tokenizer*.bin"),
        ),
        _from("models.tokenizers"),
        installed=True,
        sees="content",
    ),
    Collector(
        "training-log",
        1,
        ("trainer_state.json", "*.jsonl", "*.csv", "*.log", "events.out.tfevents.*"),
        _from("models.training_log"),
        sees="content",
    ),
    Collector(
        "unsafe-code", 2, ("*.py", "*.ipynb"), _from("references.unsafe_code"), sees="content"
    ),
    Collector(
        "unsafe-files",
        2,
        (*_PICKLES, *_MAYBE_PICKLES, *_PACKED),
        _from("models.beginnings"),
        installed=True,
        any_case=True,
        begins=_from("models.beginnings", "looks_unsafe"),
        sees="content",
    ),
    Collector(
        "unsafe-settings",
        1,
        (
            *("config.json", "tokenizer_config.json", "preprocessor_config.json"),
            *("processor_config.json", "generation_config.json", "model_index.json"),
            *("chat_template.json", "*.jinja", "*.jinja2"),
        ),
        _from("models.unsafe_settings"),
        sees="content",
    ),
    Collector("uv-lock", 3, ("uv.lock",), _from("python.uv_lock"), sees="statement"),
    Collector(
        "vendor-txt",
        1,
        ("vendor.txt", "vendored.txt"),
        _from("python.vendor_txt"),
        sees="statement",
    ),
    Collector(
        "weights",
        12,
        (
            *("*.safetensors", "*.safetensors.index.json", "*.gguf", "*.onnx", "*.pt"),
            *("*.pth", "*.ckpt", "*.th", "ggml-*.bin", "*pytorch_model*.bin"),
            *("adapter_model.bin", "*.jit", "*.h5", "*.hdf5", "*.keras", "*.tflite"),
            *("*.pdmodel", "*.pdiparams", "*.xml", "*.npz", "*.pkl", "*.pickle"),
            *("*.joblib", "*.joblib.*"),
        ),
        _from("models.weights"),
        installed=True,
        sees="content",
    ),
)

_BY_NAME = {collector.name: collector for collector in COLLECTORS}


def get_collector(name: str) -> Collector:
    """The collector of this name. Raises KeyError for any other."""
    return _BY_NAME[name]


def collectors(own: str = "") -> tuple[Collector, ...]:
    """Every collector. One of them rests on the index of known code, which is opened now; `own` is
    the address that the scanned tree is published at, whose code is compared with that of others.
    """
    return (*COLLECTORS, code_index.collector(own))
