"""Takes with ground truth that imitate a model's output: off the tempo, with a lead-in, drifting, fading.

Our own band plays them on our own synthesiser, note by note at known times. Recorded loops can be varied in the same
way; they are read from a folder of the user's and are not part of the project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from musearoo.engines.audio.loops.loop_request import LoopRequest, seconds_needed
from musearoo.engines.audio.synthesis.mixing import mix_stems
from musearoo.engines.audio.synthesis.stem import Samples, Sounding, Stem
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.timing import seconds_per_beat
from musearoo.engines.players.arrangement.engine import SongParams, plan_song
from musearoo.engines.players.band.song import PlayedSection, Song, play_song
from musearoo.engines.styles.reading import find_style
from musearoo.engines.styles.schema import Style

Seconds = npt.NDArray[np.float64]
Drift = Literal["steady", "hurrying", "swaying"]

RATE: Final = 32_000
"""The sample rate of most audio generation models."""
SONG_SECONDS: Final = 75.0
"""The duration of the song that a take is cut from: long enough for a section with nearly all parts."""
FASTEST_OFF: Final = 1.1
"""How much more of a song may be needed than requested, where the tempo is off and drifts."""
SWAY_BEATS: Final = 24.0
"""The period of a swaying tempo in beats."""


@dataclass(frozen=True, slots=True)
class TakeSpec:
    """The specification of a take: the requested music, and the deviations from it."""

    name: str
    """The style, or the file of a recorded loop."""
    bpm: float
    """The requested tempo in BPM."""
    off: float
    """The actual tempo as a multiple of the requested one."""
    lead_in: float = 0.0
    """Beats of music before the first downbeat."""
    silence: float = 0.0
    """Seconds of silence before the music."""
    drift: Drift = "steady"
    drift_share: float = 0.0
    """The relative tempo drift from lowest to highest."""
    fade: float = 0.0
    """Seconds over which the end fades to nothing."""
    feel: float = 1.0
    """Beats of the music per requested beat: 0.5 is half-time, 2 double-time."""
    bars: int = 4
    beats_per_bar: float = 4.0
    seed: int = 1
    has_drums: bool = True
    mono: bool = False
    humanise: float = 0.0
    """The looseness of playing: 0 on the grid, 1 as the style's players."""


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """A take and its ground truth.

    `samples`: float32 (channels, n). `beats`: the true times in seconds of the requested quarters, rising. `downbeats`:
    those at which the music's own bars begin. Both are empty for music without a beat.
    """

    spec: TakeSpec
    wish: LoopRequest
    samples: Samples
    rate: int
    beats: Seconds
    downbeats: Seconds


TAKES: Final = (
    TakeSpec("rock", 120.0, 1.0),
    TakeSpec("house", 124.0, 1.04, lead_in=1.3, seed=2),
    TakeSpec("funk", 104.0, 0.95, lead_in=2.6, silence=0.21, seed=3),
    TakeSpec("hip-hop", 90.0, 1.08, lead_in=0.4, seed=4, mono=True),
    TakeSpec("pop", 112.0, 0.92, fade=3.0, seed=5),
    TakeSpec("reggae", 76.0, 1.06, lead_in=3.1, seed=6),
    TakeSpec("techno", 130.0, 0.97, silence=0.6, fade=2.0, seed=7, bars=8),
    TakeSpec("soul", 96.0, 1.02, drift="swaying", drift_share=0.03, lead_in=0.7, seed=8),
    TakeSpec("disco", 118.0, 1.05, drift="hurrying", drift_share=0.04, seed=9, bars=8),
    TakeSpec("trap", 140.0, 0.98, feel=0.5, lead_in=1.0, seed=10),
    TakeSpec("rock", 132.0, 1.03, feel=0.5, lead_in=2.2, seed=11, mono=True),
    TakeSpec("house", 62.0, 0.96, feel=2.0, lead_in=0.3, seed=12, bars=4),
    TakeSpec("drum and bass", 87.0, 1.01, feel=2.0, seed=13),
    TakeSpec("bossa nova", 126.0, 0.94, lead_in=1.7, seed=14),
    TakeSpec("jazz swing", 140.0, 1.07, drift="swaying", drift_share=0.02, seed=15),
    TakeSpec("lo-fi", 82.0, 0.93, silence=0.35, fade=2.5, seed=16, mono=True),
    TakeSpec("ballad", 70.0, 1.03, lead_in=0.9, seed=17, bars=2),
    TakeSpec("rock", 108.0, 0.96, beats_per_bar=3.0, lead_in=1.2, seed=18),
    TakeSpec("country", 110.0, 1.05, lead_in=2.0, has_drums=False, seed=19),
    TakeSpec("salsa", 94.0, 0.92, lead_in=3.5, drift="hurrying", drift_share=0.03, fade=1.5, seed=20),
)
"""The twenty takes, up to 8 % off the requested tempo."""

