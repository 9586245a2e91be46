"""Mixes with known stems: our own band, each part rendered separately and mixed by MixAroo.

Nothing is downloaded. With `fluidsynth` and a soundfont, half of the mixes are rendered by them, otherwise all by our
own synthesiser. The lead is a voice-like instrument of General MIDI or `singing`'s singer. The two splits have
different songs, half of them with other leads: the separator was tuned on "dev"; results are reported on "held".
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Final, Literal

import numpy as np

from musearoo.bridge.audio.rendering import Renderer, SongPart, find_soundfont, render_song
from musearoo.engines.audio.synthesis.measuring import lowest_pitch, measure_samples
from musearoo.engines.audio.synthesis.mixdown import ROOM_GAIN, set_part
from musearoo.engines.audio.synthesis.mixing import CEILING, add_room, render_stem
from musearoo.engines.audio.synthesis.stem import RATE, Samples, stem_of
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.stems import FOUR_STEMS, StemName
from musearoo.engines.music.timing import beats_to_seconds, seconds_to_beats
from musearoo.engines.players.arrangement.engine import SongParams, plan_song
from musearoo.engines.players.band.song import PlayedSection, Song, play_song
from musearoo.engines.players.mix.engine import MixPlan, plan_mix
from musearoo.engines.players.mix.tracks import MixTrack
from musearoo.engines.styles.reading import find_style
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.stems.singing import MAN, WOMAN, Singer, sing

Split = Literal["dev", "held"]

SECONDS: Final = 12.0
"""The duration of a mix."""
SONG_SECONDS: Final = 45.0
"""The duration of the song that it is taken from: long enough for a section with all parts."""
STYLES: Final = (
    "pop", "funk", "house", "reggae", "rock", "R&B", "trap", "bossa nova", "disco", "soul", "hip-hop", "trance",
    "country", "dub", "salsa", "techno", "metal", "lo-fi", "afrobeat", "drum and bass", "ballad", "jazz swing",
    "deep house", "blues", "dubstep", "folk",
)  # fmt: skip
LEADS: Final[Mapping[Split, tuple[int | Singer, ...]]] = {
    "dev": (MAN, WOMAN, 65, 53, MAN, 81, WOMAN, 40, 56, WOMAN, 73, MAN, 80, 52),
    "held": (WOMAN, MAN, 66, 54, WOMAN, 85, MAN, 68, MAN, 82, WOMAN, 71),
}
"""The lead: a singer, or a General MIDI program similar to a voice (voices, reeds, brass, a violin, synthesiser
leads).
"""
COUNT: Final[Mapping[Split, int]] = {"dev": 28, "held": 26}
FIRST_SEED: Final[Mapping[Split, int]] = {"dev": 1, "held": 1001}
ANOTHER: Final = 10_000
"""The seed increment used when a song has a silent stem."""
ALL: Final[frozenset[StemName]] = frozenset(FOUR_STEMS)
MONO_EVERY: Final = 7
"""One in this many mixes is mono, so that panning does not separate its stems."""
STEM_OF: Final[Mapping[Role, StemName]] = {"drums": "drums", "bass": "bass", "melody": "vocals"}
"""The stem of each part; other parts belong to the rest."""


@dataclass(frozen=True, slots=True)
class MixSpec:
    """The specification of a mix: style, seed, lead, renderer, and whether it is folded to mono."""

    style: str
    seed: int
    lead: int | Singer
    renderer: Renderer
    mono: bool

    @property
    def name(self) -> str:
        """Such as "funk 2"."""
        return f"{self.style} {self.seed}"


@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """The true stems of a mix, each float32 (channels, samples), at `rate` Hz; their sum is the mix."""

    name: str
    stems: Mapping[StemName, Samples]
    rate: int = RATE

    @property
    def samples(self) -> Samples:
        """The mix itself, float32 (channels, samples)."""
        return np.asarray(sum(self.stems.values()), dtype=np.float32)


def mix_specs(split: Split, number: int | None = None) -> tuple[MixSpec, ...]:
    """Return the mixes of a split, `number` of them or the default number; the first ones are always the same."""
    leads = LEADS[split]
    return tuple(
        MixSpec(
            style=STYLES[place % len(STYLES)],
            seed=FIRST_SEED[split] + place,
            lead=leads[place % len(leads)],
            renderer="auto" if place % 2 else "own",
            mono=place % MONO_EVERY == MONO_EVERY - 1,
        )
        for place in range(COUNT[split] if number is None else number)
    )


def make_mixes(specs: Sequence[MixSpec], styles: Mapping[str, Style]) -> Iterator[Mix]:
    """Yield the specified mixes, one after another."""
    for spec in specs:
        yield make_mix(spec, styles)


def make_mix(spec: MixSpec, styles: Mapping[str, Style]) -> Mix:
    """Return one mix, its peak 1 dB below full scale or lower. Deterministic for a specification and renderer."""
    style = find_style(spec.style, dict(styles))
    song = next(filter(_has_all, (_play(style, spec.seed + ANOTHER * attempt) for attempt in count())))
    parts = _parts(song)
    dry = {part.role: _render(part, song.arrangement.bpm, spec) for part in parts}
    plan = _plan(parts, dry, style, song.arrangement.bpm)
    first = round(beats_to_seconds(_fullest_start(song), song.arrangement.bpm) * RATE)
    frames = slice(first, first + round(SECONDS * RATE))
    stems = {name: np.zeros((2, frames.stop - first), dtype=np.float32) for name in FOUR_STEMS}
    for number, part in enumerate(parts):
        sound = set_part(dry[part.role], plan, number, RATE)
        reverb = style.mix.part(part.role).reverb
        if reverb is not None:
            sound = add_room(sound, sound * np.float32(min(1.0, ROOM_GAIN * 10.0 ** (reverb / 20.0))), RATE)
        heard = sound[:, frames]
        stems[STEM_OF.get(part.role, "other")][:, : heard.shape[1]] += heard
    if spec.mono:
        stems = {name: samples.mean(axis=0, keepdims=True) for name, samples in stems.items()}
    mix = Mix(spec.name, stems)
    gain = np.float32(min(1.0, CEILING / max(float(np.abs(mix.samples).max()), 1e-9)))
    return Mix(spec.name, {name: samples * gain for name, samples in stems.items()})


def _play(style: Style, seed: int) -> Song:
    return play_song(plan_song(SongParams(style=style, seconds=SONG_SECONDS), seed), style, seed)


def _has_all(song: Song) -> bool:
    return any(_playing(played) >= ALL for played in song.sections)


def _playing(played: PlayedSection) -> set[StemName]:
    """Return the stems that sound in a section."""
    return {STEM_OF.get(take.role, "other") for take in played.takes if take.clip.notes}


def _parts(song: Song) -> list[SongPart]:
    return [
        SongPart(one.name, song.clips[one.role], None if one.role == "drums" else one.program, one.role)
        for one in song.arrangement.instruments
        if one.role in song.clips
    ]


def _fullest_start(song: Song) -> float:
    """Return the beat of the first section with all stems and most parts."""
    fullest = max(
        (played for played in song.sections if _playing(played) >= ALL),
        key=lambda played: sum(bool(take.clip.notes) for take in played.takes),
    )
    # Late sections end the song: the excerpt must not be cut short by its end.
    latest = song.arrangement.length - seconds_to_beats(SECONDS, song.arrangement.bpm)
    return max(0.0, min(fullest.section.start, latest))


def _render(part: SongPart, bpm: float, spec: MixSpec) -> Samples:
    """Return a part's sound before the fader, float32 (2, samples)."""
    seconds = beats_to_seconds(part.clip.length, bpm)
    if part.role == "melody":
        if isinstance(spec.lead, Singer):
            return sing(stem_of(part.name, part.clip, bpm, 0).notes, spec.lead, seconds, RATE, spec.seed)
        part = SongPart(part.name, part.clip, spec.lead, part.role)
    if spec.renderer == "own" or not _has_soundfont():
        return render_stem(stem_of(part.name, part.clip, bpm, part.program), seconds)
    return render_song([part], bpm, RATE, "fluidsynth").samples


@cache
def _has_soundfont() -> bool:
    return shutil.which("fluidsynth") is not None and find_soundfont() is not None


def _plan(parts: Sequence[SongPart], dry: Mapping[Role, Samples], style: Style, bpm: float) -> MixPlan:
    tracks = []
    for number, part in enumerate(parts):
        lowest = None if part.program is None else lowest_pitch([note.pitch for note in part.clip.notes])
        measured = measure_samples(dry[part.role], RATE, (), lowest)
        tracks.append(MixTrack(number, part.name, part.role, sound=measured.sound, sections=measured.sections))
    return plan_mix(tracks, style.mix, bpm=bpm, with_devices=True)
