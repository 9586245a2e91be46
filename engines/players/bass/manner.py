"""A manner of playing that is asked for by name, in whatever style: walking from chord to chord, or staying on a pedal.

The style's own lines that are played so come first; where it has none, its players do it as others do.
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
"""Beats of a bar that must step on: the first stands on the chord, and one may stand on its fifth."""
WALK: Final = BassLine(
    name="walking in four",
    onsets=OnsetRow("X x x x"),
    tones=ToneRow("R w w a"),
    lock=0.0,
    gate=0.95,
)
"""A note a beat, the chord's root on one, steps towards the next: what walking is in any style."""
_STAYING: Final = "R8"
"""Tones of a line that are the pedal, or the octave above it."""


def style_in_manner(style: Style, manner: str) -> Style:
    """The style with a bass player who knows no other manner, nor fills and rests, which would leave it.

    For "" it is the style as it is.
    """
    if not manner:
        return style
    lines = _walks(style.bass) if manner == WALKING else _pedals(style.bass)
    # Who is asked for a manner plays so in every section of a song.
    anywhere = tuple(msgspec.structs.replace(line, sections=()) for line in lines)
    return msgspec.structs.replace(style, bass=msgspec.structs.replace(style.bass, lines=anywhere, fills=(), rests=0.0))


def chords_in_manner(spans: Sequence[ChordSpan], key: Key | None, manner: str) -> tuple[ChordSpan, ...]:
    """The chords that the bass follows: on a pedal one, the keynote's (without a key, the first chord's root), however
    the others rub against it.
    """
    if manner != PEDAL:
        return tuple(spans)
    tonic = spans[0].chord.root if key is None else key.tonic
    return (ChordSpan(0.0, spans[-1].end, Chord(tonic, "(1,5)")),)


def _walks(bass: BassStyle) -> Sequence[BassLine]:
    return [line for line in bass.lines if _is_walk(line)] or (WALK,)


def _is_walk(line: BassLine) -> bool:
    """Whether a line has a note on every beat, surely no other, and steps on with most of them."""
    if line.pedal:
        return False
    sure = [[step.at for step in beat if not step.mark.isdigit()] for beat in line.onsets.beats]
    stepping = [bool(beat) and beat[0].mark in "wa" for beat in line.tones.beats]
    return all(beat == [0.0] for beat in sure) and sum(stepping) >= STEPS_OF_A_WALK * len(line.tones.bars)


def _pedals(bass: BassStyle) -> Sequence[BassLine]:
    """The style's pedals, else its own rhythms, each on one note and its octave."""
    lines = [line for line in bass.lines if line.pedal] or bass.lines
    return [msgspec.structs.replace(line, pedal=True, tones=_staying(line.tones)) for line in lines]


def _staying(tones: ToneRow) -> ToneRow:
    return ToneRow("".join(mark if mark in _STAYING or not mark.isalnum() else "R" for mark in tones.text))
