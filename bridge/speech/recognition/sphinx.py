"""The PocketSphinx recogniser: sentences of a grammar, with confidences. Its wheel contains the English model.

Two decoders get the same sound. One knows only the grammar's sentences, and finds the nearest one for any sound. The
other, the rival, has a general English model: it often errs in words, but explains any speech well, and music badly.
The likelihood ratio of the grammar's sentence to its rival shows whether the sentence was spoken.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.speech.recognition.dictionary import NO_POCKETSPHINX, WHERE, Dictionary
from musearoo.bridge.speech.recognition.recogniser import Recognised, RecogniserError
from musearoo.bridge.speech.recognition.sphinx_evidence import Evidence, Hypothesis, Span, find_confidence, weigh
from musearoo.bridge.speech.recognition.word_graph import GrammarError, WordGraph, compile_grammar
from musearoo.bridge.speech.sound.format import BYTES_A_SAMPLE, RATE

BEAM: Final = 1e-80
WORD_BEAM: Final = 1e-60
"""Beam widths: least probability of a path relative to the best. pocketsphinx's defaults (1e-48, 7e-29) are for speed:
with music 10 dB below the voice they lose the right sentence at every third word end."""

MOST_STATES: Final = 6000
"""Most active HMMs per frame: with music the beams may let tens of thousands pass, too many for real time."""

FIRST_MEAN: Final = "44.7,3.5,1.2,13.6,-4.4,-1.1,3.7,-7.0,-1.5,-1.1,2.8,2.4,0.1"
"""Initial cepstral mean, that of five synthetic voices: the model's own has only three of thirteen coefficients, with
which letters are misrecognised. From the second utterance on, the mean of earlier ones is used."""

FOREIGN: Final = 0.3
"""Confidence below which the cepstral mean is not updated: after an utterance of noise alone, the next sentence would
be normalised by the mean of that noise."""

SILENCE: Final = "<["
"""First characters of the names of silence and noise in a hypothesis; "(NULL)" has no duration."""

LETTERS: Final = {"a.": "A"}
"""The dictionary's word for the letter A, distinct from the article."""

_NAME: Final = "commands"


Usage = Iterable[tuple[Sequence[frozenset[str]], float]]
"""Usual sentences, for `WordGraph.expect`."""


@dataclass(frozen=True, slots=True)
class SphinxGrammar:
    """A grammar: its word graph, word probabilities (see `WordGraph.expect`) and pronunciations."""

    graph: WordGraph
    likely: tuple[Mapping[str, float], ...]
    dictionary: str


def build_grammar(jsgf: str, dictionary: Dictionary, usage: Usage = ()) -> SphinxGrammar:
    """Build the grammar for SphinxRecogniser from JSGF; sentences like those of `usage` get a higher probability.

    Raises RecogniserError if the grammar is broken, or if a word has no known pronunciation: pocketsphinx itself would
    refuse the whole grammar, and name the word on the terminal only.
    """
    try:
        graph = compile_grammar(jsgf)
    except GrammarError as error:
        raise RecogniserError(f"The voice grammar cannot be used: {error}.") from error
    unknown = sorted(word for word in graph.all_words if not dictionary.knows(word))
    if unknown:
        listed = ", ".join(f"“{word}”" for word in unknown)
        raise RecogniserError(f"How these words of the voice grammar are said is not known: {listed}. Say it {WHERE}.")
    return SphinxGrammar(graph, graph.expect(usage), dictionary.excerpt(graph.all_words))


def open_decoder(dictionary: str | None, **options: Any) -> Any:
    """Open a pocketsphinx decoder for a dictionary's words, or its own English for None.

    Raises RecogniserError if pocketsphinx is missing or broken.
    """
    try:
        import pocketsphinx
    except ImportError as error:
        raise RecogniserError(NO_POCKETSPHINX) from error
    common = {"samprate": float(RATE), "cmninit": FIRST_MEAN, "loglevel": "FATAL", **options}
    try:
        if dictionary is None:
            return pocketsphinx.Decoder(**common)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "words.dict"
            path.write_text(dictionary, encoding="utf-8", newline="\n")
            return pocketsphinx.Decoder(dict=str(path), **common)
    except (RuntimeError, ValueError) as error:
        raise RecogniserError(f"pocketsphinx does not start ({error}): install it anew.") from error


