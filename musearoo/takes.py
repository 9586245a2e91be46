"""Takes: a part composed by an engine, with its musical context."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musearoo.bridge.requests.generate import choose_style
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.engine_plugins import read_engines
from musearoo.bridge.settings.home_files import write_for_user
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.midi_files.song import encode_midi_file
from musearoo.engines.music.note import Note
from musearoo.engines.music.song_section import LOOP, SectionKind, SongSection
from musearoo.engines.players.band.catalogue import find_engine
from musearoo.engines.players.options import option_names

LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Take:
    """A composed part. The same engine, style, parameters, context and seed give the same take.

    `part` is its role in the band: drums, bass, harmony, melody or atmosphere. `context` is the music that it was
    composed for, including the parts that it plays with.
    """

    engine: str
    part: Role
    style: str
    seed: int
    clip: Clip
    context: MusicalContext

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes in order; `start` and `duration` in quarter notes, `pitch` 0..127, `velocity` 1..127."""
        return self.clip.notes

    @property
    def bpm(self) -> float:
        """The tempo in BPM."""
        return self.context.bpm

    @property
    def key(self) -> str | None:
        """The key, such as "A minor"; None if none was given."""
        key = self.context.key.value
        return str(key) if key else None

    def to_midi(self) -> bytes:
        """Return the take as the bytes of a MIDI file, drums on channel 10."""
        key = self.context.key.value
        return encode_midi_file({self.part: self.clip}, self.bpm, keys=[(0.0, key)] if key else ())

    def write(self, path: str | Path) -> Path:
        """Write a MIDI file, replacing an existing one, and return its path; raises OSError if it cannot."""
        path = Path(path)
        write_for_user({path: self.to_midi()})
        return path


def styles() -> tuple[str, ...]:
    """Return the names of the styles: those included in MuseAroo, and the user's own.

    >>> "funk" in styles()
    True
    """
    return tuple(sorted(read_styles(home_folder() / "styles"), key=str.casefold))


def generate(
    engine: str,
    *,
    style: str = "",
    bars: int = 8,
    bpm: float | None = None,
    key: str | None = None,
    chords: str = "",
    time_signature: str | None = None,
    seed: int | None = None,
    complexity: float = 0.5,
    density: float = 0.5,
    humanise: float = 0.5,
    swing: float | None = None,
    section: SectionKind = LOOP.kind,
    energy: float = LOOP.energy,
    context: MusicalContext | Take | Sequence[Take] = (),
    **options: Any,
) -> Take:
    """Compose one part.

    `engine` is a name or a role ("drums", "bass", "harmony", "melody", "atmosphere"). `bars` is 1..64, `bpm` 20..999,
    `key` as "A minor", `chords` as "Am F | C G", the amounts 0..1, `swing` long to short (1 straight, 2 triplets).
    `context` is the music to play with: takes, which give tempo, meter, key and chords where these are not given here,
    or a whole context. `options` are specific to this engine; `musearoo engines` lists them. Without a seed a random
    one is used and stored in the take. Raises ParamError, a ValueError, for a value out of bounds.

    >>> drums = generate("drums", style="house", bars=2, seed=1)
    >>> bass = generate("bass", style="house", bars=2, key="A minor", seed=1, context=drums)
    >>> bass.part, bass.bpm == drums.bpm, bass.key
    ('bass', True, 'A minor')
    """
    record = find_engine(engine, read_engines())
    known = read_styles(home_folder() / "styles")
    given = _context_of(context, bpm=bpm, key=key, chords=chords, time_signature=time_signature)
    chosen = choose_style(known, style, given or MusicalContext.plain(bpm=bpm or 120.0))
    music = given or MusicalContext.plain(
        bpm=bpm or chosen.tempo.usual, meter=time_signature or "4/4", key=key, chords=chords
    )
    if unknown := sorted(set(options) - set(option_names(record.params))):
        raise ParamError("options", f"of {', '.join(option_names(record.params)) or 'none: it knows none'}", unknown[0])
    params = record.params(
        style=chosen,
        bars=bars,
        complexity=complexity,
        density=density,
        humanise=humanise,
        swing=swing,
        section=SongSection(section, energy),
        **options,
    )
    if seed is None:
        seed = secrets.randbelow(LARGEST_SEED + 1)
    clip = record.generate(params, music, seed)
    return Take(engine=record.name, part=record.part, style=chosen.name, seed=seed, clip=clip, context=music)


def _context_of(
    context: MusicalContext | Take | Sequence[Take],
    *,
    bpm: float | None,
    key: str | None,
    chords: str,
    time_signature: str | None,
) -> MusicalContext | None:
    """Return the given musical context, or None."""
    if isinstance(context, MusicalContext):
        given_too = {"bpm": bpm, "key": key, "chords": chords or None, "time_signature": time_signature}
        if doubled := [name for name, value in given_too.items() if value is not None]:
            raise ParamError(doubled[0], "left out: the context gives it", given_too[doubled[0]])
        return context
    takes = (context,) if isinstance(context, Take) else tuple(context)
    if not takes:
        return None
    first = takes[0].context
    harmony = next((take.context for take in takes if take.context.chords), first)
    return MusicalContext.plain(
        bpm=bpm or first.bpm,
        meter=time_signature or first.meter.value,
        key=key or next((take.context.key.value for take in takes if take.context.key.value), None),
        chords=chords or harmony.chords,
        parts=[Part(take.part, take.clip.name, take.clip) for take in takes],
    )
