"""Voicings and how they lead into each other."""

from __future__ import annotations

from itertools import pairwise

from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.note import Note
from musearoo.engines.players.harmony.fretboard import grips_of, pitches_of
from musearoo.engines.players.harmony.playability import find_chord_faults, in_two_hands, make_playable, on_fretboard
from musearoo.engines.players.harmony.voice_leading import VoicingTarget, distance, has_parallels, lead_voices
from musearoo.engines.players.harmony.voicings import VOICES, voicings_of
from musearoo.engines.styles.harmony import VoicingKind
from tests.each_case import each_case

KINDS: tuple[VoicingKind, ...] = (
    "triad", "close", "drop2", "open", "shell", "rootless", "quartal", "satb", "guitar", "power", "two_hands",
)  # fmt: skip
EVERY_TONE = frozenset(range(12))


def lead(text: str, kind: VoicingKind = "close", parallels: bool = True) -> list[tuple[int, ...]]:
    places = [VoicingTarget(Chord.parse(word)) for word in text.split()]
    return lead_voices(places, kind, 52, 76, EVERY_TONE, 63.0, parallels)


@each_case("kind", KINDS)
def test_every_chord_has_voicings_of_every_kind(kind: VoicingKind) -> None:
    for quality in QUALITIES:
        for root in (0, 5, 10):
            chord = Chord(root, quality.harte, (root + 7) % 12 if root == 5 else None)
            for voicing in voicings_of(chord, kind, 52, 74, EVERY_TONE):
                assert list(voicing) == sorted(set(voicing))
                assert all(24 <= pitch <= 100 for pitch in voicing)
                if kind == "guitar":
                    assert on_fretboard(voicing)
                elif kind not in ("satb", "power"):
                    assert voicing[0] >= 52
                    assert in_two_hands(voicing)


def test_voicings_say_what_the_chord_is() -> None:
    for kind in ("close", "drop2", "rootless", "shell", "guitar", "satb"):
        for text in ("C7", "Ebmaj7", "F#m7", "Bm7b5"):
            chord = Chord.parse(text)
            telling = {(chord.root + step) % 12 for step in chord.intervals[1:4:2]}
            for voicing in voicings_of(chord, kind, 50, 76, EVERY_TONE):
                assert telling <= {pitch % 12 for pitch in voicing}, (kind, text, voicing)


def test_rootless_voicings_leave_the_root_to_the_bass() -> None:
    assert all(
        0 not in {pitch % 12 for pitch in each}
        for each in voicings_of(Chord.parse("C9"), "rootless", 50, 74, EVERY_TONE)
    )


def test_drop_two_is_wider_than_close() -> None:
    close = voicings_of(Chord.parse("Cmaj7"), "close", 48, 76, EVERY_TONE)
    dropped = voicings_of(Chord.parse("Cmaj7"), "drop2", 48, 76, EVERY_TONE)
    assert max(each[-1] - each[0] for each in close) < min(each[-1] - each[0] for each in dropped)


def test_four_voices_keep_their_ranges() -> None:
    for voicing in voicings_of(Chord.parse("Gm7"), "satb", 0, 127, EVERY_TONE):
        assert len(voicing) == 4
        assert all(low <= pitch <= high for pitch, (low, high) in zip(voicing, VOICES, strict=True))


def test_the_guitar_knows_its_open_chords() -> None:
    assert pitches_of(grips_of(Chord.parse("G"))[0]) == (43, 47, 50, 55, 59, 67)
    assert pitches_of(grips_of(Chord.parse("F"))[0])[0] == 41
    for quality in QUALITIES:
        for root in range(12):
            assert grips_of(Chord(root, quality.harte))


def test_voices_move_little() -> None:
    led = lead("C Am F G C Dm7 G7 C")
    assert sum(distance(one, other) for one, other in pairwise(led)) / len(led) < 5.5
    assert max(abs(one[-1] - other[-1]) for one, other in pairwise(led)) <= 4


def test_common_tones_stay() -> None:
    one, other = lead("C Am")
    assert len({*one} & {*other}) == 2


def test_voices_led_by_rule_make_no_parallels() -> None:
    text = "C F C G Am F Dm G C"
    strict = lead(text, "satb", parallels=False)
    assert not any(has_parallels(one, other) for one, other in pairwise(strict))
    assert any(has_parallels(one, other) for one, other in pairwise([(48, 55, 60, 64), (53, 60, 65, 69)]))


def test_chords_stay_off_bass_and_melody() -> None:
    places = [VoicingTarget(Chord.parse(word), floor=57, ceiling=70) for word in ("C", "Am", "F", "G")]
    for voicing in lead_voices(places, "close", 48, 84, EVERY_TONE, 66.0, True):
        assert voicing[0] > 57
        assert voicing[-1] <= 71


def stroke(at: float, *pitches: int) -> list[Note]:
    return [Note(at, pitch, 0.5, 80) for pitch in pitches]


def test_faults_are_found() -> None:
    assert find_chord_faults(stroke(0.0, 48, 60, 64, 67), 120.0) == ()
    assert "no two hands" in find_chord_faults(stroke(0.0, 40, 60, 80), 120.0)[0].problem
    assert find_chord_faults(stroke(0.0, 40, 41, 42), 120.0, "guitar")
    assert find_chord_faults(stroke(0.0, 48, 52, 55, 60, 64), 120.0, "voices")
    assert find_chord_faults(stroke(0.0, 48, 60, 90), 120.0, "voices")
    trill = stroke(0.0, 60, 64, 67) + stroke(0.1, 60, 64, 67)
    assert find_chord_faults(trill, 60.0) == ()
    assert "within" in find_chord_faults(stroke(0.0, 60, 64, 67) + stroke(0.15, 60, 64, 67), 220.0)[0].problem


def test_what_cannot_be_played_is_left_out_and_no_more() -> None:
    far = stroke(0.0, 36, 60, 64, 67, 98)
    assert [note.pitch for note in make_playable(far, 120.0)] in ([60, 64, 67, 98], [36, 60, 64, 67])
    fast = stroke(0.0, 60, 64, 67) + stroke(0.15, 60, 64, 67)
    assert [note.pitch for note in make_playable(fast, 220.0)] == [60, 64, 67, 60, 67]
    good = tuple(stroke(0.0, 48, 60, 64, 67))
    assert make_playable(good, 120.0) == good
