"""Write a set: each excerpt as a FLAC file with its ground truth."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import soundfile
from scipy import signal

from musearoo.tools.bench.corpora.piece import Piece, stretch
from musearoo.tools.bench.corpora.splits import Split
from musearoo.tools.bench.corpora.stems import divide, stem_path
from musearoo.tools.bench.corpora.truth import truth_of
from musearoo.tools.workshop.corpora.colour import FloatArray, colour, normalise
from musearoo.tools.workshop.corpora.fluidsynth import Voice, render
from musearoo.tools.workshop.corpora.kinds.drums import drum_excerpts
from musearoo.tools.workshop.corpora.kinds.jazz import jazz_excerpts
from musearoo.tools.workshop.corpora.kinds.loops import loop_excerpts
from musearoo.tools.workshop.corpora.kinds.odd_meters import odd_excerpts
from musearoo.tools.workshop.corpora.kinds.pop import pop_excerpts

KINDS: Final[dict[str, Callable[[Path, Split, Random], Iterator[Piece]]]] = {
    "drums": drum_excerpts,
    "jazz": jazz_excerpts,
    "loops": loop_excerpts,
    "odd": odd_excerpts,
    "pop": pop_excerpts,
}

HELD_FONT: Final = "MuseScore_General"
"""The soundfont reserved for the held-out split, so that models are tested on an unseen sound."""
_RATES: Final = (44_100,) * 7 + (48_000, 48_000, 22_050)
_LEAST_RENDERED: Final = 44_100
"""Lower rates are resampled from this one: the synthesiser's blocks last longer there, which would blur times."""
_DETUNE_CENTS: Final = 35.0
_STRETCH: Final = 0.04


def write_set(
    kind: str,
    split: Split,
    count: int,
    seed: int,
    corpora: Path,
    soundfonts: list[Path],
    out: Path,
    progress: Callable[[str], None] = lambda _: None,
    with_stems: bool = False,
) -> int:
    """Render `count` excerpts of a kind to `out/split/kind` and return their number. Existing files are kept.

    Deterministic: the random numbers depend on the seed, the kind and the excerpt's number. Raises ValueError for the
    stems of `train`, whose mixes are augmented as a whole.
    """
    if with_stems and split == "train":
        raise ValueError("train is coloured as a whole, which no sum of stems is: ask for the stems of dev or held")
    folder = out / split / kind
    folder.mkdir(parents=True, exist_ok=True)
    excerpts = KINDS[kind](corpora, split, Random(f"{seed}/{split}/{kind}"))
    done = 0
    for number, piece in zip(range(count), excerpts, strict=False):
        target = folder / f"{piece.name}.flac"
        if not target.exists():
            write_excerpt(
                piece, split, Random(f"{seed}/{split}/{kind}/{number}"), soundfonts, target, number, with_stems
            )
            progress(piece.name)
        done += 1
    return done


def write_excerpt(
    piece: Piece,
    split: Split,
    chance: Random,
    soundfonts: list[Path],
    target: Path,
    number: int = 0,
    with_stems: bool = False,
) -> None:
    """Render one excerpt to `target` and its ground truth to the JSON file next to it, which is written last.

    Its stems go to `NAME.stems/STEM.flac`, as loud as in the mix, with 24 bits: their sum is the mix up to its 16 bits.
    """
    rate = chance.choice(_RATES)
    voice = Voice(
        choose_font(soundfonts, split, target.parent.name, number, chance),
        max(rate, _LEAST_RENDERED),
        reverb=chance.random() < 0.7,
        chorus=chance.random() < 0.3,
    )
    # The synthesiser's effects and voices differ slightly when parts play together, so the mix is the sum of the stems.
    stems = {name: render(part, voice) for name, part in divide(piece).items()} if with_stems else {}
    audio: FloatArray = np.stack(list(stems.values())).sum(axis=0) if stems else render(piece, voice)
    tuning = 0.0
    if split == "train":
        audio = colour(audio, voice.rate, chance)
        if chance.random() < 0.5:
            # Varispeed, as with tape: time and pitch change together, and the ground truth with them.
            cents = chance.uniform(-_DETUNE_CENTS, _DETUNE_CENTS)
            audio, piece, tuning = resample(audio, piece, cents)
        elif not piece.tones and chance.random() < 0.5:
            audio, piece, _ = resample(audio, piece, 1200.0 * float(np.log2(1.0 + chance.uniform(-_STRETCH, _STRETCH))))
    is_mono = chance.random() < 0.15
    audio = _reduce(audio, voice.rate, rate, is_mono)
    loud = normalise(audio, chance.uniform(-9.0, -0.3))
    soundfile.write(target, loud.T, rate, subtype="PCM_16")
    gain = np.abs(loud).max() / max(float(np.abs(audio).max()), 1e-9)
    for name, samples in stems.items():
        place = stem_path(target, name)
        place.parent.mkdir(exist_ok=True)
        soundfile.write(place, gain * _reduce(samples, voice.rate, rate, is_mono).T, rate, subtype="PCM_24")
    truth = {
        **truth_of(piece),
        "tuning_cents": round(tuning, 1),
        "rendered": {"soundfont": voice.soundfont.name, "rate": rate, "reverb": voice.reverb, "kit": piece.kit},
    }
    target.with_suffix(".json").write_text(json.dumps(truth), encoding="utf-8")


def _reduce(audio: FloatArray, rate: int, to_rate: int, is_mono: bool) -> FloatArray:
    """Audio at a lower rate, and mono where it shall be."""
    if is_mono:
        audio = audio.mean(axis=0, keepdims=True)
    if to_rate < rate:
        audio = signal.resample_poly(audio, to_rate, rate, axis=1).astype(np.float32)
    return audio


def choose_font(soundfonts: list[Path], split: Split, kind: str, number: int, chance: Random) -> Path:
    """Return a soundfont: the reserved one for all drums and every second other excerpt of `held`, and never otherwise.

    Raises ValueError when none is left.
    """
    held = [font for font in soundfonts if font.name.startswith(HELD_FONT)]
    shared = [font for font in soundfonts if font not in held]
    allowed = held if split == "held" and held and (kind == "drums" or number % 2) else shared
    if not allowed:
        raise ValueError(f"no soundfont for the split {split!r} in {[font.name for font in soundfonts]}")
    return chance.choice(allowed)


def resample(audio: FloatArray, piece: Piece, cents: float) -> tuple[FloatArray, Piece, float]:
    """Return audio and piece sped up by `cents`, and the exact cents."""
    up = 2000
    down = round(up * 2.0 ** (cents / 1200.0))
    changed = signal.resample_poly(audio, up, down, axis=1).astype(np.float32)
    factor = changed.shape[1] / audio.shape[1]
    longer = stretch(piece, factor)
    return changed, replace(longer, duration=piece.duration * factor), -1200.0 * float(np.log2(factor))
