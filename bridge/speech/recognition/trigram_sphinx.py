"""PocketSphinx recogniser with a trigram language model.

It shows interim words while the user speaks. Its final hypothesis is evidence in the choice among Moonshine's.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from musearoo.bridge.speech.recognition.sphinx import open_decoder


class TrigramDecoder:
    """The trigram recogniser, one utterance at a time."""

    def __init__(self, words: str, dictionary: str) -> None:
        """`words`: the model as `WordModel.write_arpa` writes it; `dictionary`: the pronunciations of its words.

        Raises RecogniserError if pocketsphinx is missing or broken.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "words.arpa"
            path.write_text(words, encoding="utf-8", newline="\n")
            # The two further passes over the whole utterance would add 40 to 200 ms after the release of Talk, and do
            # not help: in 57 sentences the word error rate was 27.9 % with them, 26.9 % without.
            self._decoder = open_decoder(dictionary, lm=str(path), fwdflat=False, bestpath=False)
        self._mean = self._decoder.get_cmn()

    def begin(self) -> None:
        """Start an utterance."""
        self._mean = self._decoder.get_cmn()
        self._decoder.start_utt()

    def feed(self, samples: bytes) -> None:
        """Feed the next piece of sound: 16-bit samples at RATE."""
        self._decoder.process_raw(samples, False, False)

    def words(self) -> tuple[str, ...]:
        """Return the interim words."""
        found = self._decoder.hyp()
        return tuple(word.partition("(")[0] for word in str(found.hypstr).split()) if found else ()

    def end(self) -> tuple[str, ...]:
        """Return the final words."""
        self._decoder.end_utt()
        return self.words()

    def forget(self) -> None:
        """Undo the adaptation to the last utterance's sound, which was no speech."""
        self._decoder.set_cmn(self._mean)
