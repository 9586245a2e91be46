"""Each suggestion rule at its limits: what triggers it and what prevents it."""

from __future__ import annotations

import re
from dataclasses import replace

from musearoo.engines.language.copilot.suggestions import RULES, suggest
from musearoo.engines.language.requests.actions import DoneAction, SetAction
from musearoo.engines.language.requests.commands import Intent, Slots
from musearoo.engines.language.requests.replies import Question
from musearoo.engines.language.state.memory import Offers, SetMemory
from musearoo.engines.language.state.preferences import NO_PREFERENCES
from musearoo.engines.language.state.situation import Situation
from musearoo.engines.language.state.view import ClipView, SetView, TrackView
from tests.engines.language.studio import EMPTY, track
from tests.engines.presets_on_disk import STYLES

DRUMS, BASS = track(1, "Kit", "drums", 1), track(2, "Low", "bass", 1)
KEYS, LEAD = track(3, "Keys", "harmony", 1), track(4, "Lead", "melody", 1)
LOOP = track(1, "Loop", "", 1, audio=True)


def look(name: str, view: SetView, known: SetMemory | None = None, now: float = 0.0) -> Question | None:
    """Return what one rule suggests in a set."""
    rule = next(rule for rule in RULES if rule.name == name)
    found = rule.find(Situation(view, known or SetMemory(), NO_PREFERENCES, STYLES), now)
    assert found is None or found.suggestion == name
    return found


def offered(name: str, *tracks: TrackView, **facts: object) -> Question | None:
    """Return what one rule suggests for a set with these tracks."""
    return look(name, replace(EMPTY, tracks=tracks, **facts))  # type: ignore[arg-type]


def made(action: SetAction, at: float = 0.0, request: str = "r1") -> DoneAction:
    """Return a completed action."""
    return DoneAction(action=action, request=request, name="", at=at)


def test_a_set_without_clips_is_begun_with_drums() -> None:
    for tracks, is_offered in (((), True), ((replace(BASS, clips=frozenset()),), True), ((DRUMS,), False)):
        found = offered("start", *tracks)
        assert (found is not None) is is_offered, tracks
    found = offered("start")
    assert found is not None
    assert (found.slot, found.command.intent, found.command.slots) == ("style", Intent.PLAY, Slots(parts=("drums",)))


def test_a_part_is_lacking_where_others_play_in_the_scene() -> None:
    for name, part, own, other in (
        ("drums", "drums", DRUMS, BASS),
        ("bass", "bass", BASS, DRUMS),
        ("chords", "harmony", KEYS, BASS),
    ):
        found = offered(name, other)
        assert found is not None
        assert (found.command.intent, found.command.slots) == (Intent.PLAY, Slots(parts=(part,)))
        assert offered(name) is None
        assert offered(name, other, own) is None
        assert offered(name, other, replace(own, muted=True)) is None
        assert offered(name, replace(other, clips=frozenset({2}))) is None
        assert offered(name, other, replace(own, clips=frozenset({2}))) is not None


def test_the_first_two_of_the_others_are_named_or_a_track_where_no_part_is_known() -> None:
    for tracks, words in (
        ((KEYS, LEAD, DRUMS), {"chords", "melody"}),
        ((KEYS,), {"chords"}),
        ((LOOP,), {"Loop"}),
        ((LOOP, KEYS), {"chords"}),
    ):
        found = offered("bass", *tracks)
        assert found is not None
        named = set(re.findall(r"chords|melody|drums|Loop|Keys|Kit", found.sentence))
        assert named == words, tracks


def test_a_bass_is_offered_by_its_manner_where_key_and_chords_are_known() -> None:
    for key, sure, chords, slot in (
        ("D minor", 0.5, "Dm", "manner"),
        ("D minor", 0.49, "Dm", ""),
        ("D minor", 0.5, "", ""),
        ("", 0.9, "Dm", ""),
    ):
        found = offered("bass", DRUMS, key=key, key_confidence=sure, chords=chords)
        assert found is not None
        assert (found.slot, "D minor" in found.sentence) == (slot, slot == "manner")
    chords_known = offered("chords", DRUMS, key="D minor", key_confidence=0.5)
    assert chords_known is not None
    assert "D minor" in chords_known.sentence


def test_a_melody_is_lacking_over_chords_that_are_heard() -> None:
    assert offered("melody", KEYS) is not None
    assert offered("melody", KEYS, LEAD) is None
    assert offered("melody", DRUMS) is None
    assert offered("melody", replace(KEYS, muted=True)) is None
    assert offered("melody", DRUMS, replace(KEYS, muted=True)) is None


def test_a_key_that_is_not_sure_is_looked_for_in_sound_that_is_no_drums() -> None:
    for tracks, number in (
        ((LOOP,), 1),
        ((replace(LOOP, part="drums"), replace(LOOP, number=2)), 2),
        ((replace(LOOP, part="drums"),), 0),
        ((BASS,), 0),
        ((replace(LOOP, muted=True),), 0),
    ):
        found = offered("key", *tracks)
        assert (found.command.slots.track if found else 0) == number, tracks
    assert offered("key", LOOP, key="D minor", key_confidence=0.5) is None
    known = SetMemory(made=(made(SetAction(intent=Intent.ANALYSE)),))
    assert look("key", replace(EMPTY, tracks=(LOOP,)), known) is None


