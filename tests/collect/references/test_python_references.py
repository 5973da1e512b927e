from __future__ import annotations

import pytest

from aisbom.collect.references import (
    client_packages,
    loaders,
    other_modules,
    python_references,
)
from aisbom.knowledge import load
from aisbom.model import Gap, Observation, Relation
from aisbom.source.tree import Unreadable
from tests.conftest import MakeTree, collect

HF = "from transformers import AutoModel, AutoTokenizer, AutoProcessor, pipeline\n"


def rows(make_tree: MakeTree, text: str | bytes, name: str = "m.py") -> list[Observation]:
    found = collect(make_tree({name: text}), python_references.COLLECTOR)
    return [r for r in found if isinstance(r, Observation) and r.evidence.at.path == name]


def names(make_tree: MakeTree, text: str, kind: str = "reference") -> set[str]:
    return {r.name for r in rows(make_tree, text) if r.kind == kind}


def test_a_table_of_one_setting_names_no_model(make_tree: MakeTree) -> None:
    text = 'scheduler = {"scheduler": s, "name": "trainer/lr-1", "monitor": "val/loss"}\n'
    told = {
        (r.name, r.fact("named-by"))
        for r in rows(make_tree, f"{HF}AutoModel.from_pretrained('own/mm')\n{text}")
    }
    # A word alone is believed of a known owner.
    assert told == {("own/mm", ""), ("trainer/lr-1", "word")}


@pytest.mark.parametrize(
    ("line", "name", "space"),
    [
        ("AutoModel.from_pretrained('own/mm')", "own/mm", "hub"),
        ("pipeline('text-generation', model='own/mm')", "own/mm", "hub"),
        ("import huggingface_hub as h\nh.snapshot_download(repo_id='own/mm')", "own/mm", "hub"),
        (
            "from sentence_transformers import SentenceTransformer as S\nS('all-MiniLM-L6-v2')",
            "all-MiniLM-L6-v2",
            "sentence-transformers",
        ),
        ("import timm\ntimm.create_model('resnet50', pretrained=True)", "resnet50", "timm"),
        (
            (
                "import open_clip\nopen_clip.create_model_and_transforms('ViT-B-32',"
                " pretrained='openai')"
            ),
            "ViT-B-32:openai",
            "open-clip",
        ),
        ("import torch\ntorch.hub.load('own/nets:main', 'entry')", "own/nets:entry", "torch-hub"),
        ("import whisper\nwhisper.load_model('base')", "base", "whisper"),
        (
            "from faster_whisper import WhisperModel\nWhisperModel('large-v3')",
            "large-v3",
            "faster-whisper",
        ),
        ("import spacy\nspacy.load('en_core_web_sm')", "en_core_web_sm", "spacy"),
        ("from vllm import LLM\nLLM(model='own/mm')", "own/mm", "hub"),
        ("import sglang\nsglang.Engine(model_path='own/mm')", "own/mm", "hub"),
    ],
)
def test_loaders(make_tree: MakeTree, line: str, name: str, space: str) -> None:
    found = [r for r in rows(make_tree, HF + line) if r.kind == "reference"]
    assert [(r.name, r.fact("space")) for r in found] == [(name, space)]


def test_place_revision_and_purl(make_tree: MakeTree) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    (row,) = rows(
        make_tree, f"{HF}NAME = 'Own/MM'\n\nAutoModel.from_pretrained(NAME, revision='{commit}')\n"
    )
    assert (row.evidence.at.path, row.evidence.at.line, row.evidence.excerpt) == (
        "m.py",
        2,
        "NAME = 'Own/MM'",
    )
    assert (row.purl, row.version) == (f"pkg:huggingface/Own/MM@{commit}", commit)
    (row,) = rows(make_tree, f"{HF}AutoModel.from_pretrained('own/mm', revision='main')\n", "n.py")[
        :1
    ]
    assert (row.purl, row.fact("revision")) == ("pkg:huggingface/own/mm", "main")


def test_parts(make_tree: MakeTree) -> None:
    text = HF + "AutoTokenizer.from_pretrained('own/tt')\nAutoProcessor.from_pretrained('own/pp')\n"
    text += "from peft import PeftModel\nPeftModel.from_pretrained(m, 'own/aa')"
    assert {r.name: r.fact("part") for r in rows(make_tree, text)} == {
        "own/tt": "tokenizer",
        "own/pp": "processor",
        "own/aa": "adapter",
    }


@pytest.mark.parametrize(
    "text",
    [
        "AutoModel.from_pretrained(name)",
        "AutoModel.from_pretrained('path/to')",
        "AutoModel.from_pretrained('your-org/your-model')",
        "AutoModel.from_pretrained(str)\nAutoModel.from_pretrained('user/model')",
        '"""Load it:\n\n    AutoModel.from_pretrained("own/doc")\n"""',
        "# AutoModel.from_pretrained('own/comment')",
        (
            "import timm\ntimm.create_model('resnet50')\ntimm.create_model('resnet18',"
            " pretrained=False)"
        ),
        "import open_clip\nopen_clip.create_model('ViT-B-32')",
        (
            "class Foo:\n    def from_pretrained(cls, name): pass\nprint('text/plain',"
            " 'rewards/chosen', 'own/unused')"
        ),
        "model.push_to_hub('own/pushed')",
        "from datasets import load_dataset\nload_dataset('json', data_files='x/y.json')",
    ],
)
def test_silence(make_tree: MakeTree, text: str) -> None:
    assert {
        r.name
        for r in rows(make_tree, HF + text)
        if r.kind in ("reference", "dataset") and "/" in r.name
    } == set()
    assert not [r for r in rows(make_tree, HF + text, "n.py") if r.kind == "dataset"]


