"""Sentences of a document that say from what a model was made: "built on Qwen2.5", "X를 기반으로",
"基于 X", "X をベースに", "uses X as vision encoder", and rows of tables that name a part.

A sentence is a declaration of whoever wrote it. It is read where nothing in it denies, compares or
speaks of code, and every name in it that looks like that of a release is kept with the words that
lead to it. Which of them are models, the knowledge says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from aisbom.lazy_module import compile_later

MAX_LINE = 4_000
MAX_NAMES = 12
MAX_STATEMENTS = 200


class Statement(NamedTuple):
    """A name in a sentence on what a model was made from: `words` are those that say so, `part` is
    `vision-encoder`, `audio-encoder`, ... where the sentence says what it is for, else empty.
    """

    line: int
    name: str
    words: str
    part: str


_SENTENCE = compile_later(r"(?<=[.!?])\s+|(?<=[。！？])|\n")
# Behind these words stands what a model was made from.
_BEFORE = compile_later(
    r"\b(?:built|based|build|builds|trained|initiali[sz]ed|initiali[sz]ing|initiali[sz]es|derived"
    r"|distilled|fine-?tuned|adapted|developed|constructed|continu\w+|starting|starts|merged"
    r"|post-trained|pre-?trained|extends|extending|warm-started|comes)\b"
    r"[^.;:]{0,50}?\b(?:on top of|upon|on|from|of|with)\b"
    r"|\bfine-?tun(?:e|ing)\b(?= [^.;]{2,60}? on (?:an?|the|our) )"
    r"|\b(?:consists of|composed of|comprises|combines|connects|integrates)\b"
    r"|(?:基于|基於|(?<![可所])以(?=[^。；]{1,60}?(?:为|為))|采用|採用"
    r"|使用(?=[^。；]{1,60}?(?:作为|作為|为|初始化|继续|微调|训练|蒸馏|构建|基座))|从|從)",
    re.IGNORECASE,
)
# Before these words stands what a model was made from.
_BEHIND = compile_later(
    r"(?:[을를]|에|에서|으로부터|로부터)?(?:(?<!\s)\s++)?+(?:기반|바탕|토대|베이스|백본|초기화|파인튜닝|미세\s?조정|추가(?:로)?\s?학습"
    r"|추가\s?사전\s?학습|증류|인코더로|이어\s?학습)"
    r"|(?:を|に|から)?(?:ベース|基に|基づ|もとに|初期化|ファインチューニング|追加学習|継続事前学習|蒸留)"
    r"|(?:为|為|作为|作為)?(?:基座|底座|骨干|初始化|基础上|基礎上|蒸馏|微调|继续预训练)"
)
_OWN = compile_later(
    r"(?:pre-?)?trained\b.{0,40}\b(?:weights|models?|checkpoints?)\b.{0,10}\bof", re.IGNORECASE
)
_RELEASES = compile_later(r"\b(?:releas|open-?sourc|publish|upload)\w*", re.IGNORECASE)
"""`We release the pretrained weights of X`: X is what is released."""
_TOOLS = compile_later(r"(?:的)?(?:代码|代碼|脚本|文档|教程|指南|接口|コード| ?코드| ?스크립트)")
"""`X的微调代码`: the code to tune X."""
_USES = compile_later(
    r"\b(?:integrat|incorporat|inherit|reus|copi)\w+\b[^.;:]{2,60}?"
    r"\b(?:weights|parameters|checkpoints?)\b"
    r"|\b(?:use|uses|used|using|adopt|adopts|adopted|employ|employs|employed|leverag\w+|take|takes"
    r"|with|replace\w*)\b[^.;]{1,160}?\bas\b[^.;]{0,40}?\b(?:encoder|tower|backbone|decoder|vocoder"
    r"|tokenizer|llm|language model|base model|base llm|initiali[sz]ation)\b"
    r"|\b(?:our|the|as|and|a)\s+(?:base|default|backbone|foundation)"
    r"\s+(?:model|llm|language model)\b(?! (?:worker|name|path|class|config))"
    r"|\b(?:use|uses|used|using|adopt\w*|employ\w*)\b[^.;]{1,60}?\b(?:provided by|released by)\b"
    r"|\b(?:(?:vision|visual|image|audio|speech|text)[ -](?:encoder|tower|backbone|decoder)"
    r"|language model|llm|vocoder)s?\b (?:\w+ ){0,2}?(?:adopts?|uses?|employs?|reuses?"
    r"|(?:(?:is|was|are|were) )?(?:\w+ )?(?:taken|adopted|inherited|borrowed|loaded) from)\b"
    r"|(?:인코더|언어 ?모델|백본|LLM)(?:로는|으로는|로|으로|은|는|에는|에)\s"
    r"[^.。]{1,40}?(?:[을를]|의 것을) (?:[가-힣]{1,4} )?(?:사용|채택|활용|가져|재사용)"
    r"|[A-Za-z][\w.\-]{1,40}+ ?(?:(?:비전|시각|이미지|음성|오디오) ?인코더|언어 ?모델|LLM)"
    r"(?:[^.。]|\.(?=\d)){0,60}?(?:을|를) (?:결합|연결|조합|통합)"
    r"|(?:编码器|編碼器|语言模型|基座|骨干)(?:则|均)?(?:使用|采用|选用|来自)"
    r"|(?:エンコーダー?|言語モデル|バックボーン)(?:には|に|は|として)"
    r"[^。]{1,40}?(?:を|から)(?:使用|採用|用い|利用|流用)"
    r"|(?:作为|作為|として|을|를)[^.;。]{0,20}"
    r"(?:编码器|編碼器|エンコーダ|인코더|백본|骨干|バックボーン)",
    re.IGNORECASE,
)
# `..., and X as the visual encoder`, in a sentence that has said so of another part.
_USES_TOO = compile_later(
    r"(?:\band|,)\s+[^.;,]{2,80}?\sas\s[^.;,]{0,50}?"
    r"\b(?:encoder|tower|backbone|decoder|vocoder|tokenizer)\b",
    re.IGNORECASE,
)
_ENCODER = compile_later(
    r"(?<![\w/.\-])(?:"
    r"(?:Open[ -]?|EVA[ -]?|Meta)?CLIP(?:[ -]ViT[ -](?:big[gG]|[BLHgG]))?(?:[/-]\d{2})?"
    r"|ViT-bigG(?:[/-]\d{2})?|SigLIP|ImageBind|LanguageBind|InternViT|DINO|BLIP"
    r"|Whisper|HuBERT|WavLM|BEATs|CLAP|EnCodec|HiFi-GAN|BigVGAN|Vocos"
    r")(?![\w/.\-])",
    re.IGNORECASE | re.ASCII,
)
"""Encoders, codecs and vocoders that a sentence may name without a size or a version."""
_PART_WORDS = compile_later(
    r"(?:비전|시각|이미지|음성|오디오|텍스트|视觉|視覺|图像|圖像|音频|语音|語音|文本|視覚|画像|音声|テキスト)"
    r"[^\s,.。，]{0,3} ?(?:인코더|编码器|編碼器|エンコーダ)"
)
"""What a part is called in Korean, Chinese and Japanese."""
_NEAR_A_PART = 12
"""Characters between the name of an encoder and what it serves as: `CLIP을 비전 인코더로`."""
# What a name stands for, at the head of a row of a table or an item of a list.
_ROW = compile_later(
    r"(?P<head>base(?:[ -]?(?:model|llm|lm))?|backbone|(?:vision|visual|image|audio|speech|text)"
    r"[ -]?(?:encoder|tower|backbone|model)|language[ -]?model|llm(?:[ -]backbone)?|vocoder"
    r"|initiali[sz](?:ation|ed from)|derived from|finetuned from(?: model)?"
    r"|기반 ?모델|베이스 ?모델|(?:비전|시각|이미지|음성|오디오|텍스트) ?인코더|언어 ?모델|보코더"
    r"|基座模型|基础模型|(?:视觉|图像|音频|语音|文本)编码器|语言模型|声码器"
    r"|ベースモデル|(?:視覚|画像|音声|テキスト)エンコーダー?|言語モデル)"
    r"[\s*_`]{0,6}(?:[:：|]|は)",
    re.IGNORECASE,
)
# A step of a set-up: what it has one fetch, the product runs on.
_FETCHES = compile_later(
    r"\b(?:download|obtain|prepare|fetch|get)\b (?P<what>[^.;:]{2,90}?)"
    r"\b(?:models?|weights|checkpoints?|encoders?|vocoders?)\b",
    re.IGNORECASE,
)
_DENIES = compile_later(
    r"\b(?:not|n't|never|unlike|instead of|rather than|compar\w+|outperform\w*|surpass\w*|versus|vs"
    r"|baselines?|similar to|compatible|support\w*|such as|e\.g\.|inspired|thank\w*|acknowledg\w+"
    r"|(?-i:like [A-Z])\w*|cite|citation|bibtex|benchmark\w*|judge[ds]?|evaluat\w+|measured"
    r"|better than|higher than)\b"
    r"|아니|않|비교|지원|대비|예를 들|相比|对比|不是|支持|超越|为例|為例|例如|より|対応|例えば",
    re.IGNORECASE,
)
_CODE = compile_later(
    r"\b(?:code ?base|code|upstream|repositor(?:y|ies)|repo|implementation|framework|library"
    r"|script\w*|package|plugin|docker|tutorial|pipeline|api|demo|techniques?|methods?|papers?"
    r"|ideas?|recipes?)\b(?![^.]{0,40}\bbase model\b)"
    r"|镜像|鏡像|代码|代碼|仓库|框架|脚本|코드|도커|리포지토리",
    re.IGNORECASE,
)
_PARTS = (
    (
        "vision-encoder",
        compile_later(
            r"vision|visual|image|siglip|clip|vit\b|비전|시각|이미지|视觉|視覺|图像|圖像|視覚|画像",
            re.I,
        ),
    ),
    ("audio-encoder", compile_later(r"audio|speech|whisper|음성|오디오|音频|语音|語音|音声", re.I)),
    (
        "text-encoder",
        compile_later(r"text[ -]?encoder|텍스트 ?인코더|文本编码|テキストエンコーダ", re.I),
    ),
    ("vocoder", compile_later(r"vocoder", re.I)),
)
_LINK = compile_later(r"\[([^\]]{1,200})\]\([^)\s]{0,400}\)")
_MODEL_LINK = compile_later(
    r"\[(?P<text>[^\]/]{1,200})\]\(https?://(?:huggingface\.co|hf\.co)/(?P<id>[\w.\-]{2,96}/"
    r"(?P<name>[\w.\-]{2,96}))/?\)"
)
"""`[Norae 3 1B](https://huggingface.co/owner/norae-3-1b-it)`."""
_DATA_LINK = compile_later(
    r"\[[^\]]{1,200}\]\(https?://(?:www\.)?"
    r"(?:huggingface\.co|hf\.co|modelscope\.cn|kaggle\.com)/datasets/[^)\s]{0,400}\)"
)
"""`[LLaVA-1.5 Pre-train](https://huggingface.co/datasets/...)`: what has this name is data."""
_THANKS = compile_later(
    r"#{1,6}.*(?:acknowledg|credit|thanks|related|致谢|致謝|感谢|감사|참고|謝辞)", re.IGNORECASE
)
_OTHER_PROJECT = compile_later(
    r"\s*(?:[-*+]|\d+\.)\s+\**\[[^\]]{1,200}\]\(https?://(?:www\.)?(?:github|gitlab)\.com/[^)\s]{1,400}\)"
)
_SERVES_AS = compile_later(
    r"\s*(?:[-*+]|\d+\.)\s+[*_`\[]{0,4}(?P<name>[A-Za-z][\w.\- ]{1,60}?)[*_`\]]{0,4}"
    r"(?:\(https?://[^)\s]{1,400}\))?[*_`]{0,2}:?\s+(?:as|for)\s+(?P<what>(?:(?:the|our|a|an)\s+)?"
    r"(?:(?:llm|language model|text)\s+)?(?:backbone|base (?:model|llm)|language model"
    r"|(?:vision|visual|image|audio|speech) (?:encoder|encoding|tokenizer|codec)"
    r"|audio decoding|vocoder))\b",
    re.IGNORECASE,
)
"""An item that says what somebody else's model is in this one: `[X](page) as the LLM backbone`."""
_COMPARES = compile_later(
    r"(?:[-*+]\s+)?[^.。]{0,60}"
    r"(?:비교 ?(?:대상|모델)|baselines?|compared (?:with|to)|对比模型|比較対象)"
    r"[^.。]{0,20}[:：]",
    re.IGNORECASE,
)
_OURSELVES = compile_later(r"\b(?:we|our|ours|us|this)\b|우리|我们|我們|本", re.IGNORECASE)
_NAME = compile_later(
    r"(?<![A-Za-z0-9_/.\-#@=])(?:[A-Za-z0-9][A-Za-z0-9_.\-]{1,60}/|Stable (?:Video |Audio )?)?"
    r"[A-Za-z][A-Za-z0-9_.\-]{1,60}+"
    r"(?:/\d{2})?(?:[ -](?:v?\d[\d.]{0,8}[BM]?|Instruct|Base|Chat)(?![A-Za-z0-9_/])){0,3}+"
    r"(?!(?:은|는|이|가)(?![가-힣])|:\d|/)"
)
"""The subject of a Korean sentence (은, 는, 이, 가) is no base; what has a tag is an image, and
what has a slash behind it is a path.
"""
_DATA_BEHIND = compile_later(
    r"[ \-](?:(?!with|and|using|on|from|by|to|for)[\w\-]+ ){0,3}(?:data|datasets?|corpus|corpora)\b"
    r"|(?:(?![使用以和与在上通过经对])[\u4e00-\u9fff]){0,8}(?:数据|數據|语料)"
    r"| (?:[가-힣]{1,5} )?(?:데이터|말뭉치)|(?:の[\u3041-\u9fff]{1,6})?データ",
    re.IGNORECASE,
)
"""`LLaVA-150K instruction data`: what a name stands for that data follows."""
_NO_RELEASE = compile_later(
    r"(?:steps?|stages?|phase|part|section|figure|fig|table|chapter|version|level|option|round|page"
    r"|appendix|task|case|track|python|cuda|top)[ .].*"
    r"|(?:u?int|fp|bf|nf|float)\d{1,2}|[a-z0-9]+(?:_[a-z0-9]+){2,}"
    r"|.*-(?:style|like|inspired|compatible|type|format)|bm25\+?",
    re.IGNORECASE,
)
"""`Step 1`, `INT8`, `initialize_the_agent`, `Qwen2-style`: an order, a number format, a name of
code, an architecture.
"""
_PLACE = compile_later(r"(?<![\w.~)/])(?:~|\.{1,2})?/(?:[\w.\-]{1,60}/){1,12}(?=[\w.\-]*\d[bB]\b)")
"""`/data/models/`, before the name of a release with its size."""
_URL = compile_later(r"https?://[^\s)>\]]+")
_TRAINED_WITH = compile_later(
    r"\s*(?:(?P<key>base_model)|- model):\s+[\"']?(?P<id>[\w.\-]{2,96}/[\w.\-]{2,96})[\"']?\s*"
)
"""A line of the settings of a training or a merge that a card shows (axolotl, mergekit)."""
_OF_RELEASE = re.compile(r"[\d/]")
"""What every name of a release has: a number or an owner. A sentence without it names none."""


