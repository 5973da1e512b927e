"""Weights that a package loads by a call of its own, and the same calls where they load none."""

from __future__ import annotations

import pytest

from aisbom.collect.references import package_weights, python_references
from aisbom.examine.hub_names import resolve_names
from aisbom.knowledge import load
from aisbom.model import Observation
from tests.conftest import MakeTree, collect


def found(make_tree: MakeTree, text: str) -> list[tuple[str, str]]:
    rows = collect(make_tree({"m.py": text}), python_references.COLLECTOR)
    return sorted(
        {
            (row.name, row.purl)
            for row in resolve_names(rows, load())
            if isinstance(row, Observation) and row.kind == "reference"
        }
    )


VISION = "import torchvision\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "from encodec import EncodecModel\nEncodecModel.encodec_model_24khz()",
            "facebook/encodec_24khz",
        ),
        (
            (
                "from huggingface_hub import hf_hub_download\nfrom moshi.models import loaders\n"
                "hf_hub_download(loaders.DEFAULT_REPO, loaders.MIMI_NAME)"
            ),
            "kyutai/moshiko-pytorch-bf16",
        ),
        (
            "from silero_vad import load_silero_vad\nload_silero_vad(onnx=True)",
            "snakers4/silero-vad:silero_vad",
        ),
        (
            (
                "import torchaudio\nNAMES = {'en': 'HUBERT_BASE'}\ndef load(lang):\n"
                "    bundle = torchaudio.pipelines.__dict__[NAMES[lang]]\n    return bundle.get_model()"
            ),
            "pytorch/audio:HUBERT_BASE",
        ),
        (
            "import torchaudio\ngetattr(torchaudio.pipelines, 'HUBERT_BASE').get_model()",
            "pytorch/audio:HUBERT_BASE",
        ),
        (
            "from resemblyzer import VoiceEncoder\nVoiceEncoder('cpu')",
            "resemble-ai/Resemblyzer:VoiceEncoder",
        ),
        ("import laion_clap\nlaion_clap.CLAP_Module()", "LAION-AI/CLAP:CLAP"),
        (
            (
                "from facenet_pytorch import InceptionResnetV1\n"
                "InceptionResnetV1(pretrained='vggface2').eval()"
            ),
            "timesler/facenet-pytorch:vggface2",
        ),
        (
            "from insightface.app import FaceAnalysis\nFaceAnalysis(providers=[])",
            "deepinsight/insightface:buffalo_l",
        ),
        (
            "from insightface.app import FaceAnalysis\nFaceAnalysis(name='antelopev2')",
            "deepinsight/insightface:antelopev2",
        ),
        ("import easyocr\neasyocr.Reader(['ko'])", "JaidedAI/EasyOCR:craft_mlt_25k"),
        ("from paddleocr import PaddleOCR\nPaddleOCR(lang='ch')", "PaddlePaddle/PaddleOCR:PP-OCR"),
        ("from rembg import new_session\nnew_session()", "xuebinqin/U-2-Net:u2net"),
        (
            "import rembg\nrembg.new_session('isnet-general-use')",
            "xuebinqin/DIS:isnet-general-use",
        ),
        (
            "from demucs.pretrained import get_model\nget_model('htdemucs')",
            "facebookresearch/demucs:htdemucs",
        ),
        (
            "import torchaudio\ntorchaudio.pipelines.HUBERT_BASE.get_model()",
            "pytorch/audio:HUBERT_BASE",
        ),
        (
            "import torchaudio\nB = torchaudio.pipelines.HUBERT_BASE\nm = B.get_model()",
            "pytorch/audio:HUBERT_BASE",
        ),
        (VISION + "torchvision.models.resnet50(pretrained=True)", "pytorch/vision:resnet50"),
        (VISION + "torchvision.models.resnet50(True)", "pytorch/vision:resnet50"),
        (
            (
                "from torchvision import models\n"
                "from torchvision.models import ResNet18_Weights\n"
                "models.resnet18(weights=ResNet18_Weights.DEFAULT)"
            ),
            "pytorch/vision:resnet18",
        ),
        (
            "import torchvision.models as tm\nW = tm.VGG16_Weights.IMAGENET1K_V1\ntm.vgg16(weights=W)",
            "pytorch/vision:vgg16",
        ),
        (VISION + "torchvision.models.get_model('vit_b_16', weights='DEFAULT')", "vit_b_16"),
        (
            VISION
            + "def net(p=False):\n    return torchvision.models.vgg19(pretrained=p)\nnet(p=True)",
            "pytorch/vision:vgg19",
        ),
        (
            "from tensorflow.keras.applications import ResNet50\nResNet50(include_top=False)",
            "keras-team/keras-applications:ResNet50",
        ),
        (
            "from TTS.api import TTS\nTTS('tts_models/multilingual/multi-dataset/xtts_v2')",
            "coqui/XTTS-v2",
        ),
        (
            "from TTS.api import TTS\nTTS(model_name='tts_models/en/ljspeech/vits')",
            "coqui-ai/TTS:tts_models/en/ljspeech/vits",
        ),
        (
            "from audiocraft.models import MusicGen\nMusicGen.get_pretrained('melody')",
            "facebook/musicgen-melody",
        ),
        (
            "from audiocraft.models import MusicGen\nMusicGen.get_pretrained('own/mg-small')",
            "own/mg-small",
        ),
        (
            "import s3tokenizer\ns3tokenizer.load_model('speech_tokenizer_v2_25hz')",
            "FunAudioLLM/CosyVoice:speech_tokenizer_v2_25hz",
        ),
        ("import dac\ndac.utils.download()", "descriptinc/descript-audio-codec:44khz"),
        (
            "import mediapipe as mp\nmp.solutions.face_mesh.FaceMesh()",
            "google-ai-edge/mediapipe:FaceMesh",
        ),
        (
            "import mediapipe as mp\nhands = mp.solutions.hands\nh = hands.Hands()",
            "google-ai-edge/mediapipe:Hands",
        ),
        (
            "from funasr import AutoModel\nAutoModel(vad_model='fsmn-vad')",
            "modelscope/FunASR:fsmn-vad",
        ),
        ("from ultralytics import YOLO\nYOLO('yolov8n.pt')", "ultralytics/ultralytics:yolov8n.pt"),
        ("import lpips\nlpips.LPIPS(net='vgg')", "richzhang/PerceptualSimilarity:vgg"),
    ],
)
def test_what_a_call_loads(make_tree: MakeTree, text: str, name: str) -> None:
    ((shown, purl),) = found(make_tree, text)
    assert shown.endswith(name)
    assert purl.startswith(("pkg:huggingface/", "pkg:github/"))