def test_calls_that_are_not_settled_are_counted_and_placed(make_tree: MakeTree) -> None:
    found = rows(
        make_tree, HF + "x = 'own/mm'\nAutoModel.from_pretrained(a)\nAutoModel.from_pretrained(b)\n"
    )
    assert [f for r in found if (f := r.fact("unresolved-loader-calls"))] == ["2"]
    places = [(r.evidence.at.line, f) for r in found if (f := r.fact("unresolved-loader"))]
    assert [line for line, _ in places] == [3, 4]
    assert places[0][1].endswith(":3")


def test_of_many_open_calls_the_first_are_placed(make_tree: MakeTree) -> None:
    found = rows(make_tree, HF + "x = 'own/mm'\n" + "AutoModel.from_pretrained(a)\n" * 30)
    assert [f for r in found if (f := r.fact("unresolved-loader-calls"))] == ["30"]
    assert len([r for r in found if r.fact("unresolved-loader")]) == 20


def test_a_local_folder_is_a_relation(make_tree: MakeTree) -> None:
    found = collect(
        make_tree({"src/m.py": HF + "AutoModel.from_pretrained('./ckpt/a')"}),
        python_references.COLLECTOR,
    )
    assert {r.target for r in found if isinstance(r, Relation)} == {
        "path:src/ckpt/a",
        "path:ckpt/a",
    }
    assert not [r for r in found if isinstance(r, Observation)]


def test_weights_by_url_with_the_digest_that_the_code_states(make_tree: MakeTree) -> None:
    digest = "ab" * 32
    text = (
        "import urllib.request\nM = {'tiny':"
        f" 'https://files.example.org/models/{digest}/tiny.pt'}}\nurllib.request.urlretrieve(M['tiny'])"
    )
    (row,) = rows(make_tree, text)
    assert (row.name, row.fact("hash"), row.fact("download-host")) == (
        "tiny.pt",
        f"sha256:{digest}",
        "files.example.org",
    )
    assert not rows(make_tree, "M = 'https://files.example.org/tiny.pt'", "n.py"), (
        "nothing here downloads"
    )
    assert (
        rows(
            make_tree,
            "torch.hub.load_state_dict_from_url('https://e.org/x-0123abcd.pth?k=SECRET')",
            "o.py",
        )[0].fact("hash-prefix")
        == "0123abcd"
    )
    assert "SECRET" not in str(
        [
            r.facts
            for r in rows(
                make_tree,
                "torch.hub.load_state_dict_from_url('https://e.org/x.pth?k=SECRET')",
                "p.py",
            )
        ]
    )


def test_datasets(make_tree: MakeTree) -> None:
    text = (
        "from datasets import load_dataset\nfrom trl import"
        " SFTTrainer\nload_dataset('own/dd')\nload_dataset('squad')"
    )
    found = rows(make_tree, text)
    assert {(r.name, r.purl, r.fact("used-for")) for r in found} == {
        ("own/dd", "pkg:huggingface/datasets/own/dd", ""),
        ("squad", "", ""),
    }
    found = rows(make_tree, text + "\nSFTTrainer(model).train()", "t.py")
    assert {r.fact("used-for") for r in found} == {"training"}, "a file that trains"


def services(make_tree: MakeTree, text: str) -> list[tuple[str, str]]:
    return sorted(
        (r.name, r.fact("endpoint"))
        for r in rows(make_tree, text)
        if r.kind == "service" and r.fact("named-by") != "client"
    )


def test_clients_of_services(make_tree: MakeTree) -> None:
    assert services(make_tree, "from openai import OpenAI\nc = OpenAI(api_key=k)") == [
        ("openai.OpenAI", "")
    ]
    assert services(
        make_tree,
        "import openai\nc = openai.OpenAI(base_url='https://api.other.example/v1?k=s', api_key=k)",
    ) == [
        ("api.other.example", "api.other.example"),
        ("openai.OpenAI", "api.other.example"),
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000/v1",
        "http://10.1.2.3/v1",
        "http://vllm:8000/v1",
        "http://[::1]:1/v1",
        "http://x.internal/v1",
    ],
)
def test_a_server_of_ones_own_is_no_service(make_tree: MakeTree, url: str) -> None:
    found = services(
        make_tree, f"from openai import OpenAI\nc = OpenAI(base_url={url!r}, api_key=k)"
    )
    assert [name for name, *_ in found] == ["self-hosted"]
    assert "10.1.2.3" not in str(found), "which machine it is, is nobody's business"


