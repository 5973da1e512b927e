"""The words of the report in each of its languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Literal

from aisbom.model import Claim, Evidence
from aisbom.model.facts import SENTENCE, Sentence
from aisbom.model.phrases import FORMS, JOINS, WORDS, Phrase, spell
from aisbom.model.plain import plain
from aisbom.model.sentences import FORMS as SENTENCES
from aisbom.model.sentences import MOST, spell_sentence

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = ("en", "ko")


class _Counting(Formatter):
    """`{files:file|files}` is a number and the noun in the form that goes with it."""

    def format_field(self, value: Any, spec: str) -> str:
        if "|" not in spec:
            return str(super().format_field(value, spec))
        one, many = spec.split("|")
        return f"{value:,} {one if value == 1 else many}"


_FORMAT = _Counting()


class Words:
    """The texts of one language by key, `finding.foreign-part.what` for a text in tables."""

    def __init__(self, language: Language, rows: dict[str, str]) -> None:
        self.language = language
        self._rows = rows

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its places filled. Raises KeyError for a key that is in no
        catalogue.
        """
        text = self._rows[key]
        return _FORMAT.vformat(text, (), values) if values else text

    def get(self, key: str, otherwise: str) -> str:
        """The text of a key; `otherwise` where the catalogue has none (a word of a profile, or of a
        document of anybody).
        """
        found = self._rows.get(key)
        return plain(otherwise) if found is None else found

    def id(self, table: str, word: str) -> str:
        """A word of a fixed list as the language calls it: in English the word itself, which other
        programs read, too.
        """
        return plain(word) if self.language == "en" else self.get(f"{table}.{word}", word)

    def country(self, word: str) -> str:
        """A country, several behind commas, or a word for several: the code where the language has
        no name for it.
        """
        return ", ".join(self.get(f"country.{one}", one) for one in word.split(","))

    def name(self, name: str) -> str:
        """The name of a part as a reader is shown it: code at the top of the tree has none, and
        files that are one part are counted.
        """
        return self("top") if name == "." else plain(self.part(name))

    def part(self, name: str) -> str:
        """The name of a part; in this language where the program gave it itself."""
        return self._translate_text("name", name)

    def message(self, text: str) -> str:
        """What a collector said itself (why it could not look at something), in this language."""
        if self.language == "en":
            return plain(text)
        from aisbom.emit.html.messages import translate

        return plain(translate(text, self.language))

    def error(self, text: str) -> str:
        """What the program says of a mistake in what it was given, in this language. What somebody
        else says in it stays.
        """
        from aisbom.emit.html.messages import translate_error

        return translate_error(text, self.language)

    def rule(self, text: str) -> str:
        """A title or a sentence of a shipped profile or policy in this language; of one of
        somebody's own, as it is written.
        """
        return _rules(self.language).get(" ".join(text.split()), text)

    def sentence(self, said: Sentence | None) -> str:
        """The sentence of a finding in this language, `""` where its form has none."""
        form = said and SENTENCES.get(said.key)
        if said is None or form is None or self.rule(form) == form:
            return ""
        hazard = said.key.startswith("hazard-")
        values = map(self.message if hazard else self.name, said.values)
        return _FORMAT.vformat(self.rule(form), tuple(values), {})

    def evidence(self, one: Evidence) -> str:
        """What evidence says, in this language; what it quotes stays as it is."""
        return self._translate_text(one.by, one.excerpt, (one,))

    def value(self, claim: Claim) -> str:
        """The value of a claim in this language where it is a sentence, else as it is."""
        return self._translate_text(f"value/{claim.attribute}", claim.value, claim.evidence)

    def source(self, text: str) -> str:
        """What a cited row of the knowledge stands on, in this language; a name stays."""
        return self._translate_text("knowledge", text)

    def _translate_text(self, by: str, text: str, evidence: Iterable[Evidence] = ()) -> str:
        if self.language == "en":
            return text
        for sentence in {said for one in evidence for said in one.get(SENTENCE)}:
            if spell_sentence(sentence)[:MOST] == text and (said := self.sentence(sentence)):
                return said
        from aisbom.emit.html.evidence import translate_evidence

        return translate_evidence(by, text, self.language, self.get)

    def phrase(self, said: Phrase | str) -> str:
        """What was found of a requirement in this language; a text as it is written."""
        return spell(said if self.language == "en" else self._own_words(said), self._form)

    def _own_words(self, said: Phrase | str, attribute: str = "") -> Phrase | str:
        """The phrase with the names of parts, and the sentences that are values of an attribute,
        in this language.
        """
        if not isinstance(said, Phrase):
            return self._translate_text(f"value/{attribute}", said) if attribute else said
        first, *rest = said.values or ("",)
        if said.key in ("part", "part-at") and isinstance(first, str):
            return Phrase(said.key, (self.name(first), *map(self._own_words, rest)))
        if isinstance(first, Phrase) and first.key == "attribute":
            values = (self._own_words(one, first.values[0]) for one in rest)
            return Phrase(said.key, (first, *values))
        if said.key in WORDS:
            return said
        within = attribute if said.key in JOINS else ""
        return Phrase(said.key, tuple(self._own_words(one, within) for one in said.values))

    def _form(self, said: Phrase, values: list[str]) -> str:
        if said.key in JOINS:
            return self._rows.get(f"join.{said.key}", JOINS[said.key]).join(values)
        if said.key == "country":
            return ", ".join(map(self.country, values[0].split(",")))
        if said.key in WORDS and self.language != "en":
            return self.get(f"{said.key}.{values[0]}", values[0])
        return self.rule(FORMS[said.key]).format(*values) if said.key in FORMS else values[0]

    @property
    def keys(self) -> frozenset[str]:
        """Every key of the catalogue."""
        return frozenset(self._rows)


@cache
def words(language: Language) -> Words:
    """The catalogue of a language."""
    data = tomllib.loads((files("aisbom.emit.html") / f"{language}.toml").read_text("utf-8"))
    rows: dict[str, str] = {}

    def take(table: dict[str, object], above: str) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                take(value, f"{above}{key}.")
            else:
                rows[above + key] = str(value)

    take(data, "")
    return Words(language, rows)


@cache
def _rules(language: Language) -> dict[str, str]:
    """The sentences of the shipped rules by their English text; English needs no table."""
    file = files("aisbom.emit.html") / f"rules.{language}.toml"
    if not file.is_file():
        return {}
    tables = tomllib.loads(file.read_text("utf-8")).values()
    return {" ".join(key.split()): value for table in tables for key, value in table.items()}