def test_ids_that_funasr_gets_are_of_modelscope(make_tree: MakeTree) -> None:
    text = "from funasr import AutoModel\nAutoModel(model='iic/SenseVoiceSmall')"
    assert found(make_tree, text) == [("iic/SenseVoiceSmall", "")]
    text = "from funasr import AutoModel\nAutoModel(model='own/asr-small', hub='hf')"
    assert found(make_tree, text) == [("own/asr-small", "pkg:huggingface/own/asr-small")]


@pytest.mark.parametrize(
    "text",
    [
        "from encodec import EncodecModel\nEncodecModel.encodec_model_24khz(pretrained=False)",
        "from facenet_pytorch import InceptionResnetV1\nInceptionResnetV1(classify=True)",
        "from facenet_pytorch import InceptionResnetV1\nInceptionResnetV1(pretrained=None)",
        VISION + "torchvision.models.resnet50()",
        VISION + "torchvision.models.resnet50(weights=None)",
        VISION + "torchvision.models.resnet50(pretrained=False, weights=None)",
        VISION + "torchvision.models.get_model('resnet50')",
        VISION + "torchvision.models.list_models(weights=True)",
        "from torchvision.models.utils import load_state_dict_from_url\nload_state_dict_from_url(URL)",
        "from torchvision.models.utils import load_state_dict_from_url\nload_state_dict_from_url('x')",
        VISION + "def net(p=False):\n    return torchvision.models.vgg19(pretrained=p)",
        VISION + "def net(**kw):\n    return torchvision.models.vgg19(weights=kw.get('w'))",
        "from tensorflow.keras.applications import ResNet50\nResNet50(weights=None)",
        "from tensorflow.keras.applications.resnet50 import preprocess_input\npreprocess_input(x)",
        "from ultralytics import YOLO\nYOLO('runs/detect/best.pt')\nYOLO('yolov8n.yaml')",
        "from ultralytics import YOLO\nYOLO(args.weights)",
        "from funasr import AutoModel\nAutoModel(model=folder)\nAutoModel(model='./asr')",
        "from mine import VoiceEncoder, AutoModel\nVoiceEncoder()\nAutoModel(model='fsmn-vad')",
        "import dac\ndac.DAC.load('own.pth')",
        "from TTS.api import TTS\nTTS(model_path='x.pth')",
    ],
)
def test_what_loads_nothing_is_silent(make_tree: MakeTree, text: str) -> None:
    assert found(make_tree, text) == []


def test_every_package_has_its_rows_in_the_knowledge() -> None:
    known = load().loader_names
    packages = {row.name.partition(":")[0] for row in known["package"].named.values()}
    packages |= {row.name.partition(":")[0] for row in known["github-package"].named.values()}
    asked = {interface.package for interface in package_weights.INTERFACES}
    asked |= {name.partition(".")[0] for name in package_weights.CONSTANTS}
    # One whose default is an id of the hub needs no row.
    assert asked - packages == {"kokoro"}
    assert packages <= asked


def test_a_folder_is_a_hint_of_what_is_loaded_from_it(make_tree: MakeTree) -> None:
    text = "from kokoro import KPipeline\nKPipeline(repo_id='weights/Norae-82M')"
    rows = collect(make_tree({"m.py": text}), python_references.COLLECTOR)
    assert [(r.name, r.fact("named-by")) for r in rows if isinstance(r, Observation)] == [
        ("Norae-82M", "folder")
    ]
