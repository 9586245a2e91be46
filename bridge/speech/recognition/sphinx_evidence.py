"""Confidence of a grammar's sentence, from likelihood ratios to the unconstrained decoder's hypothesis, its rival.

The likelihood ratio to an unconstrained hypothesis is the usual confidence measure in speech recognition (Jiang,
"Confidence measures for speech recognition: A survey", 2005). One ratio separates commands from other speech well, but
not from music under it; a logistic regression over a few of them does better. Its weights come from
`python -m musearoo.tools.workshop.training.voice.confidence`, which synthesises its own sentences.
"""

from __future__ import annotations

import math
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Final, NamedTuple


class Span(NamedTuple):
    """A word, or "" for silence, with its first and last frame of 10 ms and its log-likelihood."""

    word: str
    first: int
    last: int
    score: float

    @property
    def frames(self) -> int:
        """Its length in frames."""
        return self.last - self.first + 1


Hypothesis = tuple[Span, ...]
"""One decoder's segmentation of an utterance, in order, without gaps."""


class Evidence(NamedTuple):
    """The evidence for or against a sentence. Ratios are per frame, in units of the decoder (0.1 nats)."""

    sentence_ratio: float
    """Likelihood ratio of the sentence, from its first word to its last, to the rival; bounded to -40..30."""
    worst_ratio: float
    """The lowest likelihood ratio of any word, bounded to -60..30."""
    ignored: float
    """Frames where the rival has words and the grammar silence, per frame of the sentence."""
    agreement: float
    """The share of its words that the rival has too."""
    length: float
    """ln of the number of its words."""
    surplus: float
    """ln of the ratio of the rival's number of words to its own."""
    pace: float
    """Frames per word, at most 60."""


WEIGHTS: Final = Evidence(0.09469, 0.0452, -0.6068, 2.494, -1.106, 0.7698, -0.0833)
BIAS: Final = 5.434
"""Fitted by `python -m musearoo.tools.workshop.training.voice.confidence --sentences 8`, so that a few in a hundred
samples of other speech and music reach 0.5; cross-validated on its 264 utterances."""


def find_confidence(evidence: Evidence) -> float:
    """Return the confidence (0..1) that a sentence was spoken, from its evidence."""
    total = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, evidence, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def weigh(hypothesis: Hypothesis, rival: Hypothesis) -> Evidence | None:
    """Return the evidence for a sentence; None without words."""
    words = [span for span in hypothesis if span.word]
    if not words:
        return None
    others = [span for span in rival if span.word]
    frames = 1 + max(span.last for span in (*hypothesis, *rival))
    ours, theirs = _totals(hypothesis, frames), _totals(rival, frames)

    def ratio(first: int, last: int) -> float:
        won = ours[last + 1] - ours[first] - theirs[last + 1] + theirs[first]
        return won / (last - first + 1)

    first, last = words[0].first, words[-1].last
    length = last - first + 1
    silent = set[int]().union(*(range(span.first, span.last + 1) for span in hypothesis if not span.word))
    spoken = set[int]().union(*(range(span.first, span.last + 1) for span in others))
    matcher = SequenceMatcher(None, [span.word for span in words], [span.word for span in others], autojunk=False)
    return Evidence(
        sentence_ratio=_bound(ratio(first, last), -40.0, 30.0),
        worst_ratio=_bound(min(ratio(span.first, span.last) for span in words), -60.0, 30.0),
        ignored=len(silent & spoken) / max(10, length),
        agreement=sum(block.size for block in matcher.get_matching_blocks()) / len(words),
        length=math.log(len(words)),
        surplus=math.log((len(others) + 1) / (len(words) + 1)),
        pace=min(60.0, length / len(words)),
    )


def _totals(hypothesis: Hypothesis, frames: int) -> list[float]:
    """Return cumulative scores before each frame; a span's score is spread evenly over its frames."""
    each = [0.0] * frames
    for span in hypothesis:
        share = span.score / span.frames
        for frame in range(span.first, span.last + 1):
            each[frame] += share
    return [0.0, *accumulate(each)]


def _bound(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
