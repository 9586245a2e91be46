"""Drum maps of other kits, as differences from General MIDI, which the engine uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

from msgspec.structs import replace

from musearoo.engines.music.clip import end_before_next, sort_notes
from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.music.note import Note

KitName = Literal["general midi", "808", "909", "electronic"]

KITS: Final[dict[KitName, dict[str, int]]] = {
    "general midi": {},
    # The sixteen pads from C1 of a rack in the order of the TR-808's own row of voices.
    "808": {
        "pedal_hat": 42, "ride": 42, "ride_bell": 51, "crash": 49, "splash": 49, "cowbell": 51, "claves": 40,
        "shaker": 44, "tambourine": 44, "low_tom": 41, "mid_tom": 43, "high_tom": 45, "conga_low": 47, "conga_high": 50,
    },
    # Eleven voices: it has no percussion, so the rim replaces wooden percussion, and the ride the bell.
    "909": {
        "pedal_hat": 42, "ride_bell": 51, "splash": 49, "cowbell": 37, "claves": 37, "shaker": 42, "tambourine": 42,
        "low_tom": 41, "mid_tom": 43, "high_tom": 45, "conga_low": 41, "conga_high": 45,
    },
    # The General MIDI pads that nearly every rack of sixteen has; other voices use the nearest sound.
    "electronic": {
        "pedal_hat": 42, "ride_bell": 51, "splash": 49, "tambourine": 42, "cowbell": 37, "claves": 37, "shaker": 42,
        "conga_low": 41, "conga_high": 45,
    },
}  # fmt: skip
"""The pitches of each kit that differ from General MIDI, by voice."""


def map_to_kit(notes: Iterable[Note], kit: KitName) -> tuple[Note, ...]:
    """Map General MIDI notes to a kit's pads; two voices on one pad cut each other off.

    >>> [note.pitch for note in map_to_kit([Note(0.0, 51, 0.5, 90)], "808")]
    [42]
    """
    return move_to_pads(notes, KITS[kit])


def map_from_kit(notes: Iterable[Note], kit: KitName) -> tuple[Note, ...]:
    """Map a kit's notes to General MIDI; a pad shared by several voices becomes the voice General MIDI has there.

    >>> [note.pitch for note in map_from_kit([Note(0.0, 43, 0.5, 90), Note(1.0, 42, 0.5, 90)], "808")]
    [45, 42]
    """
    return move_from_pads(notes, KITS[kit])


def move_to_pads(notes: Iterable[Note], pads: Mapping[str, int]) -> tuple[Note, ...]:
    """Map General MIDI notes to pads, given as pitches by voice where they differ."""
    table = {KIT[voice].pitch: pitch for voice, pitch in pads.items()}
    return end_before_next(_with_pitches(notes, table)) if table else tuple(notes)


def move_from_pads(notes: Iterable[Note], pads: Mapping[str, int]) -> tuple[Note, ...]:
    """Map pads to General MIDI; of several voices on one pad, take General MIDI's, else the first of the kit."""
    table = drums_on_pads(pads)
    return sort_notes(_with_pitches(notes, table)) if table else tuple(notes)


def drums_on_pads(pads: Mapping[str, int]) -> dict[int, int]:
    """Return the General MIDI pitch of each pad that plays another drum than General MIDI has there, by its pitch.

    >>> drums_on_pads({"snare": 40})
    {40: 38}
    """
    own = {voice.pitch for name, voice in KIT.items() if pads.get(name, voice.pitch) == voice.pitch}
    return {pads[name]: voice.pitch for name, voice in reversed(KIT.items()) if name in pads and pads[name] not in own}


def _with_pitches(notes: Iterable[Note], table: Mapping[int, int]) -> Iterator[Note]:
    for note in notes:
        yield replace(note, pitch=table[note.pitch]) if note.pitch in table else note