def statements(text: str, skip: int = 0) -> Iterator[Statement]:
    """The names that the prose behind the front matter of a card, the first `skip` lines, declares,
    and in a card also the settings of its training, in the order of the file.
    """
    count = 0
    merges = "merge_method:" in text
    fenced = ""
    thanks = False
    compared = -1
    for number, raw in enumerate(text.split("\n"), 1):
        mark = raw.lstrip()[:3]
        if mark in ("```", "~~~"):
            fenced = "" if fenced == mark else fenced or mark
            continue
        if fenced and skip and "model: " in raw and (shown := _TRAINED_WITH.fullmatch(raw)):
            if shown["key"] or merges:
                yield Statement(number, shown["id"], shown["key"] or "model", "")
            continue
        if not fenced and raw.startswith("#"):
            thanks = _THANKS.match(raw) is not None
        if number <= skip or fenced or not raw.strip():
            continue
        # Items under `compared with:` tell what other models were made from.
        item, indent = _is_item(raw), len(raw) - len(raw.lstrip())
        if compared >= 0 and item and indent >= compared:
            continue
        leads = raw.rstrip().endswith((":", "：")) and _COMPARES.fullmatch(raw.strip())
        compared = indent + item if leads else -1
        if item and (served := _read_what_serves(raw, number)):
            count += 1
            yield served
            continue
        # In a list of thanks, `[X](repository): a captioner based on Y` tells what X was made from.
        if thanks and _OTHER_PROJECT.match(raw) and not _OURSELVES.search(raw):
            continue
        for one in _of_line(raw[:MAX_LINE], number):
            count += 1
            if count > MAX_STATEMENTS:
                return
            yield one