WITHOUT_BEAT: Final = frozenset({"ambient", "cinematic", "classical"})
"""Styles without random takes, because much of their music has no audible beat."""
DRAWN_OF_EACH: Final = 2
HELD_OUT_SEED: Final = 2026
"""The seed of the takes that nothing was tuned on."""
LEAST_ASKED: Final = 50.0
MOST_ASKED: Final = 190.0
"""The maximum requested tempo in BPM."""

LOOP_BEATS: Final[Mapping[str, int]] = {
    "loop_breakbeat": 4,
    "loop_compus": 16,
    "loop_electric": 4,
    "loop_garzul": 16,
    "loop_mehackit1": 4,
    "loop_mika": 16,
    "loop_safari": 16,
    "loop_tabla": 16,
}
"""The lengths in beats of the loops of Sonic Pi's library."""

RECORDED: Final = tuple(
    TakeSpec(name, bpm, off, lead_in=lead_in, fade=fade)
    for name, bpm, off, lead_in, fade in (
        ("loop_breakbeat", 126.0, 1.06, 1.3, 0.0),
        ("loop_compus", 148.0, 0.95, 2.6, 0.0),
        ("loop_electric", 97.0, 1.03, 0.4, 2.0),
        ("loop_garzul", 120.0, 0.93, 3.2, 0.0),
        ("loop_mehackit1", 97.0, 1.08, 0.0, 1.5),
        ("loop_mika", 120.0, 1.05, 1.7, 0.0),
        ("loop_safari", 120.0, 0.98, 0.9, 0.0),
        ("loop_tabla", 90.0, 1.04, 2.1, 0.0),
    )
)
"""The recorded loops, varied in speed like a tape, so that their truth stays known."""


def draw_takes(seed: int, styles: Mapping[str, Style]) -> tuple[TakeSpec, ...]:
    """Return two random takes of each style with a beat. Deterministic for a seed."""
    chance = np.random.default_rng(seed)
    with_beat = [style for name, style in sorted(styles.items()) if name not in WITHOUT_BEAT]
    return tuple(_draw_take(chance, style) for style in with_beat for _ in range(DRAWN_OF_EACH))


def _draw_take(chance: np.random.Generator, style: Style) -> TakeSpec:
    """Return a random take of a style: one in five has half-time or double-time feel, two in three are loose."""
    played = float(chance.uniform(style.tempo.low, style.tempo.high))
    feel = float(chance.choice((1.0, 0.5, 2.0), p=(0.8, 0.1, 0.1)))
    if not LEAST_ASKED <= played / feel <= MOST_ASKED:
        feel = 1.0
    off = float(chance.uniform(0.92, 1.08))
    is_led, is_late, is_fading = (bool(chance.uniform() < share) for share in (0.65, 0.2, 0.25))
    drift: Drift = ("steady", "steady", "hurrying", "swaying")[int(chance.integers(4))]
    beats_per_bar = 3.0 if chance.uniform() < 0.08 and feel == 1.0 else 4.0
    return TakeSpec(
        style.name,
        bpm=round(played / feel),
        off=round(off, 3),
        lead_in=round(float(chance.uniform(0.1, beats_per_bar - 0.1)), 2) if is_led else 0.0,
        silence=round(float(chance.uniform(0.05, 0.6)), 2) if is_late else 0.0,
        drift=drift,
        drift_share=0.0 if drift == "steady" else round(float(chance.uniform(0.01, 0.04)), 3),
        fade=round(float(chance.uniform(1.0, 3.0)), 1) if is_fading else 0.0,
        feel=feel,
        bars=int(chance.choice((2, 4, 4, 4, 8))),
        beats_per_bar=beats_per_bar,
        seed=int(chance.integers(1, 100_000)),
        has_drums=bool(chance.uniform() < 0.9),
        mono=bool(chance.uniform() < 0.25),
        humanise=0.0 if chance.uniform() < 1 / 3 else round(float(chance.uniform(0.3, 1.0)), 2),
    )


def make_takes(specs: Sequence[TakeSpec], styles: Mapping[str, Style]) -> Iterator[Take]:
    """Yield the takes that our band plays, one after another. Deterministic for a specification."""
    for spec in specs:
        yield make_take(spec, styles)


def make_take(spec: TakeSpec, styles: Mapping[str, Style]) -> Take:
    """Return one take of our band. Raises ParamError for an unknown style."""
    style = find_style(spec.name, dict(styles))
    wish = LoopRequest(spec.bpm, spec.beats_per_bar, spec.bars)
    seconds = seconds_needed(spec.bars, spec.bpm, spec.beats_per_bar)
    meter = Meter(round(spec.beats_per_bar), 4)
    song = play_song(
        plan_song(SongParams(style=style, seconds=SONG_SECONDS, meter=meter), spec.seed),
        style,
        spec.seed,
        humanise=spec.humanise,
    )
    bar = spec.beats_per_bar
    played = seconds * spec.bpm * FASTEST_OFF * spec.feel / 60.0
    first = _fullest_start(song, played, bar) + (bar - spec.lead_in if spec.lead_in else 0.0)
    time = _Playing(spec, first)
    stems = [
        _play_stem(song, one.role, None if one.role == "drums" else one.program, time, seconds)
        for one in song.arrangement.instruments
        if one.role in song.clips and (spec.has_drums or one.role != "drums")
    ]
    samples = mix_stems(stems, seconds, RATE)[:, : round(seconds * RATE)]
    last = time.beat_at(seconds)
    beats = np.arange(np.ceil(first / spec.feel - spec.beats_per_bar), last / spec.feel) * spec.feel
    # In double-time a bar of the music is half of a requested one: either may begin the loop.
    downbeats = np.arange(np.ceil(first / bar - 1.0), last / bar) * bar
    return Take(spec, wish, finish(samples, RATE, spec), RATE, time.seconds_at(beats), time.seconds_at(downbeats))


