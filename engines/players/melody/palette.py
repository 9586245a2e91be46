"""The tonal tension of each pitch class under a chord in a key, and the key of a melody without one.

The levels are those of the basic space of Lerdahl, "Tonal Pitch Space" (2001): root, fifth, chord, scale, all else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from musearoo.engines.analysis.symbolic.keys import find_key
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.players.melody.habits import MAJOR_DEGREES, MINOR_DEGREES
from musearoo.engines.styles.melody import Colour

OUT: Final = 9.0
"""The tension of a pitch class that the palette does not have."""
FOREIGN: Final = 2.2
"""The tension from which a pitch class is outside the chord."""
CLASH: Final = 3.0
"""The tension of a semitone against a held note."""

_PENTATONIC: Final = {False: (0, 2, 4, 7, 9), True: (0, 3, 5, 7, 10)}


class Palette(NamedTuple):
    """The tension of each pitch class under a chord, on strong and weak beats, and whether it is a chord tone. A
    tension of OUT or more means that it is not used."""

    strong: tuple[float, ...]
    weak: tuple[float, ...]
    in_chord: tuple[bool, ...]


@lru_cache(maxsize=4096)
def palette_of(chord: Chord | None, key: Key, colour: Colour) -> Palette:
    """Return the palette under a chord, or none, in a key.

    >>> palette = palette_of(Chord.parse("G7"), Key.parse("C"), "scale")
    >>> palette.strong[7] < palette.strong[11] < palette.strong[9] < palette.strong[0], palette.weak[6] >= OUT
    (True, True)
    """
    tones = frozenset(() if chord is None else chord.pitch_classes)
    scale = scale_under(chord, key)
    habits = _habits(key, colour)
    strong, weak = [], []
    for pitch_class in range(12):
        if pitch_class in tones:
            level = _chord_level(chord, pitch_class)
            strong.append(0.3 * level + 0.5 * habits[pitch_class])
            weak.append(0.1 * level + 0.5 * habits[pitch_class])
        elif (pitch_class in scale and colour != "arpeggio") or (colour == "blues" and habits[pitch_class] < OUT):
            harsh = (pitch_class - 1) % 12 in tones  # a semitone above a chord tone: the avoid note
            # A blue note only passes, except over a dominant, where it is the chord's sharp ninth and may be held.
            harsh = harsh or (pitch_class not in scale and 10 not in _intervals(chord))
            strong.append(FOREIGN + (3.5 if harsh else 0.0) + 0.5 * min(3.0, habits[pitch_class]))
            weak.append(0.6 + (0.6 if harsh else 0.0) + 0.5 * min(3.0, habits[pitch_class]))
        else:
            strong.append(OUT)
            weak.append(OUT)
    if chord is None:
        return Palette(tuple(weak), tuple(weak), tuple(pitch_class in scale for pitch_class in range(12)))
    return Palette(tuple(strong), tuple(weak), tuple(pitch_class in tones for pitch_class in range(12)))


@lru_cache(maxsize=8192)
def tonal_tension_at(palette: Palette, strength: float) -> tuple[float, ...]:
    """Return the tension of each pitch class at a metrical strength between weak (0) and strong (1)."""
    return tuple([weak + strength * (strong - weak) for strong, weak in zip(palette.strong, palette.weak, strict=True)])


@lru_cache(maxsize=4096)
def avoid_clashes(tension: tuple[float, ...], palette: Palette, held: frozenset[int]) -> tuple[float, ...]:
    """Return the tensions with held notes of other parts taken into account: non-chord tones clash with them."""
    return tuple(
        [
            cost + (CLASH if not belongs and ((tone + 1) % 12 in held or (tone - 1) % 12 in held) else 0.0)
            for tone, (cost, belongs) in enumerate(zip(tension, palette.in_chord, strict=True))
        ]
    )


@lru_cache(maxsize=4096)
def scale_under(chord: Chord | None, key: Key) -> frozenset[int]:
    """Return the scale under a chord: the key's, with the chord's own tones.

    The tones of a chord outside the key replace the scale's tones a semitone away.

    >>> sorted(scale_under(Chord.parse("A7"), Key.parse("C")))
    [1, 2, 4, 5, 7, 9, 11]
    """
    own = frozenset(key.pitch_classes)
    if chord is None or frozenset(chord.pitch_classes) <= own or len(own) < 7:
        return own if chord is None else own | frozenset(chord.pitch_classes)
    added = frozenset(chord.pitch_classes) - own
    gone = {(tone - 1 if _is_raised(tone, chord, key) else tone + 1) % 12 for tone in added}
    bent = frozenset(tone for tone in own if tone in chord.pitch_classes or tone not in gone)
    return bent | frozenset(chord.pitch_classes)


def _is_raised(tone: int, chord: Chord, key: Key) -> bool:
    """Return whether a chord's tone outside the key is a raised tone of the key (a leading tone), not a lowered one (a
    blue note)."""
    above_root, above_tonic = (tone - chord.root) % 12, (tone - key.tonic) % 12
    if above_root == 0:
        return above_tonic == 6 or 6 in chord.intervals
    return above_root in (2, 4, 6, 8, 9, 11)


@lru_cache(maxsize=1024)
def home_key(key: Key | None, spans: Sequence[ChordSpan]) -> Key:
    """Return the key of a melody: the one given, else the one that the chords imply.

    >>> from musearoo.engines.music.progression import parse_progression
    >>> [str(home_key(None, parse_progression(chords))) for chords in ("Am F C G", "Dm7 G7 Cmaj7 C6")]
    ['A minor', 'C major']
    """
    if key is not None:
        return key
    tones = [
        Note(span.start, tone, span.end - span.start, 90.0) for span in spans for tone in set(span.chord.pitch_classes)
    ]
    found = find_key(tones, spans)
    return found[0] if found is not None else Key(spans[0].chord.root if spans else 0)


def _intervals(chord: Chord | None) -> tuple[int, ...]:
    """Return the intervals of a chord; none without a chord."""
    return () if chord is None else chord.intervals


def _chord_level(chord: Chord | None, pitch_class: int) -> float:
    if chord is None:
        return 0.0
    above = (pitch_class - chord.root) % 12
    return 0.0 if above == 0 else 0.3 if above in (3, 4, 7) else 1.0


@lru_cache(maxsize=512)
def _habits(key: Key, colour: Colour) -> tuple[float, ...]:
    """Return how rare each pitch class is in melodies of the key, 0 the commonest; OUT if the colour excludes it."""
    degrees = MINOR_DEGREES if key.is_minor else MAJOR_DEGREES
    habits = [0.0] * 12
    for interval in range(12):
        tone = (key.tonic + interval) % 12
        if colour == "pentatonic":
            habits[tone] = 0.0 if interval in _PENTATONIC[key.is_minor] else 2.4 if interval in key.intervals else OUT
        elif colour == "blues":
            blue = 0.2 if interval in (0, 3, 5, 7, 10) else 0.9 if interval in (4, 6) else 1.6
            habits[tone] = blue if interval in (0, 2, 3, 4, 5, 6, 7, 9, 10) else OUT
        elif colour in ("chords", "arpeggio") or len(key.intervals) != 7:
            habits[tone] = 0.3
        else:
            habits[tone] = min(2.4, degrees[interval])
    return tuple(habits)
