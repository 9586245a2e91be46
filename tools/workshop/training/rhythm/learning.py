"""Teaches rhythm: `python -m musearoo.tools.workshop.training.rhythm.learning --sets DIR --cache DIR --ear F.npz
--harmony F.npz`.

Reads the split `train` that `tools.workshop.corpora` renders, as both passes hear it, and writes
`engines/analysis/fast/rhythm/learned_tables.py`: what makes a beat a downbeat, which count is right, what has a beat at
all. Of the split `dev` it learns one figure, how sure to be; and prints how the result does there, and how far
confidences can be trusted. What was heard is kept in `--cache`, apart for each version of the ear's weights. Speech in
a folder `--beatless` is taught to have no beat: without any, sentences are taken for slow music.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.bridge.audio.files import read_audio
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.library_environment import prepare_libraries
from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.analysis.fast.analyzer import Learned
from musearoo.engines.analysis.fast.rhythm import bars
from musearoo.engines.analysis.fast.rhythm.bars import look_around
from musearoo.engines.analysis.fast.rhythm.beats import Beats
from musearoo.engines.analysis.fast.rhythm.hypothesis_scores import describe_music
from musearoo.engines.analysis.fast.rhythm.meter_hypotheses import (
    FEATURES,
    KINDS,
    SHIFTS,
    MeterHypotheses,
    form_meter_hypotheses,
)
from musearoo.engines.analysis.fast.rhythm.signals import CHANNELS, Signals, stack_signals
from musearoo.engines.analysis.fast.rhythm.tables import write_table
from musearoo.engines.analysis.fast.rhythm.tatums import PARTS, track_tatum
from musearoo.engines.analysis.fast.rhythm.tempo_candidates import (
    SAME,
    comb,
    measure_resemblance,
    propose_tempo_candidates,
)
from musearoo.tools import ROOT
from musearoo.tools.workshop.training.rhythm.examples import (
    Example,
    Truth,
    hear_example,
    load_example,
    read_examples,
    save_example,
    vary,
)
from musearoo.tools.workshop.training.rhythm.model import Choice, Ranking, fit_odds, fit_ranking, fit_temperature
from musearoo.tools.workshop.training.rhythm.noises import make_noises

CANDIDATES: Final = 6
"""The number of tempo candidates in training: slightly more than in the fast pass."""

ON_BEAT: Final = 0.07
"""The tolerance of a beat in seconds, as is standard."""

MOSTLY: Final = 0.6
"""The minimum share of right beats for a right meter hypothesis."""

ODD_SHARE: Final = 0.7
"""The weight of examples in odd meters, which are overrepresented in the sets."""

CROPS: Final = 3
NOISES: Final = 56
DOWNBEAT_PENALTY: Final = 1e-2
MUSIC_PENALTY: Final = 1e-3
LEARNED: Final = ROOT / "engines/analysis/fast/rhythm/learned_tables.py"
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Considered:
    """An example with all its counts, and which of them have the right tempo, place of the beat, and meter.

    All flags are (pulses, shifts, kinds).
    """

    example: Example
    weight: float
    signals: Signals
    hypotheses: list[MeterHypotheses]
    right_tempo: Flags
    right_place: Flags
    right_meter: Flags

    @property
    def features(self) -> FloatArray:
        """Float32 (pulses, shifts, kinds, features)."""
        return np.stack([hypotheses.features for hypotheses in self.hypotheses])


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, train, write and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, required=True, help="folder of the splits train and dev")
    parser.add_argument("--cache", type=Path, required=True, help="folder where evidence is kept")
    parser.add_argument("--ear", type=Path, required=True, help="weights of the ear")
    parser.add_argument("--harmony", type=Path, required=True, help="weights of harmony")
    parser.add_argument("--beatless", type=Path, help="folder of more sounds without a beat, such as speech")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    ear = options.ear.read_bytes()
    learned = Learned.of(ear, options.harmony.read_bytes(), {})
    version = hashlib.blake2b(ear, digest_size=6).hexdigest()
    cache: Path = options.cache / version
    chance = np.random.default_rng(options.seed)
    varied = [
        each
        for deep in (False, True)
        for example in read_examples(options.sets / "train", cache / "train", learned, deep)
        for each in vary(example, CROPS, chance)
    ]
    print(f"{len(varied)} clips")
    varied = balance(varied)
    around, bias = learn_downbeats(consider(varied))
    use_downbeats(around, bias)
    considered = list(consider(varied))
    ranking = fit_ranking([choice for each in considered for choice in choose(each)], options.seed)
    noises = [*hear_noises(cache / "noises", learned)]
    if options.beatless:
        noises += hear_beatless(options.beatless, cache / "beatless", learned)
    music, music_bias = learn_music(considered, list(consider((noise, 1.0) for noise in noises)), ranking)
    unseen = {
        deep: list(
            consider((example, 1.0) for example in read_examples(options.sets / "dev", cache / "dev", learned, deep))
        )
        for deep in (False, True)
    }
    choices = [choice for some in unseen.values() for each in some for choice in choose(each)]
    temperature = fit_temperature(choices, ranking)
    print(f"temperature {temperature:.2f}")
    ranking = ranking.softened(temperature)
    LEARNED.write_text(format_learned(version, around, bias, ranking, music, music_bias))
    for deep, some in unseen.items():
        report(some, ranking, "deep" if deep else "fast")


def balance(examples: Sequence[tuple[Example, float]]) -> list[tuple[Example, float]]:
    """Return examples weighted so that each kind of music counts equally, whatever the number of examples."""
    totals: dict[str, float] = defaultdict(float)
    for example, weight in examples:
        totals[example.kind] += weight
    mean = sum(totals.values()) / len(totals)
    return [(example, weight * mean / totals[example.kind]) for example, weight in examples]


def consider(examples: Iterable[tuple[Example, float]]) -> Iterable[Considered]:
    """Yield examples with their meter hypotheses; those without repetition are left out."""
    for example, weight in examples:
        signals = stack_signals(example.evidence, example.duration, example.cues)
        resemblance = measure_resemblance(signals)
        periods = propose_tempo_candidates(resemblance, CANDIDATES)
        if signals.strength <= 0.0 or not periods.size:
            continue
        strengths = comb(resemblance, periods)
        tatums = [track_tatum(signals, float(p), float(s)) for p, s in zip(periods, strengths, strict=True)]
        hypotheses = [form_meter_hypotheses(signals, tatum, resemblance, None) for tatum in tatums]
        yield Considered(example, weight, signals, hypotheses, *compare(hypotheses, example.truth))


def compare(hypotheses: Sequence[MeterHypotheses], truth: Truth | None) -> tuple[Flags, Flags, Flags]:
    """Return which hypotheses have the right tempo, beat position, and meter: each (tatums, shifts, kinds)."""
    tempo, place, meter = (np.zeros((len(hypotheses), len(SHIFTS), len(KINDS)), dtype=bool) for _ in range(3))
    if truth is not None:
        for number, each in enumerate(hypotheses):
            tempo[number] = abs(np.log(each.tatum.bpm / truth.tempo)) < SAME
            meter[number] = [str(kind.meter(each.tatum.bpm)) == truth.meter for kind in KINDS]
            for row, shift in enumerate(SHIFTS):
                place[number, row] = is_near(moved_beats(each, shift), truth.beats).mean() > MOSTLY
    return tempo, place, meter


def moved_beats(hypotheses: MeterHypotheses, shift: int) -> Beats:
    """Return the times of a tatum's beats, `shift` parts later."""
    beats = hypotheses.tatum.beats
    return beats + np.diff(beats, append=beats[-1] + hypotheses.tatum.period) * (shift / PARTS)