def test_a_whole_mix_that_is_shown_is_split_once() -> None:
    shown = ClipView(track=1, scene=1, name="Demo", is_audio=True)
    found = offered("split", LOOP, shown=shown)
    assert found is not None
    assert (found.command.intent, found.command.slots.target, "Demo" in found.sentence) == (Intent.SPLIT, "clip", True)
    nameless = offered("split", LOOP, shown=replace(shown, name=""))
    assert nameless is not None
    assert "Loop" in nameless.sentence
    assert offered("split", LOOP) is None
    assert offered("split", LOOP, shown=replace(shown, track=9)) is None
    assert offered("split", LOOP, shown=replace(shown, is_audio=False)) is None
    assert offered("split", replace(LOOP, part="bass"), shown=shown) is None
    assert offered("split", replace(LOOP, name="Old · Bass"), shown=shown) is None
    assert offered("split", LOOP, track(2, "Demo · Bass"), shown=shown) is None
    assert offered("split", LOOP, track(2, "Other · Bass"), shown=shown) is not None


def test_three_parts_in_one_scene_may_be_a_song() -> None:
    assert offered("song", DRUMS, BASS) is None
    assert offered("song", DRUMS, BASS, replace(BASS, number=3)) is None
    assert offered("song", DRUMS, BASS, replace(KEYS, muted=True)) is None
    found = offered("song", DRUMS, BASS, KEYS, style="funk", style_confidence=0.5)
    assert found is not None
    assert (found.command.intent, found.command.slots.style) == (Intent.SONG, "funk")
    assert "funk" in found.sentence
    assert offered("song", DRUMS, BASS, KEYS, replace(LEAD, clips=frozenset({2}))) is None
    assert offered("song", DRUMS, BASS, replace(KEYS, clips=frozenset({1, 2}))) is None


def test_four_tracks_are_mixed_unless_they_were_since_something_was_played() -> None:
    four = (DRUMS, BASS, KEYS, LEAD)
    assert offered("mix", *four[:3]) is None
    assert offered("mix", *four[:3], replace(LEAD, muted=True)) is None
    assert offered("mix", *four) is not None
    view = replace(EMPTY, tracks=four)
    mix, play = made(SetAction(intent=Intent.MIX)), made(SetAction(intent=Intent.PLAY, parts=("bass",)))
    other = made(SetAction(intent=Intent.MUTE, tracks=(1,)))
    for actions, is_offered in (
        ((mix,), False),
        ((mix, other), False),
        ((play, mix), False),
        ((mix, play), True),
        ((other, play, other), True),
        ((other,), True),
    ):
        assert (look("mix", view, SetMemory(made=actions)) is not None) is is_offered, actions


def test_the_same_for_five_minutes_is_varied() -> None:
    bass = SetAction(intent=Intent.PLAY, parts=("bass",), bars=8)
    for action, now, numbers in (
        (bass, 299.9, None),
        (bass, 300.0, ["8", "5"]),
        (bass, 419.0, ["8", "6"]),
        (replace(bass, bars=1), 300.0, ["5"]),
        (replace(bass, bars=2), 300.0, ["2", "5"]),
        (replace(bass, parts=("bass", "drums")), 300.0, None),
        (replace(bass, parts=("band",)), 300.0, None),
        (replace(bass, parts=()), 300.0, None),
    ):
        found = look("vary", EMPTY, SetMemory(made=(made(action, at=100.0),)), now=100.0 + now)
        assert (re.findall(r"\d+", found.sentence) if found else None) == numbers, (action, now)
    assert look("vary", EMPTY, now=1e6) is None
    found = look("vary", EMPTY, SetMemory(made=(made(bass),)), now=1e6)
    assert found is not None
    assert (found.command.intent, found.command.slots.target) == (Intent.AGAIN, "bass")


def test_the_acceptance_rate_weights_a_suggestion() -> None:
    view = replace(EMPTY, tracks=(KEYS,))

    def first(**offers: Offers) -> str:
        found = suggest(Situation(view, SetMemory(offers=offers), NO_PREFERENCES, STYLES), 0.0)
        return found.suggestion if found else ""

    # Drums are worth 0.9, a bass 0.85: half of that each before any offers.
    assert first() == "drums"
    assert first(drums=Offers(made=1)) == "bass"
    assert first(drums=Offers(made=1, taken=1)) == "drums"
    assert first(drums=Offers(made=1), bass=Offers(made=2, taken=0)) == "melody"
    assert first(bass=Offers(made=1, taken=1)) == "bass"
    assert first(drums=Offers(made=4, taken=2), bass=Offers(made=4, taken=2)) == "drums"