def test_a_base_url_that_is_not_settled_names_no_provider(make_tree: MakeTree) -> None:
    assert (
        services(
            make_tree,
            "from openai import OpenAI\nc = OpenAI(base_url=url, api_key=k)\nd = OpenAI(**given)",
        )
        == []
    )
    assert services(
        make_tree,
        "from openai import OpenAI\ndef f(u=None):\n    return OpenAI(base_url=u, api_key=k)",
    ) == [("openai.OpenAI", "")]


@pytest.mark.parametrize(
    "data",
    [
        b"from transformers import AutoModel\nAutoModel.from_pretrained('own/mm'\n",
        b"AutoModel.from_pretrained('own/mm')\n\0\n",
        b"AutoModel.from_pretrained('own/mm')\nx = " + b"[" * 5000,
        b"AutoModel.from_pretrained('own/mm') #" + b"x" * (5 * 1024 * 1024),
        b"print 'own/mm', AutoModel.from_pretrained(x)\n",
    ],
)
def test_bad_files_are_gaps(make_tree: MakeTree, data: bytes) -> None:
    found = collect(make_tree({"m.py": data}), python_references.COLLECTOR)
    assert [type(r) for r in found] == [Gap]


def test_a_file_without_words_of_loaders_is_not_parsed(make_tree: MakeTree) -> None:
    assert collect(make_tree({"m.py": "def broken(:\n"}), python_references.COLLECTOR) == ()


def test_long_sums_and_many_names_end(make_tree: MakeTree) -> None:
    text = (
        HF
        + "x = "
        + " + ".join(["'a'"] * 800)
        + "\nAutoModel.from_pretrained(x)\nAutoModel.from_pretrained('own/mm')\n"
    )
    assert "own/mm" in {r.name for r in rows(make_tree, text)}


def test_every_client_of_the_knowledge_is_looked_for() -> None:
    named = {name for row in load().services for name in row.classes}
    python = {name for name in named if ":" not in name}
    assert {n for n in python if not loaders.within(n, client_packages.CLIENTS)} == set()
    scripts = {name for name in named if name.startswith("npm:")}
    assert {name.removeprefix("npm:") for name in scripts} == client_packages.SCRIPT_CLIENTS
    assert named - python - scripts == client_packages.COMPILED_CLIENTS


def test_what_a_module_of_a_package_does_when_started_by_itself_is_marked(
    make_tree: MakeTree,
) -> None:
    text = (
        "from transformers import AutoModel\nAutoModel.from_pretrained('own/used')\n"
        "if __name__ == '__main__':\n    AutoModel.from_pretrained('own/shown')\n"
    )
    rows = collect(
        make_tree(
            {
                **{"pkg/__init__.py": "", "pkg/a.py": text, "pkg/__main__.py": text},
                **{"script.py": text, "pkg/inner/b.py": text, "pkg/tools/c.py": text},
            }
        ),
        python_references.COLLECTOR,
    )
    marked = {
        (r.evidence.at.path, r.name): r.fact("main-guard")
        for r in rows
        if isinstance(r, Observation)
    }
    assert marked == {
        ("pkg/a.py", "own/used"): "",
        ("pkg/a.py", "own/shown"): "yes",
        ("pkg/inner/b.py", "own/used"): "",
        ("pkg/inner/b.py", "own/shown"): "yes",
        ("pkg/tools/c.py", "own/used"): "",
        ("pkg/tools/c.py", "own/shown"): "",  # a program
        ("pkg/__main__.py", "own/used"): "",
        ("pkg/__main__.py", "own/shown"): "",  # what `python -m pkg` starts
        ("script.py", "own/used"): "",
        ("script.py", "own/shown"): "",  # a script is there to be started
    }


def imported(
    make_tree: MakeTree, line: str, module: str = "MODEL_ID = 'own/llm'\n"
) -> list[tuple[str, int, str]]:
    files = {
        "app/pkg/__init__.py": module,
        "app/pkg/consts.py": module,
        "app/pkg/sub/use.py": line + "\nm = AutoModel.from_pretrained(MODEL_ID)\n",
    }
    files["app/pkg/sub/use.py"] = (
        "from transformers import AutoModel\n" + files["app/pkg/sub/use.py"]
    )
    found = collect(make_tree(files), python_references.COLLECTOR)
    return [
        (r.name, r.evidence.at.line, r.evidence.excerpt)
        for r in found
        if isinstance(r, Observation) and r.kind == "reference" and not r.fact("named-by")
    ]


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("from ..consts import MODEL_ID", "app/pkg/consts.py:1"),
        ("from .. import MODEL_ID", "app/pkg/__init__.py:1"),
        ("from pkg.consts import MODEL_ID", "app/pkg/consts.py:1"),
        ("from pkg.consts import (\n    OTHER,\n    MODEL_ID,\n)", "app/pkg/consts.py:1"),
    ],
)
def test_a_constant_of_a_module_beside(make_tree: MakeTree, line: str, where: str) -> None:
    ((name, at, excerpt),) = imported(make_tree, line)
    assert (name, at) == ("own/llm", line.count("\n") + 3)
    assert excerpt == f"m = AutoModel.from_pretrained(MODEL_ID) ({where}: MODEL_ID = 'own/llm')"


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("from elsewhere.consts import MODEL_ID", "MODEL_ID = 'own/llm'\n"),
        ("from ....consts import MODEL_ID", "MODEL_ID = 'own/llm'\n"),
        ("from ..consts import MODEL_ID", "MODEL_ID = f'own/{x}'\n"),
        ("from ..consts import MODEL_ID", "MODEL_ID = 'own/' + 'model'\n"),
        ("from ..consts import MODEL_ID", "from ..sub.use import MODEL_ID\n"),
        ("from .use import MODEL_ID", "MODEL_ID = 'own/llm'\n"),
    ],
)
def test_what_no_module_of_the_tree_settles_is_not_known(
    make_tree: MakeTree, line: str, module: str
) -> None:
    assert imported(make_tree, line, module) == []