def is_near(times: Beats, others: Beats) -> Flags:
    """Return which times have one of the others nearby."""
    if not others.size:
        return np.zeros(times.shape, dtype=bool)
    near: Flags = np.abs(times[:, np.newaxis] - others).min(axis=1) < ON_BEAT
    return near


def learn_downbeats(examples: Iterable[Considered]) -> tuple[FloatArray, float]:
    """What around a beat says that it is a downbeat: (channels, steps), and the bias."""
    inputs, targets, weights = [], [], []
    shape: tuple[int, ...] = ()
    for each in examples:
        right = (each.right_tempo & each.right_place)[:, :, 0]
        truth = each.example.truth
        if truth is None or not right.any() or truth.downbeats.size < 2:
            continue
        tatum, row = np.unravel_index(int(right.argmax()), right.shape)
        hypotheses = each.hypotheses[int(tatum)]
        beats = moved_beats(hypotheses, SHIFTS[int(row)])
        known = is_near(beats, truth.beats)
        around = look_around(hypotheses.tatum, [SHIFTS[int(row)]])[:, 0]
        shape = (around.shape[0], around.shape[2])
        inputs.append(around.transpose(1, 0, 2).reshape(beats.size, -1)[known])
        targets.append(is_near(beats, truth.downbeats)[known])
        # Longer clips say more, but much of it again.
        weights.append(np.full(int(known.sum()), each.weight / max(1, known.sum()) ** 0.5))
    found, bias = fit_odds(np.concatenate(inputs), np.concatenate(targets), np.concatenate(weights), DOWNBEAT_PENALTY)
    return found.reshape(shape), bias


