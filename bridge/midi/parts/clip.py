"""A clip as a part for a MIDI output: channels, programs, and its notes as messages."""

from __future__ import annotations

from typing import Final

from musearoo.bridge.protocol.midi_process import Part, TimedMessage
from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.midi_files.song import PROGRAMS

DRUM_CHANNEL: Final = 10
CHANNELS: Final = {"drums": DRUM_CHANNEL, "bass": 2, "harmony": 3, "melody": 4, "atmosphere": 5}
"""MIDI channels (1..16) of the band's parts; channel 1 is the player's, the default of most keyboards."""

LIKELY: Final = 0.5
"""Notes of a lower probability do not sound, so that a clip sounds the same each time."""

_NOTE_OFF, _NOTE_ON, _PROGRAMME = 0x80, 0x90, 0xC0


def make_part(clip: Clip, channel: int, program: int | None = None, loops: bool = False) -> Part:
    """Return the part of a clip on a channel (1..16), beginning with a General MIDI program (0..127) if given.

    Each note ends before the next of its pitch, and with the clip at the latest.

    >>> from musearoo.engines.music.note import Note
    >>> part = make_part(Clip("k", 4.0, (Note(0.0, 36, 9.0, 100), Note(1.0, 36, 0.5, 90))), DRUM_CHANNEL)
    >>> [(message.beat, message.data.hex(" ")) for message in part.messages]
    [(0.0, '99 24 64'), (1.0, '89 24 40'), (1.0, '99 24 5a'), (1.5, '89 24 40')]
    """
    require_between("channel", channel, 1, 16)
    if program is not None and not 0 <= program <= 127:
        raise ParamError("program", "0 to 127", program)
    low = channel - 1
    # At one beat: the program, note offs, then note ons, or a repeated pitch would end itself.
    events: list[tuple[float, int, bytes]] = []
    if program is not None and channel != DRUM_CHANNEL:
        events.append((0.0, 0, bytes((_PROGRAMME | low, program))))
    audible = (note for note in clip.notes if not note.mute and note.probability >= LIKELY)
    for note in end_before_next(audible):
        events.append((note.start, 2, bytes((_NOTE_ON | low, note.pitch, max(1, round(note.velocity))))))
        end = min(note.end, clip.length)
        events.append((end, 1, bytes((_NOTE_OFF | low, note.pitch, round(note.release_velocity)))))
    events.sort(key=lambda event: event[:2])
    return Part(tuple(TimedMessage(beat, data) for beat, _, data in events), clip.length, loops)


def part_of_engine(part: str, clip: Clip, loops: bool = False) -> Part:
    """Return the part of a clip that an engine plays: `part` is an EngineRecord's, such as "bass".

    An engine outside the band, such as a plug-in, plays as a melody.
    """
    return make_part(clip, CHANNELS.get(part, CHANNELS["melody"]), PROGRAMS.get(part, PROGRAMS["melody"]), loops)