def test_a_large_file_matters_only_where_it_names_a_loader(make_tree: MakeTree) -> None:
    table = b"x = 1\n" * 200_000
    assert collect(make_tree({"table.py": table}), python_references.COLLECTOR) == ()
    (gap,) = collect(
        make_tree({"m.py": table + b"AutoModel.from_pretrained('own/llm')\n"}),
        python_references.COLLECTOR,
    )
    assert isinstance(gap, Gap)
    assert "larger than 1,048,576 bytes" in gap.reason


def test_what_a_class_named_after_a_part_gets_first_is_an_id(make_tree: MakeTree) -> None:
    text = 'from .audio import NoraeTokenizer\nself.t = NoraeTokenizer("norae/voice-tokenizer")\n'
    (row,) = (r for r in rows(make_tree, text) if r.kind == "reference")
    assert (row.name, row.fact("part"), row.fact("named-by")) == (
        "norae/voice-tokenizer",
        "tokenizer",
        "key",
    )
    (row,) = (r for r in rows(make_tree, 'm = load_model("norae/voice-7b")\n'))
    assert row.fact("named-by") == "word", "a function may do anything with it"
    assert not rows(make_tree, 'log("norae/voice-7b")\nPath("norae/voice-7b")\n')


def test_what_documentation_quotes_is_no_use(make_tree: MakeTree) -> None:
    """Generated by every port of a network of transformers: nothing is loaded from there."""
    text = (
        '_CHECKPOINT_FOR_DOC = "norae/mm-tiny"\n'
        'NORAE_PRETRAINED_MODEL_ARCHIVE_LIST = ["norae/mm-tiny", "norae/mm-base"]\n'
    )
    assert not rows(make_tree, text)


def test_the_address_of_weights_under_a_name_that_promises_a_model(make_tree: MakeTree) -> None:
    """Whether the file downloads is another file's business."""
    url = "https://norae.example/blip/q_former.pth"
    assert names(make_tree, f'def net(q_former_model="{url}"):\n    pass\n') == {"q_former.pth"}
    assert not rows(make_tree, f'LOGO = "{url}"\n')


def test_a_file_beside_an_id_is_one_of_that_repository(make_tree: MakeTree) -> None:
    table = 'MODEL_PATHS = {{"big": {{{}"file_name": "norae_coarse_2.pt"}}}}\n'
    within = table.format('"repo_id": "norae-labs/norae", ')
    assert names(make_tree, within) == {"norae-labs/norae"}
    assert names(make_tree, table.format("")) == {"norae_coarse_2.pt"}


def test_where_a_result_goes_is_a_folder(make_tree: MakeTree) -> None:
    text = (
        "from transformers import AutoModel\n"
        "parser.add_argument('--lora_out_path', default='norae/merged-7b')\n"
        "AutoModel.from_pretrained(args.lora_out_path)\n"
    )
    assert not names(make_tree, text)


def tree_rows(
    make_tree: MakeTree, files: dict[str, str | bytes], path: str
) -> set[tuple[str, int]]:
    found = collect(make_tree(files), python_references.COLLECTOR)
    return {
        (r.name, r.evidence.at.line)
        for r in found
        if isinstance(r, Observation)
        and r.kind in ("reference", "dataset")
        and r.evidence.at.path == path
        and r.fact("named-by") not in ("text", "word")
    }


@pytest.mark.parametrize(
    ("consts", "name"),
    [
        ("from .names import MODEL_ID\n", "norae/mm-7b"),
        ("from . import names\nMODEL_ID = names.MODEL_ID\n", "norae/mm-7b"),
        ("OWNER = 'norae'\nMODEL_ID = f'{OWNER}/vv-1b'\n", "norae/vv-1b"),
        ("import os\nMODEL_ID = os.environ.get('M', 'norae/env-1b')\n", "norae/env-1b"),
        ("class Defaults:\n    ID = 'norae/cc-1b'\nMODEL_ID = Defaults.ID\n", "norae/cc-1b"),
        ("MODEL_ID = {'ko': 'norae/ko-1b'}['ko']\n", "norae/ko-1b"),
    ],
)
def test_constants_lead_through_several_modules(
    make_tree: MakeTree, consts: str, name: str
) -> None:
    use = "from pkg.consts import MODEL_ID\n" + HF + "AutoModel.from_pretrained(MODEL_ID)\n"
    files: dict[str, str | bytes] = {
        "pkg/__init__.py": "",
        "pkg/consts.py": consts,
        "pkg/names.py": "MODEL_ID = 'norae/mm-7b'\n",
        "scripts/use.py": use,
    }
    assert tree_rows(make_tree, files, "scripts/use.py") == {(name, 3)}


