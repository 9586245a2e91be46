"""Songs to learn from, played by our own band."""

from __future__ import annotations

from functools import cache

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part, Role
from musearoo.engines.music.midi_files.song import decode_midi_file, encode_midi_file
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.band.scene import play_scene
from musearoo.engines.players.learning.song import SourceSong, read_song
from musearoo.engines.players.params import EngineParams
from musearoo.engines.styles.schema import Style
from tests.engines.presets_on_disk import STYLES

BARS = 8


def play_songs(style: Style, count: int, first: int = 0) -> list[SourceSong]:
    """Eight bars each by the style's drums, bass and chords, and what they are known to be."""
    songs = []
    for seed in range(first, first + count):
        bpm = style.tempo.usual + (seed - first) % 5 - 2.0
        params = EngineParams(style=style, bars=BARS, complexity=0.3 + 0.1 * (seed % 5))
        scene = play_scene(params, MusicalContext.plain(bpm=bpm), seed, ("drums", "bass", "harmony"))
        meter = scene.context.meter.value
        songs.append(
            SourceSong(
                name=f"{style.name} {seed}",
                bpm=bpm,
                meter=meter,
                bars=tuple(bar * meter.bar_beats for bar in range(BARS)),
                swing=style.swing.swing,
                has_swing_evidence=True,
                parts=tuple(Part(take.role, take.role, take.clip) for take in scene.takes),
                chords=scene.chords,
                key=scene.context.key.value,
            )
        )
    return songs


@cache
def songs_in(style: str, count: int = 20) -> tuple[SourceSong, ...]:
    """The same of a style that comes with MuseAroo."""
    return tuple(play_songs(STYLES[style], count))


def heard_from_file(song: SourceSong) -> SourceSong:
    """A song as it is heard from its MIDI file, with nothing known of it."""
    parts = {part.name: part.clip for part in song.parts}
    return read_song(song.name, decode_midi_file(encode_midi_file(parts, song.bpm)), STYLES)


def song_of(role: Role, notes: list[Note], bars: int, chords: str = "") -> SourceSong:
    """A song of one part in straight 4/4 at 120, in C."""
    clip = Clip.of(role, 4.0 * bars, notes)
    starts = tuple(4.0 * bar for bar in range(bars))
    spans = parse_progression(chords) if chords else ()
    return SourceSong(role, 120.0, clip.meter, starts, Swing(), True, (Part(role, role, clip),), spans, Key.parse("C"))


def drummed(rows: dict[int, str], bars: int) -> list[Note]:
    """The strokes of bars of sixteenths by pitch: X loud, x usual, g ghosts."""
    return [
        Note(4.0 * bar + step / 4.0, pitch, 0.25, {"X": 115.0, "x": 90.0, "g": 30.0}[mark])
        for bar in range(bars)
        for pitch, row in rows.items()
        for step, mark in enumerate(row.replace(" ", ""))
        if mark != "."
    ]
