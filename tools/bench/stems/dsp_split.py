"""The separator without models compared with the mix itself and plain HPSS, on held-out mixes."""

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
from musearoo.tools.bench.stems.mixes import Mix, Split, make_mix, mix_specs
from musearoo.tools.bench.stems.peers import separate_plainly, separate_with_low_pass, take_mixture

PART: Final = "dsp"
QUICK_MIXES: Final = 2
RESIDUAL_DB: Final = -60.0
FASTEST: Final = 10.0
"""The minimum speed as a multiple of real time on one core."""
PEERS: Final = {"the mix": take_mixture, "HPSS": separate_plainly, "HPSS with a low pass": separate_with_low_pass}
OURS: Final = "ours"

Scores = Mapping[str, Mapping[StemName, float]]
"""SI-SDR in dB of each stem, by separator."""


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """The evaluation of the separator on one mix.

    SI-SDR by separator and stem, the residual of the sum in dB relative to the mix, the largest offset of a stem to the
    mix in samples, and the speed as a multiple of real time.
    """

    name: str
    scores: Scores
    residual: float
    offset: int
    speed: float


def judge_dsp(*, quick: bool, tell: Callable[[str, int, int], None]) -> Iterator[Row]:
    """Yield the rows for the held-out mixes, only two with `quick`; `tell` receives the item, how many are done, and
    their total.
    """
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
    """Yield the evaluation of each mix of a split, one after another."""
    styles = read_styles(home_folder() / "styles")
    specs = mix_specs(split, number)
    for place, spec in enumerate(specs):
        tell("mixes taken apart", place, len(specs))
        yield judge_mix(make_mix(spec, styles))
    tell("mixes taken apart", len(specs), len(specs))


def judge_mix(mix: Mix) -> Verdict:
    """Return the evaluation of one mix."""
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