def _read_what_serves(line: str, number: int) -> Statement | None:
    """What an item says that somebody else's model is in this one."""
    told = _SERVES_AS.match(line) if " as " in line or " for " in line else None
    if told is None or not (_is_release(told["name"]) or _ENCODER.fullmatch(told["name"])):
        return None
    return Statement(number, told["name"], told["what"], _part(told["what"]))


def _is_item(line: str) -> bool:
    """Whether a line begins an item of a list."""
    first = line.lstrip()
    return first[:2] in ("- ", "* ", "+ ") or first.partition(". ")[0].isdigit()


def _of_line(raw: str, number: int) -> Iterator[Statement]:
    line = _LINK.sub(r"\1", _MODEL_LINK.sub(_id_of_link, _DATA_LINK.sub(" ", raw)))
    line = _URL.sub(" ", line) if "://" in line else line
    if any(mark in line for mark in (" /", "[/", "./", "~/")):
        line = _PLACE.sub(" ", line)
    row = _ROW.search(line[:200])
    if row and line[: row.start()].strip(" \t|*_`-+>#") == "":
        for name in _names(line[row.end() :].split("|")[0][:200]):
            yield Statement(number, name, row["head"], _part(row["head"]))
        return
    if line.lstrip().startswith(("|", "#")):
        return
    for sentence in _SENTENCE.split(line):
        telling = _OF_RELEASE.search(sentence) is not None
        if not (telling or " as " in sentence or not sentence.isascii()) or _DENIES.search(
            sentence
        ):
            continue
        yield from _find_encoders(sentence, number)
        yield from _find_encoders_of_part(sentence, number)
        if telling:
            yield from _of_sentence(sentence, number)