def test_a_circle_of_imports_ends(make_tree: MakeTree) -> None:
    files: dict[str, str | bytes] = {
        "a.py": "from b import MODEL_ID\n" + HF + "AutoModel.from_pretrained(MODEL_ID)\n",
        "b.py": "from a import MODEL_ID\n",
    }
    assert tree_rows(make_tree, files, "a.py") == set()


WRAPPERS = {
    "pkg/__init__.py": "from .towers import load_tower\n",
    "pkg/towers.py": HF
    + "from huggingface_hub import hf_hub_download\n"
    + "from torch.hub import load_state_dict_from_url\n"
    + "def load_tower(name, device='cpu'):\n    return AutoModel.from_pretrained(name)\n"
    + "def fetch(repo, file='m.pt'):\n    return hf_hub_download(repo_id=f'{repo}-hf')\n"
    + "def weights(url):\n    return load_state_dict_from_url(url)\n"
    + "class Ears:\n    def __init__(self, name):\n        self.name = name\n"
    + "    def build(self):\n        return AutoModel.from_pretrained(self.name)\n"
    + "def told(title):\n    print(title)\n    return AutoModel.from_pretrained('norae/fix-1b')\n",
    "pkg/outer.py": "from .towers import load_tower\n"
    "def tower_of(kind):\n    return load_tower(name=kind)\n",
}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("from pkg.towers import load_tower\nload_tower('norae/vv-1b')", "norae/vv-1b"),
        ("from pkg import load_tower\nload_tower('norae/vv-1b')", "norae/vv-1b"),
        ("from pkg import towers\ntowers.load_tower(name='norae/vv-1b')", "norae/vv-1b"),
        ("from pkg.outer import tower_of\ntower_of('norae/vv-1b')", "norae/vv-1b"),
        ("from pkg.towers import fetch\nfetch('norae/ears-1b')", "norae/ears-1b-hf"),
        ("from pkg.towers import Ears\nEars('norae/ears-1b')", "norae/ears-1b"),
        (
            "from pkg.towers import weights\nweights('https://norae.example/a/tower-1b.pth')",
            "tower-1b.pth",
        ),
    ],
)
def test_a_wrapper_in_another_module_passes_its_argument_on(
    make_tree: MakeTree, line: str, name: str
) -> None:
    use = line + "  # the model\n"
    found = tree_rows(make_tree, {**WRAPPERS, "use.py": f"model = 0\n{use}"}, "use.py")
    assert found == {(name, 3)}


def test_a_variable_that_is_called_like_a_module_leads_into_none(make_tree: MakeTree) -> None:
    files = {**WRAPPERS, "pkg/use.py": "towers = anything()\ntowers.load_tower('norae/vv-1b')\n"}
    assert tree_rows(make_tree, files, "pkg/use.py") == set()
    files["pkg/use.py"] = "import towers\ntowers.load_tower('norae/vv-1b')\n"
    assert tree_rows(make_tree, files, "pkg/use.py") == {("norae/vv-1b", 2)}


