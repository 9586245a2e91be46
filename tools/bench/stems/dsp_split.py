"""The separator without models beside the mix itself and plain HPSS, on mixes that it was not tuned on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.audio.separation.dsp import DspSeparator
from musearoo.engines.audio.separation.samples import Samples, separate_whole
from musearoo.engines.music.stems import FOUR_STEMS, StemName
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.stems.measures import measure_offset, measure_residual, measure_si_sdr
from musearoo.tools.bench.stems.mixes import Mix, Split, make_mix, wishes_of
from musearoo.tools.bench.stems.peers import separate_plainly, separate_with_low_pass, take_mixture

PART: Final = "dsp"
QUICK_MIXES: Final = 2
RESIDUAL_DB: Final = -60.0
FASTEST: Final = 10.0
"""Times real time that it must reach on one core."""
PEERS: Final = {"the mix": take_mixture, "HPSS": separate_plainly, "HPSS with a low pass": separate_with_low_pass}
OURS: Final = "ours"

Scores = Mapping[str, Mapping[StemName, float]]
"""SI-SDR in dB of each stem, by who guessed it."""


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What one mix says of the separator: SI-SDR by guesser and stem, the sum's residual in dB beside the mix, the
    largest offset of a stem to the mix in samples, and how many times faster than it sounds it was done.
    """

    name: str
    scores: Scores
    residual: float
    offset: int
    speed: float


def judge_dsp(*, quick: bool, tell: Callable[[str, int, int], None]) -> Iterator[Row]:
    """The rows for the mixes that are held back, two alone with `quick`; `tell` hears what, how many, of how many."""
    verdicts = list(judge_mixes("held", QUICK_MIXES if quick else None, tell))
    for stem in FOUR_STEMS:
        for peer in PEERS:
            yield _compare(verdicts, stem, peer)
    residual = max(verdict.residual for verdict in verdicts)
    yield Row(
        PART, "sum of the stems beside the mix", "dB", residual, RESIDUAL_DB, residual < RESIDUAL_DB, "the worst mix"
    )
    offset = max(abs(verdict.offset) for verdict in verdicts)
    yield Row(PART, "offset of the stems to the mix", "samples", offset, 0.0, offset == 0, "the worst mix")
    speed = float(np.median([verdict.speed for verdict in verdicts]))
    yield Row(PART, "speed", "times real time", speed, FASTEST, speed >= FASTEST, "median; target 10 on one core")


def judge_mixes(split: Split, number: int | None, tell: Callable[[str, int, int], None]) -> Iterator[Verdict]:
    """What each mix of a split says, one after the other."""
    styles = read_styles(home_folder() / "styles")
    wishes = wishes_of(split, number)
    for place, wish in enumerate(wishes):
        tell("mixes taken apart", place, len(wishes))
        yield judge_mix(make_mix(wish, styles))
    tell("mixes taken apart", len(wishes), len(wishes))


def judge_mix(mix: Mix) -> Verdict:
    """What one mix says."""
    samples = mix.samples
    started = time.process_time()
    stems = separate_whole(DspSeparator(), Samples(samples, mix.rate))
    seconds = time.process_time() - started
    guesses = {OURS: stems, **{name: guess(samples, mix.rate) for name, guess in PEERS.items()}}
    scores = {
        who: {stem: measure_si_sdr(mix.stems[stem], guess[stem]) for stem in FOUR_STEMS}
        for who, guess in guesses.items()
    }
    return Verdict(
        mix.name,
        scores,
        measure_residual(samples, stems.values()),
        max((measure_offset(samples, stem) for stem in stems.values()), key=abs),
        samples.shape[1] / mix.rate / max(seconds, 1e-9),
    )


def _compare(verdicts: Sequence[Verdict], stem: StemName, peer: str) -> Row:
    ours, theirs = ([verdict.scores[who][stem] for verdict in verdicts] for who in (OURS, peer))
    won = sum(mine > his for mine, his in zip(ours, theirs, strict=True))
    mean, beside = float(np.mean(ours)), float(np.mean(theirs))
    return Row(
        PART,
        f"{stem} beside {peer}",
        "dB SI-SDR",
        mean,
        beside,
        mean > beside and 2 * won > len(verdicts),
        f"better in {won} of {len(verdicts)} mixes",
    )