def _id_of_link(match: re.Match[str]) -> str:
    """The id that a link leads to, where its words are a shorter form of its name."""
    folded = [re.sub(r"[^a-z0-9]", "", match[one].lower()) for one in ("text", "name")]
    return match["id"] if folded[0] and folded[1].startswith(folded[0]) else match[0]


def _of_sentence(sentence: str, number: int) -> Iterator[Statement]:
    if match := _USES.search(sentence):
        # Up to the end of a word: a piece of a name is another name.
        end = match.end() + 40
        while end < len(sentence) and not sentence[end].isspace():
            end += 1
        for name in _names(sentence[match.start() : end]):
            yield Statement(number, name, match[0][-40:], _part(match[0]))
    elif match := _BEFORE.search(sentence):
        if _CODE.search(sentence) or (_OWN.fullmatch(match[0]) and _RELEASES.search(sentence)):
            return
        for name in _names(sentence[match.end() : match.end() + 240]):
            yield Statement(number, name, match[0], "")
    elif (match := _FETCHES.search(sentence)) and not _CODE.search(sentence):
        for name in _names(match["what"]):
            yield Statement(number, name, match[0][:40], _part(match[0]))
    elif (match := _BEHIND.search(sentence)) and not _TOOLS.match(sentence, match.end()):
        for name in _names(sentence[: match.start() + 1]):
            yield Statement(number, name, match[0].strip(), "")


