"""PocketSphinx with a model of words: cheap, awake while one speaks, and of another mind than a neural network.

It shows words while they are said. Of what was said at the end it has an opinion, by which a better ear's is weighed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bridge.voice.microphones import HOW_TO_INSTALL
from bridge.voice.recogniser import RATE, RecogniserError
from bridge.voice.sphinx import FIRST_MEAN
from bridge.voice.sphinx_words import add_pronunciations
from engines.rooaroo.grammar.word_model import WordModel

_NAME: Final = "words"


def open_dictionary(pronunciations: Mapping[str, Sequence[str]]) -> Any:
    """A decoder of pocketsphinx that knows how words are said, those that its own dictionary lacks among them.

    Raises RecogniserError where pocketsphinx is missing, or a pronunciation is wrong.
    """
    try:
        import pocketsphinx
    except ImportError as error:
        raise RecogniserError(f"pocketsphinx is not installed, which hears speech. {HOW_TO_INSTALL}") from error
    try:
        # Its two further passes over the whole utterance would be waited for when Talk is let go, 40 to 200 ms, and
        # made nothing clearer: in 57 sentences 27.9 % of the words were wrong with them, 26.9 % without.
        decoder = pocketsphinx.Decoder(
            lm=None, samprate=float(RATE), cmninit=FIRST_MEAN, fwdflat=False, bestpath=False, loglevel="FATAL"
        )
    except (RuntimeError, ValueError) as error:
        raise RecogniserError(f"pocketsphinx does not start ({error}): install it anew.") from error
    add_pronunciations(decoder, pronunciations)
    return decoder


class SecondEar:
    """Hears words of a model, one utterance after the other, with a decoder of `open_dictionary`."""

    def __init__(self, decoder: Any, model: WordModel) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "words.arpa"
            path.write_text(model.write_arpa(), encoding="utf-8")
            decoder.add_lm_file(_NAME, str(path))
        decoder.activate_search(_NAME)
        self._decoder = decoder
        self._mean = decoder.get_cmn()

    def begin(self) -> None:
        """Starts an utterance."""
        self._mean = self._decoder.get_cmn()
        self._decoder.start_utt()

    def feed(self, samples: bytes) -> None:
        """Takes the next piece of sound: 16-bit numbers, RATE a second."""
        self._decoder.process_raw(samples, False, False)

    def words(self) -> tuple[str, ...]:
        """What is understood so far."""
        found = self._decoder.hyp()
        return tuple(word.partition("(")[0] for word in str(found.hypstr).split()) if found else ()

    def end(self) -> tuple[str, ...]:
        """What was understood."""
        self._decoder.end_utt()
        return self.words()

    def forget(self) -> None:
        """Learns nothing of the microphone's sound from the last utterance: it was none of speech."""
        self._decoder.set_cmn(self._mean)