def vary_loop(spec: TakeSpec, samples: Samples) -> Take:
    """Return the take of a repeated recorded loop (channels, n), varied in speed like a tape."""
    wish = LoopRequest(spec.bpm, spec.beats_per_bar, spec.bars)
    count = LOOP_BEATS[spec.name]
    seconds = seconds_needed(spec.bars, spec.bpm, spec.beats_per_bar)
    beat = seconds_per_beat(spec.bpm * spec.off)
    length = samples.shape[1]
    lead_in = spec.lead_in and spec.beats_per_bar - spec.lead_in
    # The read position in the loop of each sample of the take, between the loop's own samples.
    beats = lead_in + np.arange(round(seconds * RATE)) / RATE / beat
    wrapped = np.concatenate((samples, samples[:, :1]), axis=1)
    places = beats / count * length % length
    played = np.stack([np.interp(places, np.arange(length + 1), channel) for channel in wrapped]).astype(np.float32)
    silence = round(spec.silence * RATE)
    played = np.pad(played, ((0, 0), (silence, 0)))[:, : played.shape[1]]
    quarters = np.arange(np.ceil(lead_in), beats[-1])
    downbeats = quarters[quarters % spec.beats_per_bar == 0.0]
    take = finish(played, RATE, spec)
    return Take(
        spec, wish, take, RATE, spec.silence + (quarters - lead_in) * beat, spec.silence + (downbeats - lead_in) * beat
    )


def read_recorded(folder: Path) -> Iterator[Take]:
    """Yield the takes of the recorded loops in a folder of FLAC files."""
    import soundfile

    for spec in RECORDED:
        path = folder / f"{spec.name}.flac"
        if path.is_file():
            samples, _ = soundfile.read(path, dtype="float32", always_2d=True)
            yield vary_loop(spec, np.ascontiguousarray(samples.T))


def finish(samples: Samples, rate: int, spec: TakeSpec) -> Samples:
    """Return a take's samples with a fade-out and folded to mono, as specified."""
    if spec.mono:
        samples = samples.mean(axis=0, keepdims=True)
    count = round(spec.fade * rate)
    if count:
        samples = samples.copy()
        samples[:, -count:] *= np.linspace(1.0, 0.0, count, dtype=np.float32) ** 2
    return samples


class _Playing:
    """The times of a song's beats in a take that begins with the song's beat `first`."""

    def __init__(self, spec: TakeSpec, first: float) -> None:
        beats = np.arange(-8.0, 400.0, 0.05)
        bpm = spec.bpm * spec.off * spec.feel
        if spec.drift == "hurrying":
            moved = spec.drift_share * (np.clip(beats / 48.0, 0.0, 1.0) - 0.5)
        else:
            moved = 0.5 * spec.drift_share * np.sin(2.0 * np.pi * beats / SWAY_BEATS)
        steps = 60.0 / (bpm * (1.0 + moved)) * 0.05
        seconds = np.concatenate(([0.0], np.cumsum(steps[:-1])))
        self._beats = beats + first
        self._seconds = seconds - np.interp(0.0, beats, seconds) + spec.silence

    def seconds_at(self, beats: Seconds) -> Seconds:
        """Return the seconds in the take of beats of the song."""
        return np.interp(beats, self._beats, self._seconds)

    def beat_at(self, seconds: float) -> float:
        """Return the beat of the song at a second of the take."""
        return float(np.interp(seconds, self._seconds, self._beats))


def _play_stem(song: Song, role: str, program: int | None, time: _Playing, seconds: float) -> Stem:
    notes = [note for note in song.clips[role].notes if not note.mute]  # type: ignore[index]
    starts = time.seconds_at(np.array([note.start for note in notes]))
    ends = time.seconds_at(np.array([note.start + note.duration for note in notes]))
    sounding = tuple(
        Sounding(float(start), float(end - start), note.pitch, note.velocity)
        for note, start, end in zip(notes, starts, ends, strict=True)
        if start < seconds and end > 0.0
    )
    return Stem(role, sounding, program)


def _fullest_start(song: Song, beats: float, bar: float) -> float:
    """Return the beat at which the section with most parts begins, with at least `beats` remaining."""

    def parts(played: PlayedSection) -> int:
        return sum(bool(take.clip.notes) for take in played.takes)

    latest = max(0.0, (song.arrangement.length - beats) // bar - 1.0) * bar
    return min(max(song.sections, key=parts).section.start, latest)