def use_downbeats(around: FloatArray, bias: float) -> None:
    """Let the engine use the trained downbeat weights, because the hypotheses' features depend on them."""
    bars._WEIGHTS, bars._BIAS = around.astype(np.float32), np.float32(bias)  # type: ignore[misc]


def choose(each: Considered) -> Iterable[Choice]:
    """Yield the training choice of a clip: the right hypotheses; if there are none, the nearest, with less weight."""
    for right, share in (
        (each.right_tempo & each.right_place & each.right_meter, 1.0),
        (each.right_tempo & each.right_place, 0.5),
        (each.right_tempo & each.right_meter, 0.25),
    ):
        if right.any():
            share *= ODD_SHARE if each.example.kind == "odd" else 1.0
            yield Choice(each.features.reshape(-1, len(FEATURES)), right.ravel(), share * each.weight)
            return


def hear_noises(cache: Path, learned: Learned) -> Iterable[Example]:
    """Yield the evidence of both passes for sounds without a beat."""
    for number, sound in enumerate(make_noises(NOISES, seed=5)):
        yield from hear_noise(sound, str(number), cache, learned)


def hear_beatless(folder: Path, cache: Path, learned: Learned) -> Iterable[Example]:
    """Yield the evidence of both passes for the files of a folder, none of which has a beat."""
    for path in sorted(folder.iterdir()):
        yield from hear_noise(read_audio(path), path.stem, cache, learned)


def hear_noise(sound: Sound, name: str, cache: Path, learned: Learned) -> Iterable[Example]:
    """Yield the evidence of both passes for a sound without a beat."""
    for deep in (False, True):
        kept = cache / f"{name}_{'deep' if deep else 'fast'}.npz"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            save_example(kept, hear_example(sound, "noise", None, learned, deep))
        yield load_example(kept, "noise", None)


