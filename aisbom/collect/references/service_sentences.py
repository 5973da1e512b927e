"""Hosted services that the sentences of a document tell of: "translated with DeepL", "평가 모델은
GPT-4를 사용", and the address of a service beside words of hosting.

A sentence that compares, or gives the title of a paper, tells of no use. Whose service it is, the
knowledge says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from aisbom.collect.references.data_words import is_fence
from aisbom.collect.references.hosts import host_of
from aisbom.lazy_module import compile_later

MAX_LINE = 4_000
MAX_SAID = 60


class ServiceMention(NamedTuple):
    """A service that a sentence names: by what is served (`model`) or by its `host`."""

    line: int
    how: str
    name: str


_SERVED = (
    r"(?P<name>chatgpt|gpt[ \-]?(?:3\.5|4o|4\.1|4\.5|4|5)"
    r"(?:[ \-]?(?:turbo|vision|mini|nano|v)\b)?(?:-[a-z\d]{2,10}){0,3}"
    r"|text-davinci-\d{3}|claude(?:[ \-](?:v?\d(?:\.\d)?|opus|sonnet|haiku|instant)){0,3}"
    r"|gemini[ \-](?:\d(?:\.\d)?|pro|ultra|flash)(?:[ \-](?:pro|flash|ultra|lite)){0,2}"
    r"|deepl|papago|google translate)(?![a-z])"
)
_MADE = (
    r"(?:generat|translat|annotat|label|caption|synthesi[sz]|evaluat|judg|scor|grad|paraphras|rewrit"
    r"|distill|extract|summari[sz]|creat|construct|curat|polish|refin|filter|augment)\w*"
)
_ENGLISH = compile_later(
    rf"\b{_MADE}\b[^.;]{{0,80}}?\b(?:by|with|using|via|from|through|leveraging)\b[^.;]{{0,40}}?\b{_SERVED}",
    re.IGNORECASE,
)
_JOINED = compile_later(
    rf"\b{_SERVED}[ \-](?:generated|annotated|translated|judged|assisted|aided|evaluated|labell?ed"
    r"|synthesi[sz]ed|based (?:evaluation|scoring|judge))",
    re.IGNORECASE,
)
_USED = compile_later(
    rf"\b(?:use[ds]?|using|leverag\w+|employ\w*|prompt\w*|query|queried|ask\w*)\b[^.;]{{0,40}}?\b{_SERVED}"
    rf"[^.;]{{0,40}}?\b(?:to|as|for)\b[^.;]{{0,30}}?\b(?:{_MADE}|judge|evaluator|annotator|scorer)\b",
    re.IGNORECASE,
)
_JUDGES = compile_later(
    rf"\b{_SERVED}[\w.\-]{{0,20}} as (?:an? |the |our )?(?:\w+ )?"
    r"(?:judge|evaluator|annotator|scorer)\b",
    re.IGNORECASE,
)
_KOREAN = compile_later(
    rf"(?<![a-z]){_SERVED}[^.]{{0,30}}?(?:을|를|으로|로|이용|활용|사용|통해)[^.]{{0,60}}?"
    rf"(?:번역|평가|생성|라벨|합성|증강|채점|요약|정제)",
    re.IGNORECASE,
)
_KOREAN_FIRST = compile_later(
    rf"(?:번역|평가|생성|채점)[^.]{{0,20}}?(?<![a-z]){_SERVED}[^.]{{0,40}}?(?:사용|이용|활용)",
    re.IGNORECASE,
)
_CHINESE = compile_later(
    rf"(?:使用|采用|採用|用|由|通过|利用|调用|借助)[^。；]{{0,12}}?{_SERVED}[^。；]{{0,40}}?"
    r"(?:生成|翻译|翻譯|标注|標註|评测|评估|評估|打分|合成|构建|清洗|改写|评价|蒸馏)",
    re.IGNORECASE,
)
_JAPANESE = compile_later(
    rf"{_SERVED}[^。]{{0,12}}?(?:を用い|を使|で|により|によって)[^。]{{0,40}}?(?:生成|翻訳|評価|作成|合成|採点)",
    re.IGNORECASE,
)
_SENTENCES = (_ENGLISH, _JOINED, _USED, _JUDGES, _KOREAN, _KOREAN_FIRST, _CHINESE, _JAPANESE)
_NO_USE = compile_later(
    r"\b(?:compar\w+|outperform\w*|surpass\w*|better than|higher than|unlike|similar to|baselines?"
    r"|such as|e\.g\.|et\.? al|arxiv|proceedings|citation|inspired|instead of|rather than|not"
    r"|disadvantages?|drawbacks?|limitations?|costly|expensive|alternatives?)\b"
    r"|비교|능가|대신|않|相比|超越|对比|不使用|比較",
    re.IGNORECASE,
)
_ANY = compile_later(r"gpt|claude|gemini|deepl|papago|translate|davinci|://", re.IGNORECASE)
_SENTENCE = compile_later(r"(?<=[.!?])\s+|(?<=[。！？])")
_ADDRESS = compile_later(r"https?://[\w.\-]{4,100}[^\s)>\"']{0,300}")
_HOSTING = compile_later(
    r"\b(?:instances?|endpoints?|hosted|serverless|deploy\w*|inference|apis?|chat|playground)\b"
    r"|체험|배포|서비스|推理|部署|体验",
    re.IGNORECASE,
)


def find_service_mentions(text: str) -> Iterator[ServiceMention]:
    """The services that a document names, in the order of its lines; none inside of code."""
    count, fenced = 0, False
    for number, whole in enumerate(text.split("\n"), 1):
        if is_fence(whole):
            fenced = not fenced
        line = whole[:MAX_LINE]
        if fenced or not _ANY.search(line):
            continue
        for one in _of_line(line, number):
            count += 1
            if count > MAX_SAID:
                return
            yield one


def _of_line(line: str, number: int) -> Iterator[ServiceMention]:
    for sentence in _SENTENCE.split(line):
        if not _NO_USE.search(sentence):
            found = {m["name"] for pattern in _SENTENCES for m in pattern.finditer(sentence)}
            for name in sorted(found):
                yield ServiceMention(number, "model", _plain(name))
    if _HOSTING.search(_ADDRESS.sub("", line)):
        for match in _ADDRESS.finditer(line):
            if host := host_of(match[0]):
                yield ServiceMention(number, "host", host)


def _plain(name: str) -> str:
    """The name as providers spell those of models: `gpt-4-turbo` for `GPT4 Turbo`."""
    plain = re.sub(r"\s+", "-", name.lower().strip())
    return re.sub(r"^gpt(?=\d)", "gpt-", plain)
