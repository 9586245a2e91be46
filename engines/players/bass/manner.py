"""Manners of playing that can be requested in any style: walking bass and pedal.

The style's own lines of that manner come first; a style without them gets a generic one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.styles.bass import BassLine, BassStyle
from musearoo.engines.styles.rows import OnsetRow, ToneRow
from musearoo.engines.styles.schema import Style

WALKING, PEDAL = "walking", "pedal"
MANNERS: Final = (WALKING, PEDAL)

STEPS_OF_A_WALK: Final = 2
"""The beats of a bar that must move by walking steps: the first is on the chord, and one may be its fifth."""
WALK: Final = BassLine(
    name="walking in four",
    onsets=OnsetRow("X x x x"),
    tones=ToneRow("R w w a"),
    lock=0.0,
    gate=0.95,
)
"""A generic walking line: one note per beat, the root on one, then steps towards the next root."""
_STAYING: Final = "R8"
"""The tones of a line that are the pedal or its octave."""


def style_in_manner(style: Style, manner: str) -> Style:
    """Return the style with only lines of the manner, without fills and rests, which would break it.

    For "" the style is returned unchanged.
    """
    if not manner:
        return style
    lines = _walks(style.bass) if manner == WALKING else _pedals(style.bass)
    # A requested manner applies in every section of a song.
    anywhere = tuple(msgspec.structs.replace(line, sections=()) for line in lines)
    return msgspec.structs.replace(style, bass=msgspec.structs.replace(style.bass, lines=anywhere, fills=(), rests=0.0))


def chords_in_manner(spans: Sequence[ChordSpan], key: Key | None, manner: str) -> tuple[ChordSpan, ...]:
    """Return the chords that the bass follows: for a pedal only the tonic's (without a key, the first chord's root)."""
    if manner != PEDAL:
        return tuple(spans)
    tonic = spans[0].chord.root if key is None else key.tonic
    return (ChordSpan(0.0, spans[-1].end, Chord(tonic, "(1,5)")),)


def _walks(bass: BassStyle) -> Sequence[BassLine]:
    return [line for line in bass.lines if _is_walk(line)] or (WALK,)


def _is_walk(line: BassLine) -> bool:
    """Return whether a line is a walk: one note on every beat, no others, and mostly steps."""
    if line.pedal:
        return False
    sure = [[step.at for step in beat if not step.mark.isdigit()] for beat in line.onsets.beats]
    stepping = [bool(beat) and beat[0].mark in "wa" for beat in line.tones.beats]
    return all(beat == [0.0] for beat in sure) and sum(stepping) >= STEPS_OF_A_WALK * len(line.tones.bars)


def _pedals(bass: BassStyle) -> Sequence[BassLine]:
    """Return the style's pedal lines, or else its own rhythms on one note and its octave."""
    lines = [line for line in bass.lines if line.pedal] or bass.lines
    return [msgspec.structs.replace(line, pedal=True, tones=_staying(line.tones)) for line in lines]


def _staying(tones: ToneRow) -> ToneRow:
    return ToneRow("".join(mark if mark in _STAYING or not mark.isalnum() else "R" for mark in tones.text))