class SphinxRecogniser:
    """See Recogniser. It adapts to the microphone: the cepstral mean carries over from one utterance to the next."""

    def __init__(self, grammar: SphinxGrammar) -> None:
        """Load for about half a second; raises RecogniserError if pocketsphinx is missing or broken."""
        # The lattice of all paths would cost hundreds of milliseconds at the end, and finds no better sentence.
        decoder = open_decoder(
            grammar.dictionary,
            lm=None,
            bestpath=False,
            beam=BEAM,
            pbeam=BEAM,
            wbeam=WORD_BEAM,
            maxhmmpf=MOST_STATES,
        )
        decoder.add_fsg(_NAME, _lay_out(grammar, decoder))
        decoder.activate_search(_NAME)
        rival = open_decoder(None, bestpath=False, fwdflat=False)
        self._decoders: tuple[Any, ...] = (decoder, rival)
        self._means: list[str] = []
        self._listening = False

    def begin(self) -> None:
        """See Recogniser."""
        self._check_open()
        if self._listening:
            self._stop()
        self._means = [decoder.get_cmn() for decoder in self._decoders]
        for decoder in self._decoders:
            decoder.start_utt()
        self._listening = True

    def feed(self, samples: bytes) -> None:
        """See Recogniser."""
        self._check_listening()
        if len(samples) % BYTES_A_SAMPLE:
            raise RecogniserError(f"{len(samples)} bytes are no whole number of 16-bit samples.")
        if not samples:
            return
        for decoder in self._decoders:
            decoder.process_raw(samples, False, False)

    def partial(self) -> str:
        """See Recogniser."""
        self._check_listening()
        return _text_of(self._decoders[0])

    def end(self) -> Recognised:
        """See Recogniser."""
        return self.end_with_evidence()[0]

    def end_with_evidence(self) -> tuple[Recognised, Evidence | None]:
        """Return the transcript, and the evidence of its confidence: None without words."""
        self._check_listening()
        self._stop()
        decoder, rival = self._decoders
        evidence = weigh(read_hypothesis(decoder), read_hypothesis(rival))
        recognised = Recognised(_text_of(decoder), find_confidence(evidence)) if evidence else Recognised("", 0.0)
        if recognised.confidence < FOREIGN:
            for each, mean in zip(self._decoders, self._means, strict=True):
                each.set_cmn(mean)
        return recognised, evidence

    def close(self) -> None:
        """See Recogniser."""
        if self._listening:
            self._stop()
        self._decoders = ()

    def _stop(self) -> None:
        self._listening = False
        for decoder in self._decoders:
            decoder.end_utt()

    def _check_open(self) -> None:
        if not self._decoders:
            raise RecogniserError("The recogniser is closed.")

    def _check_listening(self) -> None:
        self._check_open()
        if not self._listening:
            raise RecogniserError("No utterance was begun.")


def _lay_out(grammar: SphinxGrammar, decoder: Any) -> Any:
    """Convert the graph to pocketsphinx's form, which has one final state: after all others."""
    import pocketsphinx

    graph = grammar.graph
    logarithms, weight = decoder.get_logmath(), decoder.config["lw"]
    end = len(graph.words)
    laid = pocketsphinx.FsgModel(_NAME, logarithms, weight, end + 1)
    numbers = {word: laid.word_add(word) for word in sorted(graph.all_words)}
    for state, likely in enumerate(grammar.likely):
        for word, probability in likely.items():
            likelihood = int(logarithms.log(probability) * weight)
            if word:
                laid.trans_add(state, graph.words[state][word], likelihood, numbers[word])
            else:
                laid.null_trans_add(state, end, likelihood)
    laid.set_start_state(0)
    laid.set_final_state(end)
    return laid


def _text_of(decoder: Any) -> str:
    found = decoder.hyp()
    if found is None:
        return ""
    return " ".join(LETTERS.get(word, word) for word in str(found.hypstr).split())


def read_hypothesis(decoder: Any) -> Hypothesis:
    """Return a pocketsphinx decoder's hypothesis for an utterance that has ended; empty if it found none."""
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
    """Convert a likelihood to the decoder's log units: it reports e to the power of a ten-thousandth of them."""
    return math.log(max(likelihood, 1e-300)) * 1e4