def _find_encoders(sentence: str, number: int) -> Iterator[Statement]:
    """`uses CLIP as the vision encoder`: encoders that are named by their family alone."""
    first = _USES.search(sentence) if " as " in sentence else None
    more = _USES_TOO.finditer(sentence, first.end()) if first else ()
    for match in (first, *more):
        part = _part(match[0]) if match else ""
        if match is None or not part:
            continue
        for name in _ENCODER.finditer(match[0].rpartition(" as ")[0]):
            if not _OF_RELEASE.search(name[0]):  # those are read as any release is
                yield Statement(number, name[0], match[0][-40:], part)


def _find_encoders_of_part(sentence: str, number: int) -> Iterator[Statement]:
    """The same in Korean, Chinese and Japanese, where either may stand first."""
    for part in _PART_WORDS.finditer(sentence) if not sentence.isascii() else ():
        start, end = max(0, part.start() - 40), part.end() + 40
        for name in _ENCODER.finditer(sentence, start, end):
            between = max(part.start() - name.end(), name.start() - part.end())
            if between <= _NEAR_A_PART and not _OF_RELEASE.search(name[0]):
                yield Statement(number, name[0], part[0], _part(part[0]))


def _names(text: str) -> Iterator[str]:
    """Words that look like the name of a release: with a number, or an id."""
    seen: set[str] = set()
    for match in _NAME.finditer(text):
        name = match[0].strip(" .-")
        if _DATA_BEHIND.match(text, match.end()):
            continue
        if name not in seen and _is_release(name):
            seen.add(name)
            yield name
        if len(seen) >= MAX_NAMES:
            return


def _is_release(name: str) -> bool:
    """Whether a name has a number or an owner, and is no measure (`on 50B`), path or file."""
    first = name.partition(" ")[0]
    return (
        _OF_RELEASE.search(name) is not None
        and not (first != name and first.islower())
        and not _NO_RELEASE.fullmatch(name)
        and not name.endswith((".py", ".md", ".json", ".sh", ".bin"))
    )


def _part(words: str) -> str:
    return next((part for part, pattern in _PARTS if pattern.search(words)), "")
