"""Spell chords in their key, as on lead sheets: Gb7 before F, F#m7 before B7.

A root in the key is named by the signature. Other roots are spelt by their function, in this order:

1. a chord on the same root as the next one has the same name;
2. a root that falls a semitone is one letter above its goal: Db7 to C, Ebdim7 to Dm7 (tritone substitutes, passing
   chords);
3. a diminished chord that rises a semitone is a leading tone: C#dim7 to Dm7;
4. a root that rises a fourth is a dominant, or the second step before one: F#7 to B7, F#m7b5 to B7, Abm7 to Db7;
5. any other root is spelt by its quality. Diminished chords are C#, Eb, F#, G# and Bb in the major keys up to two
   sharps, else raised steps, bIII and bVII. Minor ones are bII, bIII, #IV, bVI and bVII, but never Db or Gb minor,
   which are not keys. All others are bII, bIII, bV, bVI and bVII.

Rules 2 to 4 use the line of fifths, on which related notes are close together (as in Temperley, "The Cognition of Basic
Musical Structures", 2001). Rule 4 covers keys that are only passed through: a chord with notes foreign to the key
follows its goal even if its root is in the key. A root outside the key is never spelt Cb, Fb, E# or B#, but B, E, F or
C, as on lead sheets.

Of 20,025 chords on 502 lead sheets (OpenEWLD), 0.54 % differ from the published spelling, 1.29 % if the key is ignored;
`python -m musearoo.tools.workshop.corpora.spelling` measures it.
"""

from __future__ import annotations

from collections.abc import Sequence

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.pitch import LAST_FLAT, plain_place
from musearoo.engines.music.scale import Key, fit_place

_DB, _GB = -5, -6
"""Positions on the line of fifths."""

_MANY_SHARPS = 3
"""The sharps of A major: from there on, D# and A# are close to the key."""
_FALLING, _RISING, _FOURTH = 11, 1, 5
"""Semitones from a root up to the next one."""


def spell_chord(chord: Chord, key: Key | None, following: Chord | None = None) -> str:
    """Return the lead-sheet symbol of a chord in a key, given the chord that follows.

    >>> [spell_chord(Chord.parse("Gb7"), Key.parse(key), Chord.parse(to)) for key, to in (("F", "F"), ("C", "B7"))]
    ['Gb7', 'F#7']
    >>> spell_chord(Chord.parse("C#"), Key.parse("Ab")), spell_chord(Chord.parse("C#"), None)
    ('Db', 'Db')
    """
    chords = (chord,) if following is None else (chord, following)
    return spell_chords(chords, key)[0]


def spell_chords(chords: Sequence[Chord | None], key: Key | None) -> tuple[str, ...]:
    """Return the lead-sheet symbols of successive chords in one key; "" for no chord.

    Without a key, they are spelt in the major key that has most of their notes.

    >>> spell_chords([Chord.parse(text) for text in "Em7 D#dim7 Dm7 C#7 C G#m7 C#7".split()], Key.parse("C"))
    ('Em7', 'Ebdim7', 'Dm7', 'Db7', 'C', 'Abm7', 'Db7')
    """
    key = key or _nearest_key(chords)
    places = place_roots([(chord, key) for chord in chords])
    return tuple("" if chord is None else chord.symbol_on(place) for chord, place in zip(chords, places, strict=True))


def place_roots(chords: Sequence[tuple[Chord | None, Key | None]]) -> tuple[int, ...]:
    """Return the positions on the line of fifths of the roots of successive chords, each with its key; 0 for no chord.

    The first chord follows the last one, since music loops.
    """
    first = chords[0][0] if chords else None
    places = _place_backwards(chords, None)
    return places if first is None else _place_backwards(chords, (first, places[0]))


def _place_backwards(
    chords: Sequence[tuple[Chord | None, Key | None]], following: tuple[Chord, int] | None
) -> tuple[int, ...]:
    places: list[int] = []
    for chord, key in reversed(chords):
        following = None if chord is None else (chord, _place(chord, key, following))
        places.append(following[1] if following else 0)
    return tuple(reversed(places))


def _nearest_key(chords: Sequence[Chord | None]) -> Key | None:
    """Return the major key whose signature has most of the chords' notes; None for a single chord."""
    known = [chord for chord in chords if chord is not None]
    if len(set(known)) < 2:
        return None
    keys = [Key(tonic) for tonic in range(12)]
    held = {key: sum(len(set(key.pitch_classes) & set(chord.pitch_classes)) for chord in known) for key in keys}
    return max(keys, key=lambda key: (held[key], -abs(key.signature), -key.signature))


def _place(chord: Chord, key: Key | None, following: tuple[Chord, int] | None) -> int:
    if key is None:
        return chord.usual_place
    first = key.signature - 1
    own = first + (7 * chord.root - first) % 12
    is_own = own < first + 7
    goal = None if following is None else _led_to(chord, *following)
    if is_own:
        is_foreign = not set(chord.pitch_classes) <= set(key.pitch_classes)
        leads_elsewhere = following is not None and _rises_a_fourth(chord, following[0]) and goal != own
        return goal if goal is not None and is_foreign and leads_elsewhere else own
    return _place_by_kind(chord, key) if goal is None else goal


def _led_to(chord: Chord, following: Chord, place: int) -> int | None:
    """Return the position of a root by the goal of its chord; None if it leads nowhere."""
    step = (following.root - chord.root) % 12
    if step == 0:
        return place
    if step == _FALLING and not _is_half_diminished(chord):
        return plain_place(place - 5)
    if step == _RISING and _is_diminished(chord):
        return plain_place(place + 5)
    return plain_place(place + 1) if _rises_a_fourth(chord, following) else None


def _rises_a_fourth(chord: Chord, following: Chord) -> bool:
    """Return whether a chord resolves as a dominant or as the second step before one; maj7 and maj6 chords do not."""
    leads = 3 in chord.intervals or 10 in chord.intervals or len(chord.intervals) <= 3
    return leads and (following.root - chord.root) % 12 == _FOURTH


def _place_by_kind(chord: Chord, key: Key) -> int:
    tonic = key.tonic_place
    if _is_diminished(chord):
        is_usual = not key.is_minor and key.signature < _MANY_SHARPS
        return chord.usual_place if is_usual else fit_place(chord.root, tonic - 3)
    if chord.is_minor:
        place = fit_place(chord.root, tonic - 5)
        return place + 12 if place in (_DB, _GB) else place
    # In A minor, F# is the sixth step of the melodic scale, so it is not spelt Gb.
    return fit_place(chord.root, -5 if key.is_minor and key.signature >= 0 else LAST_FLAT)


def _is_diminished(chord: Chord) -> bool:
    return {3, 6} <= set(chord.intervals) and 7 not in chord.intervals


def _is_half_diminished(chord: Chord) -> bool:
    return _is_diminished(chord) and 10 in chord.intervals
