"""The recognisers' input: the table of sentences, the styles' names, and sentences as people say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import msgspec

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_sources, read_table, read_understander, read_usage
from musearoo.bridge.speech.recognition.build_cache import digest_of, keep_build
from musearoo.bridge.speech.recognition.choice import Chooser
from musearoo.bridge.speech.recognition.dictionary import Dictionary, read_entries, read_excerpt
from musearoo.bridge.speech.recognition.sphinx import SphinxGrammar, build_grammar
from musearoo.bridge.speech.recognition.word_graph import WordGraph, compile_grammar
from musearoo.engines.language.grammar.expected import expected_sentences
from musearoo.engines.language.grammar.jsgf import write_jsgf
from musearoo.engines.language.grammar.usage import usual_sentences
from musearoo.engines.language.grammar.word_model import WordModel, learn_words
from musearoo.engines.styles.schema import Style


@dataclass(frozen=True, slots=True)
class JointBuild:
    """The input of the joint recogniser of Moonshine and PocketSphinx."""

    model: WordModel
    """The trigram word model."""
    words: str
    """The word model in ARPA format, for PocketSphinx."""
    dictionary: str
    """The pronunciations of its words, in PocketSphinx's format."""
    grammar: WordGraph


class Builder:
    """Build the recognisers' input for the shipped styles and those in MuseAroo's folder, where builds are cached.

    A cached build saves reading the table and the dictionary, which takes longer than the rest.
    """

    def __init__(self, home: Path | None) -> None:
        """`home`: MuseAroo's folder, None for none. Raises RecogniserError if pocketsphinx is missing."""
        self._home = home
        self._styles: Mapping[str, Style] = read_styles(home / "styles" if home else None)
        self._entries = read_entries()

    @cached_property
    def _dictionary(self) -> Dictionary:
        return Dictionary(self._entries, read_table().pronunciations)

    def build_joint(self, written: Sequence[str] | None = None) -> JointBuild:
        """Return the build for sentences like those in `written`; None for usual requests to MuseAroo."""
        return keep_build(self._home, self._digest("joint", written), JointBuild, lambda: self._build_joint(written))

    def _build_joint(self, written: Sequence[str] | None) -> JointBuild:
        table, styles, dictionary = read_table(), self._styles, self._dictionary
        usual = read_usage() if written is None else written
        model = learn_words(expected_sentences(table, styles, usual, dictionary.knows))
        # A user's style may have a name without a known pronunciation: it can be typed, not spoken.
        grammar = compile_grammar(write_jsgf(table, styles, knows=dictionary.knows))
        return JointBuild(model, model.write_arpa(), dictionary.excerpt(model.words), grammar)

    def build_sphinx(self) -> SphinxGrammar:
        """Return the build for PocketSphinx alone."""
        return keep_build(self._home, self._digest("sphinx"), SphinxGrammar, self._build_sphinx)

    def _build_sphinx(self) -> SphinxGrammar:
        table, styles, dictionary = read_table(), self._styles, self._dictionary
        jsgf = write_jsgf(table, styles, knows=dictionary.knows)
        return build_grammar(jsgf, dictionary, usual_sentences(table, styles, read_usage()))

    def open_chooser(self, build: JointBuild) -> Chooser:
        """Return the chooser among both recognisers' candidates."""
        phones, dictionary, grammar = read_excerpt(build.dictionary), self._dictionary, build.grammar

        @cache
        def sound(word: str) -> tuple[str, ...]:
            # A word without a pronunciation counts as its letters: far from any phones, but not empty.
            return phones.get(word) or dictionary.pronounce(word) or tuple(word.upper())

        understand = read_understander(self._styles).understand
        return Chooser(sound, understand, lambda words: grammar.accepts(" ".join(words)))

    def _digest(self, kind: str, written: Sequence[str] | None = None) -> str:
        """Return the digest of a build: sentences, names of styles, and pronunciations."""
        names = [(style.name, style.aliases) for style in self._styles.values()]
        return digest_of((kind.encode(), *read_sources(), self._entries, msgspec.msgpack.encode((names, written))))