def learn_music(
    music: Sequence[Considered], noises: Sequence[Considered], ranking: Ranking
) -> tuple[dict[str, float], float]:
    """What says that a clip has a beat at all, by the name of the feature, and the bias."""
    rows, targets, weights = [], [], []
    for examples in (music, noises):
        for each in examples:
            chosen = np.unravel_index(int(ranking.score(each.features).argmax()), each.right_tempo.shape)
            rows.append(describe_music(each.hypotheses[int(chosen[0])], int(chosen[1]), each.signals))
            targets.append(examples is music)
            # As much noise as music.
            weights.append(1.0 / len(examples))
    names = list(rows[0])
    features = np.asarray([[row[name] for name in names] for row in rows])
    found, bias = fit_odds(features, np.asarray(targets), np.asarray(weights), MUSIC_PENALTY)
    odds = features @ found + bias
    right = (odds > 0.0) == np.asarray(targets)
    print(
        f"music told from {len(noises)} noises: {right[: len(music)].mean():.3f} of music, "
        f"{right[len(music) :].mean():.3f} of noises right"
    )
    return dict(zip(names, found.tolist(), strict=True)), bias


def format_learned(
    ear: str, around: FloatArray, bias: float, ranking: Ranking, music: dict[str, float], music_bias: float
) -> str:
    """The text of `learned.py`; `ear` names the weights of the ear that was listened with."""
    columns = np.column_stack((ranking.means, ranking.scales, ranking.direct, ranking.hidden))
    tables = {
        "DOWNBEAT_WEIGHTS": (
            {"bias": (bias,), **{name: tuple(row) for name, row in zip(CHANNELS, around.tolist(), strict=True)}},
            "What each channel adds to the log odds of a downbeat, from beats before to beats after by quarters.",
        ),
        "COUNT_FEATURES": (
            {name: tuple(row) for name, row in zip(FEATURES, columns.tolist(), strict=True)},
            "For each feature of a count: mean, scale, weight in the score, weights in the hidden units.",
        ),
        "COUNT_HIDDEN": (
            {"offsets": tuple(ranking.offsets.tolist()), "out": tuple(ranking.out.tolist())},
            "Of the hidden units: offsets, and weights in the score.",
        ),
        "MUSIC_WEIGHTS": (
            {"bias": (music_bias,), **{name: (weight,) for name, weight in music.items()}},
            "What adds to the log odds that a clip has a beat at all.",
        ),
    }
    head = (
        '"""What was learned of rhythm. Generated by `tools.workshop.training.rhythm.learning`: do not edit.\n\n'
        "From the train split of our corpora: Groove MIDI (CC BY 4.0), POP909 (MIT), OpenEWLD, Nottingham\n"
        "(GPL-3) and text drum patterns, rendered; and speech of Flite; only figures are kept.\n"
        f"Heard with the ear's weights whose BLAKE2b of 6 bytes is {ear}.\n"
        '"""\n\n'
        "# ruff: noqa: E501\nfrom __future__ import annotations\n\nfrom typing import Final\n"
    )
    return head + "".join(
        f'\n{name}: Final = """\\\n{write_table(rows)}"""\n"""{text}"""\n' for name, (rows, text) in tables.items()
    )


def report(examples: Sequence[Considered], ranking: Ranking, depth: str) -> None:
    """Prints how often tempo, beats and meter are right, by kind, and confidence against accuracy in four bins."""
    rows = defaultdict(list)
    sure = []
    for each in examples:
        scores = ranking.score(each.features)
        shares = np.exp(scores - scores.max())
        chosen = np.unravel_index(int(scores.argmax()), scores.shape)
        right = (each.right_tempo[chosen], (each.right_tempo & each.right_place)[chosen], each.right_meter[chosen])
        for kind in ("all", each.example.kind):
            rows[kind].append(right)
        sure.append((float(shares[chosen[0]].sum() / shares.sum()), bool(right[0])))
    for kind, found in rows.items():
        tempo, beats, meter = np.mean(found, axis=0)
        print(f"{depth} {kind:6} {len(found):4} tempo {tempo:.2f} beats {beats:.2f} meter {meter:.2f}")
    for some in np.array_split(np.asarray(sorted(sure)), 4):
        print(f"{depth} confidence {some[:, 0].mean():.2f} tempo right {some[:, 1].mean():.2f}")


if __name__ == "__main__":
    prepare_libraries(home_folder())
    main()
