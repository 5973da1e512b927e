"""Pages that Chinese, Korean and Japanese words at the top of a file say it was written after:
`https://norae.example/eval/ 를 바탕으로 작성됨`. Addresses of code are `code_addresses`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aisbom.lazy_module import compile_later
from aisbom.licences.code_addresses import (
    HOSTS,
    WRITTEN_AFTER,
    Address,
    Comments,
    trim_address,
)

_AFTER = compile_later("|".join(WRITTEN_AFTER))
_PAGE = compile_later(r"https?://[^\s<>\"'`,;|\\{}\[\]（）「」。、]+")
_ELSE = compile_later(
    r"论文|文档|教程|数据|权重|논문|문서|데이터|설명|사용법|論文|データ|ドキュメント"
)
"""Words for a paper, a page of documentation or data, after which a file may be written that holds
nobody's lines.
"""
_DEFINES = compile_later(
    rb"^(?:async[ \t]+)?(?:def|class|function|func|fn|struct|template)\b", re.M
)
_MOST = 200
"""Characters of a sentence and an address: more is more than one sentence."""


def find_pages(data: bytes) -> Iterator[Address]:
    """The pages, in order, that comments above all definitions of `data` name so."""
    places = sorted(
        {_line_of(data, at) for word in WRITTEN_AFTER for at in _find_all(data, word.encode())}
    )
    if not places:
        return
    definition = _DEFINES.search(data)
    comments = Comments(data)
    for start in places:
        if definition and start > definition.start():
            return
        block = comments.at(start)
        words = block.lines[-1] if block else ""
        page = _PAGE.search(words)
        if page and len(words) <= _MOST and _AFTER.search(words) and not _ELSE.search(words):
            url = trim_address(page[0])
            if not any(host in url.encode() for host in HOSTS):
                yield Address(data.count(b"\n", 0, start) + 1, words, url, True)


def _find_all(data: bytes, word: bytes) -> Iterator[int]:
    at = data.find(word)
    while at >= 0:
        yield at
        at = data.find(word, at + len(word))


def _line_of(data: bytes, at: int) -> int:
    return data.rfind(b"\n", 0, at) + 1