def test_modules_are_remembered_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is asked for again is not parsed again while what is remembered is small."""
    parsed: list[str] = []
    parse = other_modules.python_trees.parse_python
    monkeypatch.setattr(
        other_modules.python_trees, "parse_python", lambda text: parsed.append(text) or parse(text)
    )
    monkeypatch.setattr(other_modules, "_READ", {})
    monkeypatch.setattr(other_modules, "MAX_REMEMBERED", 100)
    first, second, large = "a = 1\n", "b = 1\n", f"c = {'1' * 90}\n"
    for text in (first, second, first, large, second):
        assert other_modules._names(text).top.names
    assert parsed == [first, second, large, second]  # the large one put the oldest out
    with pytest.raises(Unreadable, match="not Python"):
        other_modules._names("a = (")


@pytest.mark.parametrize(
    "line",
    [
        "from pkg.towers import told\ntold('norae/vv-1b')",
        "from pkg.towers import missing\nmissing('norae/vv-1b')",
        "from elsewhere.towers import load_tower\nload_tower('norae/vv-1b')",
        "from pkg.towers import load_tower\nload_tower(name, device='norae/gpu-1')",
        "from pkg.towers import load_tower\nload_tower(*names)",
        "from pkg.towers import weights\nweights('https://norae.example/a/picture.png')",
    ],
)
def test_what_a_function_elsewhere_does_not_load_is_nothing(make_tree: MakeTree, line: str) -> None:
    files = {**WRAPPERS, "use.py": f"name = model()\n{line}\n"}
    assert not {n for n, _ in tree_rows(make_tree, files, "use.py") if n != "norae/gpu-1"}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (
            "from detectron2 import model_zoo\nw = model_zoo.get_checkpoint_url('COCO-Detection/faster_rcnn_R_50_FPN_3x.yaml')",
            "facebookresearch/detectron2:COCO-Detection/faster_rcnn_R_50_FPN_3x",
        ),
        (
            "from detectron2.model_zoo import get\nm = get('LVIS/mask_1.yaml', trained=True)",
            "facebookresearch/detectron2:LVIS/mask_1",
        ),
        (
            "x = dict(init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50'))",
            "pytorch/vision:resnet50",
        ),
        ("pretrained = 'open-mmlab://resnet50_v1c'", "open-mmlab/mmcv:resnet50_v1c"),
        (
            "from mmdet.apis import DetInferencer\nDetInferencer(model='rtmdet_tiny_8xb32')",
            "open-mmlab/mmdetection:rtmdet_tiny_8xb32",
        ),
        (
            "import torch\nm = torch.hub.load('pytorch/fairseq', 'roberta.large')",
            "pytorch/fairseq:roberta.large",
        ),
    ],
)
def test_names_of_model_zoos(make_tree: MakeTree, line: str, name: str) -> None:
    (row,) = (r for r in rows(make_tree, line) if r.kind == "reference")
    assert row.name == name
    assert row.purl == f"pkg:github/{name.replace(':', '#')}"
    assert row.fact("repository") == name.partition(":")[0]


@pytest.mark.parametrize(
    "line",
    [
        "from detectron2.model_zoo import get\nm = get('LVIS/mask_1.yaml')",
        "from mmdet.apis import DetInferencer\nDetInferencer(model='configs/../x.py')",
        "x = 'ftp://torchvision/resnet50'",
        "import torchvision\nm = torchvision.models.resnet50()",
    ],
)
def test_an_untrained_network_of_a_zoo_is_no_model(make_tree: MakeTree, line: str) -> None:
    assert not [r for r in rows(make_tree, line) if r.kind == "reference"]


def test_a_file_of_a_repository_that_is_no_weights(make_tree: MakeTree) -> None:
    text = "from huggingface_hub import hf_hub_download\n"
    assert not names(make_tree, text + "hf_hub_download('norae/talk-7b', 'dist.tgz')\n")
    assert not names(make_tree, text + "hf_hub_download('norae/talk-7b', 'sample.wav')\n")
    assert names(make_tree, text + "hf_hub_download('norae/talk-7b', 'dist/model.bin')\n") == {
        "norae/talk-7b"
    }


def test_the_address_of_weights_in_a_table_of_networks(make_tree: MakeTree) -> None:
    url = "https://norae.example/net/tower_tiny_22k_224.pth"
    assert names(make_tree, f"cfg['url'] = '{url}'\n") == {"tower_tiny_22k_224.pth"}
    assert not names(make_tree, f"notes['page'] = '{url}'\n")


def test_a_client_of_ones_own(make_tree: MakeTree) -> None:
    text = "from langchain_anthropic import ChatAnthropic\nclass Ours(ChatAnthropic):\n    pass\n"
    assert services(make_tree, text) == [("langchain_anthropic.ChatAnthropic", "")]
    text = "from langchain_openai import ChatOpenAI\nclass Ours(ChatOpenAI):\n    pass\n"
    assert services(make_tree, text) == [], "whose server it is, nobody says"


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("NORAE_API_BASE = 'https://data.norae.example/v1'", "data.norae.example"),
        ("_API = 'https://talk.norae.example/{x}.json'", "talk.norae.example"),
        ("BASE_URL = 'https://norae.example/releases/download/'", ""),
        ("API_URL = 'http://localhost:8000'", ""),
        ("PAGE = 'https://talk.norae.example/x'", ""),
        ("API_DOCS = 'https://talk.norae.example/x'", ""),
    ],
)
def test_a_constant_that_holds_the_address_of_an_interface(
    make_tree: MakeTree, line: str, host: str
) -> None:
    found = rows(make_tree, f"model = 'norae/talk-7b'\n{line}\n")
    hosts = {r.fact("endpoint") for r in found if r.kind == "service"} - {"localhost:8000"}
    assert hosts == ({host} if host else set())


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ('AutoModel.from_pretrained(os.path.join(where, "Qwen2-7B"))', "Qwen2-7B"),
        ('VisionEncoder(os.path.join(where, "whisper-large-v3"), n=2)', "whisper-large-v3"),
        ('AutoModel.from_pretrained(f"{self.where}/whisper-large-v3")', "whisper-large-v3"),
        ('AutoModel.from_pretrained(f"{self.where}/{name}")', ""),
        ('AutoModel.from_pretrained(os.path.join(where, "last"))', ""),
        ("AutoModel.from_pretrained(os.path.join(where, name))", ""),
    ],
)
def test_the_last_name_of_a_path_whose_beginning_is_not_known(
    make_tree: MakeTree, call: str, name: str
) -> None:
    text = f"import os\nfrom transformers import AutoModel\ndef f(where, name):\n    {call}\n"
    rows = collect(make_tree({"a.py": text}), python_references.COLLECTOR)
    named = [r.name for r in rows if isinstance(r, Observation) and r.kind == "reference"]
    assert named == ([name] if name else [])


def test_a_field_that_a_class_made_from_it_sets(make_tree: MakeTree) -> None:
    text = (
        f"{HF}from own.consts import TALK_NAME\nclass A:\n    def f(self):\n"
        "        return AutoModel.from_pretrained(self.name)\nclass B(A):\n    name = 'own/talk'\n"
    )
    assert names(make_tree, text) == {"own/talk"}


def test_what_stands_under_an_id_is_told_of_it(make_tree: MakeTree) -> None:
    """The maps of configurations in files that were taken from transformers load nothing."""
    text = (
        'from transformers import PretrainedConfig\n_CHECKPOINT_FOR_DOC = "own/llm-7b"\n'
        "OWN_PRETRAINED_CONFIG_ARCHIVE_MAP = {\n"
        '    "own-hf/llm-7b": "https://huggingface.co/own-hf/llm-7b/resolve/main/config.json",\n}\n'
        "@add_code_sample_docstrings(checkpoint=_CHECKPOINT_FOR_DOC)\ndef forward(x):\n    return x\n"
    )
    rows = collect(make_tree({"configuration_own.py": text}), python_references.COLLECTOR)
    assert [r.name for r in rows if isinstance(r, Observation) and r.kind == "reference"] == []


def test_what_a_server_of_somebody_elses_is_asked_for_is_no_weights(make_tree: MakeTree) -> None:
    text = (
        "from openai import OpenAI\nc = OpenAI(api_key=k, base_url='https://api.other.example/v1')\n"
        "c.chat.completions.create(model='qwen2.5-72b-instruct')\n"
    )
    kinds = {r.kind for r in rows(make_tree, text)}
    assert kinds == {"service"}
    mine = rows(make_tree, text.replace("https://api.other.example", "http://localhost:1"), "b.py")
    assert "qwen2.5-72b-instruct" in {r.name for r in mine if r.kind == "reference"}


def test_the_default_of_a_setting_is_followed(make_tree: MakeTree) -> None:
    text = (
        "from transformers import AutoModel\n"
        "class M:\n    def f(self):\n        path = self.config.get('llm', 'own/llm')\n"
        "        return AutoModel.from_pretrained(path)\n"
    )
    assert "own/llm" in {r.name for r in rows(make_tree, text)}


def test_what_a_provider_beside_it_is_asked_for_is_no_weights(make_tree: MakeTree) -> None:
    served = 'x = {"planner_provider": "groq", "planner_model": "qwen2.5-7b-instruct"}\n'
    assert names(make_tree, served) == set()
    fields = (
        'class C:\n    writer_provider = "openai"\n    writer_model: str = "qwen2.5-7b-instruct"\n'
    )
    assert names(make_tree, fields) == set()
    own = served + 'y = {"planner_provider": "vllm"}\n'
    assert names(make_tree, own) == {"qwen2.5-7b-instruct"}
    other = 'x = {"planner_provider": "groq", "embedding_model": "qwen2.5-7b-instruct"}\n'
    assert names(make_tree, other) == {"qwen2.5-7b-instruct"}


def test_what_the_client_of_a_provider_asks_for_is_no_weights(make_tree: MakeTree) -> None:
    text = (
        "from langchain_upstage import ChatUpstage\nfrom langchain_ollama import ChatOllama\n"
        "a = ChatUpstage(model='solar-1-mini-chat')\nb = ChatOllama(model='qwen2.5-7b-instruct')\n"
    )
    named = {r.name for r in rows(make_tree, text) if r.kind == "reference"}
    assert named == {"qwen2.5-7b-instruct"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("MODEL_PATH_MAP = {'bert': 'bert-base-uncased', 'al': 'albert-base-v2'}\n", 2),
        ("MODELS = {'b': 'bert-base-uncased', 'al': 'albert-base-v2'}\n", 0),  # labels
        ("text_encoder_type = 'bert-base-uncased'\n", 1),
        ("model_type = 'bert-base-uncased'\n", 0),
    ],
)
def test_tables_that_lead_to_what_is_loaded(make_tree: MakeTree, text: str, told: int) -> None:
    found = rows(make_tree, HF + text + "AutoModel.from_pretrained('own/llm-7b')\n")
    assert len({r.name for r in found if r.kind == "reference"} - {"own/llm-7b"}) == told


def test_where_a_configuration_was_loaded_once_is_not_what_is_loaded(make_tree: MakeTree) -> None:
    text = "MODEL_PRESETS = {'norae': {'_name_or_path': 'own/norae-7b', 'hidden_size': 8}}\n"
    assert names(make_tree, text) == set()
    assert names(make_tree, text.replace("_name_or_path", "path")) == {"own/norae-7b"}


@pytest.mark.parametrize(
    "text",
    [
        "class Model(str, Enum):\n    WHISPER_TINY = 'whisper-tiny'\n",
        "Spec(name='Norae-7B-Chat', default_repo_id='own/norae')\n",
        "Preset(name='Norae-7B-Chat', model_spec=Spec(repo_id='own/norae'))\n",
    ],
)
def test_a_label_and_a_title_are_no_models(make_tree: MakeTree, text: str) -> None:
    assert names(make_tree, text) <= {"own/norae"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # A default of a mapping that is not settled, a field of a framework's own.
        ("n = c.get('X', 'own/mm')\nAutoModel.from_pretrained(n)", {"own/mm"}),
        ("class A:\n  model_name: str = Param('own/mm-1', help='x')\n", {"own/mm-1"}),
        # A table from repositories to their files, but none to anything else.
        ("MODELS = {'own/mm-1': 'norae-v1.pth'}\n", {"own/mm-1"}),
        ("MODELS = {'own/mm-1': 4096}\n", set()),
        ("model_urls = ['own/mm-1', 'own/mm-2']\n", {"own/mm-1", "own/mm-2"}),
        ("model_url = 'https://host.org/own/mm-1'\n", set()),
    ],
)
def test_defaults_and_tables(make_tree: MakeTree, text: str, told: set[str]) -> None:
    assert names(make_tree, HF + text) == told


@pytest.mark.parametrize(
    ("text", "name", "registry"),
    [
        (
            "import tensorflow_hub as hub\nhub.load('https://tfhub.dev/own/norae-large/3')",
            "own/norae-large",
            "tfhub",
        ),
        (
            "import kagglehub\nkagglehub.model_download('own/norae/keras/norae_2b')",
            "own/norae",
            "kaggle",
        ),
        ("import kagglehub\nkagglehub.dataset_download('own/songs')", "own/songs", "kaggle"),
    ],
)
def test_names_of_other_registries(
    make_tree: MakeTree, text: str, name: str, registry: str
) -> None:
    (row,) = rows(make_tree, text)
    assert (row.name, row.fact("registry"), row.purl) == (name, registry, "")


def test_ids_for_keys_of_a_table_of_models(make_tree: MakeTree) -> None:
    table = "MODEL_TABLE = {'own/mm-1': 'a.B', 'own/mm-2': 'a.C'}\n"
    (first, second) = rows(make_tree, HF + table)
    assert (first.name, first.fact("named-by")) == ("own/mm-1", "link")
    assert second.name == "own/mm-2"
    assert not rows(make_tree, HF + table.replace("MODEL_TABLE", "MODEL_PROMPT_TEMPLATES"))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("src/norae/llm.py", {"own/norae-7b"}),
        ("src/app/migrations/0017_model.py", set()),  # what once was
        ("alembic/versions/0123456789ab_model.py", set()),
    ],
)
def test_a_path_that_is_an_id_is_asked_whose_it_is(
    make_tree: MakeTree, path: str, found: set[str]
) -> None:
    text = "def load(path=None):\n    path = path if path else 'own/norae-7b'\n    return path\n"
    told = [row for row in rows(make_tree, text, path) if row.kind == "reference"]
    assert {row.name for row in told} == found
    assert all(row.fact("named-by") == "word" for row in told)


def test_the_folder_under_a_key_of_models_is_called_after_one(make_tree: MakeTree) -> None:
    text = "AutoModel.from_pretrained(x)\np.add_argument('--{}_dir', default='./models/Norae-7B')\n"
    assert names(make_tree, HF + text.format("norae_model")) == {"Norae-7B"}
    assert not names(make_tree, HF + text.format("save_model"))


def test_what_was_computed_is_no_network_at_any_address(make_tree: MakeTree) -> None:
    load = "torch.hub.load_state_dict_from_url('https://e.org/norae_{}.th')\n"
    assert rows(make_tree, load.format("large"))
    assert not rows(make_tree, load.format("stats"))


def test_a_constant_of_a_provider_is_asked_of_it(make_tree: MakeTree) -> None:
    told = "AutoModel.from_pretrained(x)\n{}_MODEL_NAME = 'gemma-7b-it'\n"
    assert names(make_tree, HF + told.format("CHAT")) == {"gemma-7b-it"}
    assert not names(make_tree, HF + told.format("GROQ"))


def test_a_class_that_lists_models(make_tree: MakeTree) -> None:
    text = "AutoModel.from_pretrained(x)\nclass {}(Enum):\n    en = 'own/mm-1'\n"
    assert names(make_tree, HF + text.format("DenseModels")) == {"own/mm-1"}
    assert not names(make_tree, HF + text.format("Colours"))


def test_what_code_compares_a_model_with_it_knows(make_tree: MakeTree) -> None:
    text = "import torch\nif args.model_name == 'own/norae-7b':\n    x = 1\n"
    assert names(make_tree, text) == {"own/norae-7b"}


def test_names_in_a_list_of_data_sets(make_tree: MakeTree) -> None:
    text = "AutoModel.from_pretrained('own/mm')\n"
    text += "dataset_split = {'hanul': ['train'], 'norae': ['test']}\n"
    told = {r.name: r.fact("named-by") for r in rows(make_tree, HF + text) if r.kind == "dataset"}
    assert told == {"hanul": "choice", "norae": "choice"}


def test_models_of_others_that_a_provider_serves(make_tree: MakeTree) -> None:
    text = "together_models = ['own/norae-7b']\n"
    assert "own/norae-7b" not in {
        r.name for r in rows(make_tree, HF + text) if r.fact("named-by") == "key" and r.purl
    }


def test_choices_of_an_option_for_a_model(make_tree: MakeTree) -> None:
    text = "p.add_argument('--model_name', choices=['own/norae-7b', 'hanul'])\n"
    assert "own/norae-7b" in names(make_tree, HF + text)


def test_a_name_that_may_be_a_folder_or_a_repository(make_tree: MakeTree) -> None:
    text = "import torch\nrepo_or_dir = 'own/norae'\ntorch.hub.load(repo_or_dir, 'net')\n"
    assert "own/norae:net" in names(make_tree, text)
