"""Opens the recogniser of all that can be said to MuseAroo: the best that can be had of what is installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from bridge.presets_folder import read_styles
from bridge.voice.build_cache import digest_of, keep_build
from bridge.voice.choosing import Chooser
from bridge.voice.dictionary import Dictionary, read_dictionary, read_excerpt
from bridge.voice.first_ear import FirstEar
from bridge.voice.joint import JointRecogniser
from bridge.voice.moonshine_files import find_network
from bridge.voice.moonshine_network import MoonshineNetwork
from bridge.voice.recogniser import Recogniser
from bridge.voice.second_ear import SecondEar
from bridge.voice.sphinx import SphinxGrammar, SphinxRecogniser, build_grammar
from bridge.voice.word_graph import WordGraph, compile_grammar
from bridge.voice.word_search import WordSearch
from bridge.voice_table import read_sources, read_table, read_understander, read_usage
from engines.rooaroo.grammar.expected import expected_sentences
from engines.rooaroo.grammar.jsgf import write_jsgf
from engines.rooaroo.grammar.usage import usual_sentences
from engines.rooaroo.grammar.word_model import WordModel, learn_words
from engines.styles.style import Style


def open_default(home: Path | None) -> Recogniser:
    """A recogniser of what MuseAroo understands, the user's own styles among it, who has their files in `home`.

    Moonshine and PocketSphinx together where both are installed, else PocketSphinx with the grammar alone. Raises
    RecogniserError where neither can work, PresetError where a style cannot be read.
    """
    folder = find_network()
    if folder is None:
        return open_sphinx_alone(home)
    return open_joint(folder, _styles_of(home), home=home)


def open_sphinx_alone(home: Path | None) -> SphinxRecogniser:
    """PocketSphinx, which hears sentences of the grammar and nothing else; raises as `open_default` does."""
    table, styles = read_table(), _styles_of(home)
    dictionary = read_dictionary(table.pronunciations)

    def build() -> SphinxGrammar:
        # A user's own style may have a name that no dictionary knows: it can be typed, not said.
        jsgf = write_jsgf(table, styles, knows=dictionary.knows)
        return build_grammar(jsgf, dictionary, usual_sentences(table, styles, read_usage()))

    return SphinxRecogniser(keep_build(home, _digest("sphinx", dictionary, styles), SphinxGrammar, build))


@dataclass(frozen=True, slots=True)
class JointBuild:
    """What both recognisers together are built from: how words follow one another, how they are said, the grammar."""

    model: WordModel
    words: str
    """The same model, as recognisers read it."""
    dictionary: str
    grammar: WordGraph


def open_joint(
    network: Path, styles: Mapping[str, Style], written: Sequence[str] | None = None, home: Path | None = None
) -> JointRecogniser:
    """Both recognisers, which expect sentences like those that are `written`; None for MuseAroo's own.

    `network`: the folder of the model. With a `home` what they are built from is kept there.
    """
    with ThreadPoolExecutor(1, "network") as beside:
        # The network works without Python's lock: it is loaded while the rest is read.
        loading = beside.submit(MoonshineNetwork, network)
        table = read_table()
        dictionary = read_dictionary(table.pronunciations)

        def build() -> JointBuild:
            usual = read_usage() if written is None else written
            model = learn_words(expected_sentences(table, styles, usual, dictionary.knows))
            grammar = compile_grammar(write_jsgf(table, styles, knows=dictionary.knows))
            return JointBuild(model, model.write_arpa(), dictionary.excerpt(model.words), grammar)

        built = keep_build(home, _digest("joint", dictionary, styles, written), JointBuild, build)
        opening = beside.submit(lambda: FirstEar(loaded := loading.result(), WordSearch(loaded, built.model)))
        second = SecondEar(built.words, built.dictionary)
        phones = read_excerpt(built.dictionary)

        def sound(word: str) -> tuple[str, ...]:
            # What the dictionary lacks is taken for its letters: far from any phones, but not nothing.
            return phones.get(word) or dictionary.pronounce(word) or tuple(word.upper())

        chooser = Chooser(
            cache(sound), read_understander(styles).understand, lambda words: built.grammar.accepts(" ".join(words))
        )
        return JointRecogniser(opening.result(), second, chooser)


def _styles_of(home: Path | None) -> Mapping[str, Style]:
    return read_styles(home / "styles" if home else None)


def _digest(
    kind: str, dictionary: Dictionary, styles: Mapping[str, Style], written: Sequence[str] | None = None
) -> str:
    """The name of a build: what can be said, by which names the styles are called, and how words are said."""
    names = [(style.name, style.aliases) for style in styles.values()]
    return digest_of((kind.encode(), *read_sources(), dictionary.entries, msgspec.msgpack.encode((names, written))))
