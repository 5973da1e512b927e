"""Which names a file gives their meaning: what it defines, assigns, takes as parameters. A renamer
may change these and no others.
"""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

from aisbom.codeprint.tokens import NAME, TokenStream
from aisbom.lazy_module import compile_later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PARAMETERS = compile_later(
    rb"\bdef[ \t]+\w+[ \t]*\(([^()]*+(?:\([^()]*+\)[^()]*+)*+)\)|\blambda[ \t]+([\w, \t]{0,200}+):"
)
_PARAMETER = compile_later(rb"(?:\A|,)[ \t\n]*\**([A-Za-z_]\w*)")
_TARGETS = compile_later(
    rb"\n[ \t]*\(?((?:[A-Za-z_][\w.]*+[ \t]*+,[ \t]*+)++[A-Za-z_][\w.]*+)\)?[ \t]*+=(?!=)|\bfor"
    rb"[ \t]++\(?([\w, \t]{1,60}?)\)?[ \t]++in\b"
)
_ANNOTATED = compile_later(rb"\n[ \t]++([A-Za-z_]\w*)[ \t]*:[ \t]*[A-Za-z\"']")
_WORD = compile_later(rb"[A-Za-z_]\w*")

_BEFORE = (b"def", b"class", b"self", b"for", b"as")
_PYTHON = frozenset(
    {
        *map(str.encode, keyword.kwlist),
        b"self",
        b"cls",
        b"forward",
        b"int",
        b"float",
        b"str",
        b"bool",
        b"tuple",
        b"list",
        b"dict",
    }
)
_OTHERS = frozenset(
    b"return const int float auto char void double bool mut unsigned signed long short static"
    b" inline struct class enum union if else for while do switch case break continue new delete"
    b" template typename typedef extern volatile public private protected virtual override"
    b" namespace using fn let var pub impl func type interface trait match in of as where def"
    b" size_t int32_t int64_t uint32_t uint64_t uint8_t half".split()
)


def own_names(file: TokenStream, kept: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Per distinct word, whether it is one of the file's own names. `kept` are the tokens that
    count.
    """
    import numpy as np

    own = np.zeros(len(file.words), bool)
    codes, kinds, number = file.codes[kept], file.kinds[kept], file.number
    own[codes[:-1][(kinds[:-1] == NAME) & (codes[1:] == number.get(b"=", -1))]] = True
    follows = kinds[1:] == NAME
    if file.family == "python":
        for word in _BEFORE:
            if word in number:
                own[codes[1:][follows & (codes[:-1] == number[word])]] = True
        for word in _assignments(file.text):
            if word in number:
                own[number[word]] = True
    else:
        # A name behind a name is declared: `int row`, `let width`, `const half* table`.
        speaks = np.array(
            [word in (b"return", b"else", b"case", b"in", b"new", b"as") for word in file.words],
            bool,
        )
        own[codes[1:][follows & (kinds[:-1] == NAME) & ~speaks[codes[:-1]]]] = True
        starred = np.flatnonzero(follows & (kinds[1:] == NAME))[1:]
        behind = starred[
            np.isin(codes[starred], [number.get(b"*", -1), number.get(b"&", -1)])
            & (kinds[starred - 1] == NAME)
        ]
        own[codes[behind + 1]] = True
    for word in _PYTHON if file.family == "python" else _OTHERS:
        if word in number:
            own[number[word]] = False
    return own


def _assignments(text: bytes) -> set[bytes]:
    """Names of parameters, of targets of unpacking, and of annotated fields."""
    found: set[bytes] = set(_ANNOTATED.findall(text))
    for parameters, plain in _PARAMETERS.findall(text):
        found.update(_PARAMETER.findall(parameters or plain))
    for targets, loop in _TARGETS.findall(text):
        # Of a dotted target the last name is the one that is set; the others are taken along, here
        # as in a copy.
        found.update(_WORD.findall(targets or loop))
    return found
