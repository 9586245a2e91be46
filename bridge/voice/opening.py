"""Opens the recogniser of all that can be said to MuseAroo: the best that can be had of what is installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from bridge.config_files import home_folder
from bridge.presets_folder import read_styles
from bridge.voice.choosing import Chooser
from bridge.voice.first_ear import FirstEar
from bridge.voice.joint import JointRecogniser
from bridge.voice.moonshine_files import find_network
from bridge.voice.moonshine_network import MoonshineNetwork
from bridge.voice.recogniser import Recogniser
from bridge.voice.second_ear import SecondEar, open_dictionary
from bridge.voice.sphinx import SphinxRecogniser, open_sphinx
from bridge.voice.word_graph import compile_grammar
from bridge.voice.word_search import WordSearch
from bridge.voice_table import read_table, read_understander, read_usage
from engines.rooaroo.grammar.expected import expected_sentences
from engines.rooaroo.grammar.jsgf import write_jsgf
from engines.rooaroo.grammar.usage import usual_sentences
from engines.rooaroo.grammar.word_model import WordModel
from engines.styles.style import Style


def open_default() -> Recogniser:
    """A recogniser of what MuseAroo understands, the user's own styles among it.

    Moonshine and PocketSphinx together where both are installed, else PocketSphinx with the grammar alone. Raises
    RecogniserError where neither can work, PresetError where a style cannot be read.
    """
    folder = find_network()
    if folder is None:
        return open_sphinx_alone()
    return open_joint(MoonshineNetwork(folder), read_styles(home_folder() / "styles"), read_usage())


def open_sphinx_alone() -> SphinxRecogniser:
    """PocketSphinx, which hears sentences of the grammar and nothing else; raises as `open_default` does."""
    table, styles = read_table(), read_styles(home_folder() / "styles")
    # A user's own style may have a name that no dictionary knows: it can be typed, not said.
    return open_sphinx(
        lambda knows: write_jsgf(table, styles, knows=knows),
        table.pronunciations,
        usual_sentences(table, styles, read_usage()),
    )


def open_joint(network: MoonshineNetwork, styles: Mapping[str, Style], written: Sequence[str]) -> JointRecogniser:
    """Both recognisers, which expect sentences like those that are `written`."""
    table = read_table()
    dictionary = open_dictionary(table.pronunciations)

    def knows(word: str) -> bool:
        return dictionary.lookup_word(word) is not None

    def sound(word: str) -> tuple[str, ...]:
        # What the dictionary lacks is taken for its letters: far from any phones, but not nothing.
        phones = dictionary.lookup_word(word)
        return tuple(phones.split()) if phones else tuple(word.upper())

    model = WordModel(expected_sentences(table, styles, written, knows))
    grammar = compile_grammar(write_jsgf(table, styles, knows=knows))
    chooser = Chooser(
        cache(sound), read_understander(styles).understand, lambda words: grammar.accepts(" ".join(words))
    )
    first = FirstEar(network, WordSearch(network, model))
    return JointRecogniser(first, SecondEar(dictionary, model), chooser)
