"""Hears by pocketsphinx, whose model of English comes in its wheel: sentences of a grammar, and how sure they are.

Two decoders get the same sound. One knows the grammar's sentences only, and finds the nearest whatever is said, or
played. The other knows English as such: it is often wrong about words, but explains any speech well, and music badly.
By how much the grammar's sentence explains the sound better or worse than its rival does tells whether it was said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bridge.voice.recogniser import BYTES_A_SAMPLE, RATE, Recognised, RecogniserError
from bridge.voice.sphinx_evidence import Evidence, Hearing, Span, find_confidence, weigh
from bridge.voice.sphinx_words import add_pronunciations, check_words

MISSING: Final = (
    "Speech needs pocketsphinx, which is not installed: install MuseAroo with its extra `voice`"
    " (pip install 'musearoo[voice]')."
)

BEAM: Final = 1e-80
WORD_BEAM: Final = 1e-60
"""How improbable a path may be against the best before it is given up. pocketsphinx's own (1e-48, 7e-29) are for speed:
with music 10 dB below the voice they lose the right sentence at every third word's end."""

LOOK_EVERY: Final = RATE // 2
"""Samples of the first utterance after which the mean of its cepstra is taken for the microphone's: until then it is
that of the speakers whom the model was trained on. Of later utterances the mean of those before is the better one."""

ENOUGH: Final = RATE
"""Samples after which it is known well enough."""

SILENCE: Final = "<["
"""How the names of silence and noises begin among the words of a hearing; "(NULL)" takes no time."""

LETTERS: Final = {"a.": "A"}
"""What the dictionary calls the letter, as no article would be written."""

_NAME: Final = "commands"


WriteGrammar = Callable[[Callable[[str], bool]], str]
"""Writes a grammar in JSGF when it is told which words can be recognised."""


def open_sphinx(
    grammar: str | WriteGrammar, pronunciations: Mapping[str, Sequence[str]] | None = None
) -> SphinxRecogniser:
    """A recogniser of the sentences of a grammar (JSGF), with words in ARPAbet that the dictionary lacks.

    Loads for about half a second. Raises RecogniserError where pocketsphinx is missing, a word has no pronunciation
    or a wrong one, or the grammar is broken.
    """
    return SphinxRecogniser(grammar, pronunciations or {})


class SphinxRecogniser:
    """See Recogniser. What it learns of the microphone's sound (the mean of its cepstra) goes from one utterance on to
    the next."""

    def __init__(self, grammar: str | WriteGrammar, pronunciations: Mapping[str, Sequence[str]]) -> None:
        try:
            import pocketsphinx
        except ImportError as error:
            raise RecogniserError(MISSING) from error
        # The lattice of all paths would cost hundreds of milliseconds at the end, and finds no better sentence.
        common = {"samprate": float(RATE), "bestpath": False, "loglevel": "FATAL"}
        try:
            decoder = pocketsphinx.Decoder(lm=None, beam=BEAM, pbeam=BEAM, wbeam=WORD_BEAM, **common)
            rival = pocketsphinx.Decoder(fwdflat=False, **common)
        except (RuntimeError, ValueError) as error:
            raise RecogniserError(f"pocketsphinx does not start ({error}): install it anew.") from error
        add_pronunciations(decoder, pronunciations)
        if not isinstance(grammar, str):
            grammar = grammar(lambda word: decoder.lookup_word(word) is not None)
        check_words(decoder, grammar)
        try:
            decoder.add_jsgf_string(_NAME, grammar)
        except ValueError as error:
            raise RecogniserError(f"The voice grammar cannot be used: pocketsphinx says “{error}”.") from error
        decoder.activate_search(_NAME)
        self._decoders: tuple[Any, ...] = (decoder, rival)
        self._listening = False
        self._fed, self._next_look = 0, LOOK_EVERY
        self._is_accustomed = False

    def begin(self) -> None:
        """See Recogniser."""
        self._check_open()
        if self._listening:
            self._stop()
        for decoder in self._decoders:
            decoder.start_utt()
        self._listening = True
        self._fed, self._next_look = 0, LOOK_EVERY

    def feed(self, samples: bytes) -> None:
        """See Recogniser."""
        self._check_listening()
        if len(samples) % BYTES_A_SAMPLE:
            raise RecogniserError(f"{len(samples)} bytes are no whole number of 16-bit samples.")
        if not samples:
            return
        for decoder in self._decoders:
            decoder.process_raw(samples, False, False)
        self._fed += len(samples) // BYTES_A_SAMPLE
        if not self._is_accustomed and self._fed >= self._next_look:
            self._next_look += LOOK_EVERY
            for decoder in self._decoders:
                decoder.get_cmn(True)

    def partial(self) -> str:
        """See Recogniser."""
        self._check_listening()
        return _text_of(self._decoders[0])

    def end(self) -> Recognised:
        """See Recogniser."""
        return self.end_with_evidence()[0]

    def end_with_evidence(self) -> tuple[Recognised, Evidence | None]:
        """What was said, and what its confidence was made of: None where there are no words."""
        self._check_listening()
        self._stop()
        decoder, rival = self._decoders
        evidence = weigh(read_hearing(decoder), read_hearing(rival))
        if evidence is None:
            return Recognised("", 0.0), None
        return Recognised(_text_of(decoder), find_confidence(evidence)), evidence

    def close(self) -> None:
        """See Recogniser."""
        if self._listening:
            self._stop()
        self._decoders = ()

    def _stop(self) -> None:
        self._listening = False
        self._is_accustomed = self._is_accustomed or self._fed >= ENOUGH
        for decoder in self._decoders:
            decoder.end_utt()

    def _check_open(self) -> None:
        if not self._decoders:
            raise RecogniserError("The recogniser is closed.")

    def _check_listening(self) -> None:
        self._check_open()
        if not self._listening:
            raise RecogniserError("No utterance was begun.")


def _text_of(decoder: Any) -> str:
    found = decoder.hyp()
    if found is None:
        return ""
    return " ".join(LETTERS.get(word, word) for word in str(found.hypstr).split())


def read_hearing(decoder: Any) -> Hearing:
    """What a pocketsphinx decoder made of an utterance that has ended; empty where it found no way through it."""
    if decoder.hyp() is None:
        return ()
    return tuple(
        Span(
            "" if segment.word[0] in SILENCE else segment.word.partition("(")[0],
            segment.start_frame,
            segment.end_frame,
            _units(segment.ascore),
        )
        for segment in decoder.seg()
        if segment.end_frame >= segment.start_frame >= 0 and segment.word != "(NULL)"
    )


def _units(likelihood: float) -> float:
    """The decoder's own unit again, of which it gives e to the power of a ten-thousandth."""
    return math.log(max(likelihood, 1e-300)) * 1e4
