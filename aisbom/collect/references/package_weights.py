"""Calls by which a package loads weights of its own, without an id of a hub: `VoiceEncoder()`,
`resnet50(weights="DEFAULT")`, `YOLO("yolov8n.pt")`.

The interfaces stand here, as the packages document them; whose the weights are stands in the
knowledge (loader_names.csv, spaces `package` and `github-package`), by `package:name`. A call that
is told to load nothing pretrained is silent, and so is one of which that is not settled.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from aisbom.collect.models.hub_names import folder_name, hub_id
from aisbom.collect.references.expressions import Module
from aisbom.collect.references.python_names import Call
from aisbom.collect.references.python_values import Text
from aisbom.collect.references.rows import Place, Source
from aisbom.lazy_module import compile_later
from aisbom.model import Row


class Interface(NamedTuple):
    """A call that loads weights: `call` is matched against its dotted name.

    The name of the weights is `default`, with the groups of `call` filled in, unless the argument
    `keywords` (or the one at `position`) gives one. `switches` are arguments (keyword, position)
    that turn loading on or off, `on` whether it loads where none of them is given.
    """

    call: str
    package: str
    default: str = ""
    keywords: tuple[str, ...] = ()
    position: int = -1
    switches: tuple[tuple[str, int], ...] = ()
    on: bool = True
    part: str = "encoder"


_WEIGHTS = (("weights", -1), ("weights_backbone", -1))
_PRETRAINED = (("pretrained", 0), ("pretrained_backbone", -1), *_WEIGHTS)
_KERAS = r"(?:tensorflow\.)?keras\.(?:src\.)?applications(?:\.\w+)?\.(?P<name>[A-Z]\w+)"
_MEDIAPIPE = (
    r"mediapipe\.(?:python\.)?solutions\.\w+"
    r"\.(?P<name>FaceMesh|FaceDetection|Hands|Pose|Holistic|SelfieSegmentation|Objectron)"
)

INTERFACES: tuple[Interface, ...] = (
    Interface(
        r"encodec\.(?:\w+\.)?EncodecModel\.encodec_model_(?P<name>24khz|48khz)",
        *("encodec", "encodec_{name}"),
        switches=(("pretrained", 0),),
        part="codec",
    ),
    Interface(r"silero_vad\.(?:\w+\.)?load_silero_vad", "silero_vad", "silero_vad"),
    Interface(r"resemblyzer\.(?:\w+\.)?VoiceEncoder", "resemblyzer", "VoiceEncoder"),
    Interface(r"laion_clap\.(?:\w+\.)?CLAP_Module", "laion_clap", "CLAP"),
    Interface(
        r"facenet_pytorch\.(?:[\w.]+\.)?InceptionResnetV1",
        "facenet_pytorch",
        keywords=("pretrained",),
        position=0,
    ),
    Interface(r"facenet_pytorch\.(?:[\w.]+\.)?MTCNN", "facenet_pytorch", "MTCNN"),
    Interface(
        r"insightface\.app\.(?:\w+\.)?FaceAnalysis",
        *("insightface", "buffalo_l"),
        keywords=("name",),
        position=0,
    ),
    Interface(r"easyocr\.(?:\w+\.)?Reader", "easyocr", "craft_mlt_25k"),
    Interface(
        r"paddleocr\.(?:\w+\.)?(?:PaddleOCR|PPStructure\w*)",
        *("paddleocr", "PP-OCR"),
        keywords=("ocr_version",),
    ),
    Interface(
        r"rembg\.(?:\w+\.)?new_session",
        *("rembg", "u2net"),
        keywords=("model_name",),
        position=0,
    ),
    Interface(
        r"demucs\.pretrained\.get_model",
        "demucs",
        keywords=("name",),
        position=0,
        part="weights",
    ),
    Interface(
        r"demucs\.api\.Separator",
        *("demucs", "htdemucs"),
        keywords=("model",),
        position=0,
        part="weights",
    ),
    Interface(
        r"torchaudio\.(?:prototype\.)?pipelines\.(?P<name>[A-Z][A-Z0-9_]+)\.get_\w+",
        *("torchaudio", "{name}"),
    ),
    Interface(
        r"torchvision\.models\.(?:\w+\.)?get_model",
        "torchvision",
        keywords=("name",),
        position=0,
        switches=_WEIGHTS,
        on=False,
    ),
    Interface(
        r"torchvision\.models\.(?:[a-z]\w*\.)?(?!get_|list_|load_)(?P<name>[a-z]\w+)",
        *("torchvision", "{name}"),
        switches=_PRETRAINED,
        on=False,
    ),
    Interface(_KERAS, "keras", "{name}", switches=(("weights", 1),)),
    Interface(
        r"TTS\.api\.TTS",
        "coqui",
        keywords=("model_name",),
        position=0,
        part="weights",
    ),
    *(
        Interface(
            rf"audiocraft\.(?:\w+\.)+{name}\.get_pretrained",
            *("audiocraft", default),
            keywords=("name",),
            position=0,
            part="weights",
        )
        for name, default in (
            ("MusicGen", "facebook/musicgen-medium"),
            ("AudioGen", "facebook/audiogen-medium"),
            ("MAGNeT", "facebook/magnet-small-10secs"),
        )
    ),
    Interface(
        r"s3tokenizer\.load_model",
        "s3tokenizer",
        keywords=("name",),
        position=0,
        part="codec",
    ),
    Interface(
        r"dac\.utils\.download",
        *("dac", "44khz"),
        keywords=("model_type",),
        position=0,
        part="codec",
    ),
    Interface(_MEDIAPIPE, "mediapipe", "{name}"),
    *(
        Interface(
            r"funasr\.(?:\w+\.)*AutoModel",
            "funasr",
            keywords=(keyword,),
            part=part,
        )
        for keyword, part in (
            ("model", "weights"),
            ("vad_model", "encoder"),
            ("punc_model", "encoder"),
            ("spk_model", "encoder"),
        )
    ),
    Interface(
        r"ultralytics\.(?:\w+\.)*(?:YOLO|YOLOWorld|RTDETR|SAM|FastSAM|NAS)",
        "ultralytics",
        keywords=("model",),
        position=0,
    ),
    Interface(
        r"deepface\.DeepFace\.(?:verify|represent|find)",
        *("deepface", "VGG-Face"),
        keywords=("model_name",),
    ),
    Interface(
        r"lpips\.LPIPS",
        *("lpips", "alex"),
        keywords=("net",),
        switches=(("pretrained", 0), ("lpips", -1)),
    ),
    Interface(
        r"kokoro\.KPipeline",
        *("kokoro", "hexgrad/Kokoro-82M"),
        keywords=("repo_id",),
        part="weights",
    ),
    Interface(r"kiwipiepy\.Kiwi", "kiwipiepy", "kiwi"),
    Interface(r"face_recognition\.face_(?:encodings|locations)", "face_recognition", "dlib"),
    Interface(r"melo\.api\.TTS", "melo", keywords=("language",), position=0, part="weights"),
)
"""Documented in the READMEs of the packages; `loader_names.csv` has the page of each."""

CONSTANTS = frozenset({"moshi.models.loaders.DEFAULT_REPO"})
"""Names of packages for ids that a loader is given (moshi/models/loaders.py of moshi 0.2); the
knowledge has the ids.
"""

_PACKAGES = (
    *("encodec", "silero_vad", "resemblyzer", "laion_clap", "facenet_pytorch", "insightface"),
    *("easyocr", "paddleocr", "rembg", "demucs", "torchaudio", "torchvision", "keras", "TTS"),
    *("audiocraft", "s3tokenizer", "dac", "mediapipe", "funasr", "ultralytics", "deepface"),
    *("lpips", "kokoro", "kiwipiepy", "face_recognition", "melo", "moshi"),
)
_IMPORTED = rb"[ \t]*(?:from|import)[ \t]+(?:tensorflow|(?:%s)\b)" % b"|".join(
    name.encode() for name in _PACKAGES
)
_FIRST_LINE = re.compile(_IMPORTED)
_LATER_LINE = re.compile(rb"\n" + _IMPORTED)
_NAME = re.compile(r"[\w.+\-]{2,60}(?:/[\w.\-]{1,60}){0,3}")
_FIRST = frozenset({*_PACKAGES, "tensorflow"})


def is_imported(data: bytes) -> bool:
    """Whether a module imports one of the packages."""
    return _LATER_LINE.search(data) is not None or _FIRST_LINE.match(data) is not None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Interface], ...]:
    """Made when the first module is met that imports such a package."""
    return tuple((re.compile(one.call), one) for one in INTERFACES)


def rows(module: Module, call: Call, source: Source, place: Place) -> Iterator[Row]:
    """The weights that a call loads of its package; nothing where it is no such call."""
    for text in _bundles(module, call):
        yield source.observe_package_weights("torchaudio", text.value, *place(text.line), "encoder")
    dotted = _resolve_call_name(module, call)
    if dotted.partition(".")[0] not in _FIRST:
        return
    for pattern, interface in _patterns():
        match = pattern.fullmatch(dotted)
        if not match or not _loads(module, call, interface):
            continue
        more = {"loader": interface.package, "part": interface.part}
        if interface.package == "funasr" and not _from_hub(module, call):
            more["registry"] = "modelscope"
        for text in _texts(module, call, interface, match):
            at, words = place(text.line)
            if hub_id(text.value):
                yield from source.model(text.value, at, words, **more)
            elif text.value.count("/") == 1 and folder_name(text.value):
                loader = interface.package
                yield from source.read_path_hint(
                    text.value, at, words, loader=loader, part="weights"
                )
            elif not text.folder and _NAME.fullmatch(text.value):
                name = text.value
                yield source.observe_package_weights(
                    interface.package, name, at, words, interface.part
                )


def _texts(module: Module, call: Call, interface: Interface, match: re.Match[str]) -> list[Text]:
    """The names that the weights of a call may have."""
    node = module.argument(call, interface.position, interface.keywords)
    if node is not None:
        return module.texts(node, call.scope)
    name = interface.default.format(**match.groupdict())
    return [Text(name, call.node.lineno)] if name else []


def _from_hub(module: Module, call: Call) -> bool:
    node = module.argument(call, -1, ("hub",))
    return any(text.value in ("hf", "huggingface") for text in module.texts(node, call.scope))


def _loads(module: Module, call: Call, interface: Interface) -> bool:
    """Whether the switches of a call let it load weights."""
    given = [
        node
        for name, position in interface.switches
        if (node := module.argument(call, position, (name,))) is not None
    ]
    settled = [_is_on(module, node, call) for node in given]
    return all(settled) if interface.on else any(settled)


def _is_on(module: Module, node: ast.AST, call: Call) -> bool:
    """Whether an argument is true, a text, or a member of an enumeration of weights."""
    if isinstance(node, ast.Constant):
        return bool(node.value)
    if isinstance(node, ast.Attribute):
        parts = module.names.resolve_name(node).split(".")
        return any("Weights" in part for part in parts)
    bound = module.bound(node, call.scope) if isinstance(node, ast.Name) else []
    return any(_is_on(module, one, call) for one in bound if not isinstance(one, ast.Name))


def _bundles(module: Module, call: Call) -> Iterator[Text]:
    """The names of torchaudio's bundles, where a call of one that was taken by its name loads it:
    `torchaudio.pipelines.__dict__[name].get_model()`.
    """
    function = call.node.func
    if not isinstance(function, ast.Attribute) or not function.attr.startswith("get_"):
        return
    held = function.value
    for node in module.bound(held, call.scope) if isinstance(held, ast.Name) else [held]:
        key = None
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
            if _BUNDLES.fullmatch(module.names.resolve_name(node.value)):
                key = node.slice
        elif isinstance(node, ast.Call) and len(node.args) > 1:
            taken = isinstance(node.func, ast.Name) and node.func.id == "getattr"
            if taken and _BUNDLES.fullmatch(module.names.resolve_name(node.args[0])):
                key = node.args[1]
        if key is not None:
            yield from (one for one in module.texts(key, call.scope) if one.value.isupper())


_BUNDLES = compile_later(r"torchaudio\.(?:prototype\.)?pipelines(?:\.__dict__)?")


def _resolve_call_name(module: Module, call: Call) -> str:
    """The dotted name of a call; of a method of what a name stands for (`bundle.get_model()`), with
    what that is.
    """
    function = call.node.func
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return call.name
    if function.value.id in module.names.imports:
        return call.name
    for node in module.bound(function.value, call.scope):
        if isinstance(node, ast.Attribute):
            return f"{module.names.resolve_name(node)}.{function.attr}"
    return call.name
