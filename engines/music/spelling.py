"""Chords spelt in their key, as lead sheets have them: Gb7 on its way to F, F#m7 on its way to B7.

A root that is in the key has the name that the signature gives it. Others are spelt by what they do, in this order:

1. a chord on the same root as the next one has the same name;
2. what falls a semitone lies above it by a letter: Db7 to C, Ebdim7 to Dm7 (tritone substitutes, passing chords);
3. a diminished chord that rises a semitone is a leading tone: C#dim7 to Dm7;
4. what rises a fourth is a dominant, or the second step before one: F#7 to B7, F#m7b5 to B7, Abm7 to Db7;
5. else its kind says it. Diminished chords are C#, Eb, F#, G# and Bb in the major keys up to two sharps, else raised
   steps, bIII and bVII. Minor ones are bII, bIII, #IV, bVI and bVII, yet never Db or Gb minor, which are no keys. All
   others are bII, bIII, bV, bVI and bVII.

Rules 2 to 4 go by the line of fifths, on which what lies close together is related (Temperley, "The Cognition of Basic
Musical Structures", 2001, uses it likewise). A key that is only passed through is recognised by rule 4: a chord with
notes foreign to the key follows its goal even where its root would be in the key. No chord that is not in the key by
its root is called Cb, Fb, E# or B#: as on lead sheets it is written B, E, F or C.

Of 20,025 chords on 502 lead sheets (OpenEWLD) 0.54 % are spelt otherwise by whoever wrote them, 1.29 % if the key is
left out of account; `python -m musearoo.tools.workshop.corpora.spelling` measures it.
"""

from __future__ import annotations

from collections.abc import Sequence

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.pitch import LAST_FLAT, plain_place
from musearoo.engines.music.scale import Key, fit_place

_DB, _GB = -5, -6
"""Places on the line of fifths."""

_MANY_SHARPS = 3
"""From A major on, D# and A# are near."""
_FALLING, _RISING, _FOURTH = 11, 1, 5
"""Semitones from a root up to the next one."""


def spell_chord(chord: Chord, key: Key | None, following: Chord | None = None) -> str:
    """The lead-sheet symbol of a chord in a key, on its way to the chord that follows.

    >>> [spell_chord(Chord.parse("Gb7"), Key.parse(key), Chord.parse(to)) for key, to in (("F", "F"), ("C", "B7"))]
    ['Gb7', 'F#7']
    >>> spell_chord(Chord.parse("C#"), Key.parse("Ab")), spell_chord(Chord.parse("C#"), None)
    ('Db', 'Db')
    """
    chords = (chord,) if following is None else (chord, following)
    return spell_chords(chords, key)[0]


def spell_chords(chords: Sequence[Chord | None], key: Key | None) -> tuple[str, ...]:
    """The lead-sheet symbols of chords that follow one another in one key; "" where there is none.

    Where no key is known, they are spelt in the major key that has most of their notes.

    >>> spell_chords([Chord.parse(text) for text in "Em7 D#dim7 Dm7 C#7 C G#m7 C#7".split()], Key.parse("C"))
    ('Em7', 'Ebdim7', 'Dm7', 'Db7', 'C', 'Abm7', 'Db7')
    """
    key = key or _nearest_key(chords)
    places = place_roots([(chord, key) for chord in chords])
    return tuple("" if chord is None else chord.symbol_on(place) for chord, place in zip(chords, places, strict=True))


def place_roots(chords: Sequence[tuple[Chord | None, Key | None]]) -> tuple[int, ...]:
    """The places of roots on the line of fifths, of chords that follow one another, each with the key it stands in.

    Music goes round: after the last chord comes the first. Where there is no chord the place is 0.
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
    """The major key of the signature that has most of the notes of chords; None for a chord on its own."""
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
        is_astray = following is not None and _rises_a_fourth(chord, following[0]) and goal != own
        return goal if goal is not None and is_foreign and is_astray else own
    return _place_by_kind(chord, key) if goal is None else goal


def _led_to(chord: Chord, following: Chord, place: int) -> int | None:
    """The place of a root by where its chord goes; None where it leads nowhere."""
    step = (following.root - chord.root) % 12
    if step == 0:
        return place
    if step == _FALLING and not _is_half_diminished(chord):
        return plain_place(place - 5)
    if step == _RISING and _is_diminished(chord):
        return plain_place(place + 5)
    return plain_place(place + 1) if _rises_a_fourth(chord, following) else None


def _rises_a_fourth(chord: Chord, following: Chord) -> bool:
    """Whether it leads on as a dominant does, or the second step before one; a major seventh or sixth rests."""
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
    # In A minor, the one key of few signs where F# is the sixth step of the melodic scale, it is no Gb.
    return fit_place(chord.root, -5 if key.is_minor and key.signature >= 0 else LAST_FLAT)


def _is_diminished(chord: Chord) -> bool:
    return {3, 6} <= set(chord.intervals) and 7 not in chord.intervals


def _is_half_diminished(chord: Chord) -> bool:
    return _is_diminished(chord) and 10 in chord.intervals
