"""Playing along: a take is heard before it is kept, what was played is kept, and the display says how live MIDI is."""

from dataclasses import replace
from typing import Any

import pytest

from musearoo.bridge.protocol import (
    MANNERS,
    AskMidi,
    Audition,
    Done,
    Failed,
    Generate,
    Got,
    Keep,
    MidiState,
    Refine,
    Refusal,
)
from musearoo.bridge.protocol.types import Message
from musearoo.max_for_live.table.records import Twin
from musearoo.tools.max_simulator.drawing.measures import text_overflows
from musearoo.tools.workshop.device_builder.build import build_document
from tests.max_for_live.script.conftest import SESSION, Load, leave_unanswered, welcome
from tests.max_for_live.script.stage import Place, Stage, orders

OFF = MidiState("", 0, 0.0, 0, "", 0, "", 0, 0, "", "")
QUIET = MidiState("live", 1, 104.0, 1, "", 0, "", 0, 0, "", "")
"""Live MIDI that is off, and that is on while nobody plays."""

LINES = ("clock", "held", "to_keep", "turn")

SHOWN: tuple[tuple[dict[str, Any], tuple[str, ...]], ...] = (
    ({}, ("Live 104 BPM", "–", "Nothing to keep yet", "No jam")),
    ({"clock": "midi", "bpm": 0.0}, ("MIDI", "–", "Nothing to keep yet", "No jam")),
    ({"clock": "midi", "bpm": 119.7}, ("MIDI 120 BPM", "–", "Nothing to keep yet", "No jam")),
    ({"clock": "link", "running": 0, "played": 1}, ("Link stopped", "–", "1 bar to keep", "No jam")),
    ({"clock": "own", "input": 2, "played": 12}, ("Own 104 BPM", "notes", "12 bars to keep", "No jam")),
    ({"input": 0}, ("Live 104 BPM", "no input", "Nothing to keep yet", "No jam")),
    ({"input": 2, "held": "Am7"}, ("Live 104 BPM", "Am7", "Nothing to keep yet", "No jam")),
    ({"turn": 1}, ("Live 104 BPM", "–", "Nothing to keep yet", "Jam: from the next bar")),
    ({"turn": 2, "bar": 3}, ("Live 104 BPM", "–", "Nothing to keep yet", "Your turn, bar 3")),
    (
        {"turn": 3, "bar": 1, "who": "bassaroo, drummaroo"},
        ("Live 104 BPM", "–", "Nothing to keep yet", "Bass, Drums, bar 1"),
    ),
    ({"turn": 3, "bar": 4}, ("Live 104 BPM", "–", "Nothing to keep yet", "MuseAroo, bar 4")),
    (
        {"heard": "a very slow funk bass with octaves"},
        ("Live 104 BPM", "–", "Heard: a very slow funk …", "No jam"),
    ),
    ({"clock": ""}, ("MIDI is off", "–", "–", "–")),
)
"""What the daemon tells, where it is not as QUIET, and what the display's lines say then."""


def tell(stage: Stage, **values: Any) -> None:
    """The daemon tells how live MIDI is."""
    stage.hear(replace(QUIET, **values))


def press(stage: Stage, button: str) -> Message:
    """What a button sends."""
    (order,) = orders(stage.say(button, "bang"))
    return order


def answer(stage: Stage, order: Any, name: str, track: int = -1, scene: int = -1) -> None:
    """The daemon ends a press."""
    stage.hear(Got(order.press))
    stage.hear(Done(1, order.press, 5.0, 5.0, 0.0, 16, track, scene, name))


def hear(stage: Stage, button: str = "drums") -> Message:
    """Hear is on, a button was pressed, and its take is heard."""
    stage.say("hear", 1)
    order = press(stage, button)
    answer(stage, order, "Heard: funk drums")
    tell(stage, heard="funk drums")
    return order


def test_while_hear_is_on_everything_that_plays_is_heard_first(stage: Stage) -> None:
    for on in (1, 0):
        assert stage.say("hear", on) == [], "it makes no sound by itself"
        for button in ("band", "drums", "bass", "harmony", "melody", "atmos", "again", "simpler", "busier"):
            order = press(stage, button)
            assert isinstance(order, Generate | Refine)
            assert order.hear == on, button
            stage.say("cancel", "bang")


def test_what_is_heard_says_what_can_be_done_with_it(stage: Stage) -> None:
    hear(stage)
    assert stage.status == "Heard: funk drums. Keep it or drop it."
    assert stage.shown["to_keep"] == ["set", "Heard: funk drums"]


def test_keep_writes_what_is_heard_once(stage: Stage) -> None:
    hear(stage)
    order = press(stage, "keep")
    assert order == Keep(SESSION, 2, 0, 1.0, -1, -1, 0)
    answer(stage, order, "funk drums", track=1, scene=3)
    tell(stage)
    assert stage.status == "Keep: funk drums, 5 ms"
    assert isinstance(press(stage, "drums"), Generate)


def test_what_is_kept_is_what_again_changes(stage: Stage) -> None:
    hear(stage)
    stage.put(Place(clips={(1, 3): "funk drums"}))
    answer(stage, press(stage, "keep"), "funk drums", track=1, scene=3)
    tell(stage)
    order = press(stage, "again")
    assert isinstance(order, Refine)
    assert (order.track, order.scene, order.hear) == (1, 3, 1)


def test_a_take_that_is_heard_leaves_the_clip_that_was_made_last(stage: Stage) -> None:
    stage.put(Place(clips={(1, 3): "funk drums"}))
    answer(stage, press(stage, "drums"), "funk drums", track=1, scene=3)
    hear(stage, "bass")
    stage.say("hear", 0)
    order = press(stage, "busier")
    assert isinstance(order, Refine)
    assert (order.track, order.scene) == (1, 3)


def test_again_and_its_neighbours_change_what_is_heard(stage: Stage) -> None:
    first = hear(stage, "bass")
    assert isinstance(first, Generate)
    changes = ["", "busier", "busier, simpler", "busier, simpler"]
    stage.say("bars", 0)
    for number, (button, expected) in enumerate(zip(["again", "busier", "simpler", "again"], changes, strict=True), 2):
        order = press(stage, button)
        assert order == replace(first, press=number, changes=expected), "where it goes and how long it is stays"
        answer(stage, order, "Heard: funk bass")
        tell(stage, heard="funk bass")


def test_a_clip_that_is_changed_by_ear_is_changed_further(stage: Stage) -> None:
    assert hear(stage, "again") == Refine(SESSION, 1, "again", "", 0, 0, 0, 0, -1, -1, -1, 0, 1, 1)
    order = press(stage, "busier")
    assert isinstance(order, Refine)
    assert order.changes == "again, busier"
    for button in ["busier"] * 40:
        answer(stage, order, "Heard: funk drums")
        order = press(stage, button)
        assert isinstance(order, Refine)
        assert set(order.changes.split(", ")) <= {"again", "busier"}, "no word is cut in two"


@pytest.mark.parametrize("heard", ["", "another take"])
def test_a_take_that_is_heard_no_more_is_not_made_again(stage: Stage, heard: str) -> None:
    hear(stage)
    tell(stage, heard=heard)
    assert isinstance(press(stage, "again"), Refine)


def test_keep_never_takes_the_playing_while_a_take_is_being_made(stage: Stage) -> None:
    tell(stage, played=8)
    stage.say("hear", 1)
    press(stage, "drums")
    order = press(stage, "keep")
    assert isinstance(order, Keep)
    assert order.bars == 0


def test_a_take_that_came_to_nothing_is_not_heard(stage: Stage) -> None:
    tell(stage, played=8)
    stage.say("hear", 1)
    press(stage, "drums")
    stage.hear(Failed(1, 1, Refusal.ENGINE_FAILED, "The drummer has left."))
    order = press(stage, "keep")
    assert isinstance(order, Keep)
    assert order.bars == -1


def test_keep_takes_what_was_played(stage: Stage) -> None:
    tell(stage, played=32)
    for choice, bars in enumerate([-1, 1, 2, 4, 8, 16, 32]):
        stage.say("keep_bars", choice)
        assert press(stage, "keep") == Keep(SESSION, choice + 1, bars, 1.0, -1, 3, 0)
        stage.say("cancel", "bang")


def test_keep_moves_what_was_played_as_far_as_wanted(stage: Stage) -> None:
    for choice, strength in enumerate([0.0, 0.5, 1.0]):
        stage.say("keep_tight", choice)
        order = press(stage, "keep")
        assert isinstance(order, Keep)
        assert order.strength == strength


@pytest.mark.parametrize(("where", "track", "replaces"), [(1, 2, 0), (2, 2, 1)])
def test_what_was_played_goes_where_new_clips_go(stage: Stage, where: int, track: int, replaces: int) -> None:
    stage.say("where", where)
    assert press(stage, "keep") == Keep(SESSION, 1, -1, 1.0, track, 3, replaces)


def test_a_frozen_track_takes_no_playing_but_what_is_heard_goes_its_own_way(join: Load) -> None:
    stage = join(Place(is_frozen=True))
    stage.say("where", 1)
    assert orders(stage.say("keep", "bang")) == []
    assert stage.status.startswith("Track 3 is frozen")
    tell(stage, heard="funk drums")
    assert press(stage, "keep") == Keep(SESSION, 1, 0, 1.0, -1, -1, 0)


def test_drop_forgets_what_is_heard(stage: Stage) -> None:
    hear(stage)
    order = press(stage, "drop")
    assert order == Audition(SESSION, 2, 0, -1, -1)
    answer(stage, order, "Dropped: funk drums")
    tell(stage)
    assert stage.status == "Dropped: funk drums"
    assert stage.shown["to_keep"] == ["set", "Nothing to keep yet"]


def test_players_play_to_what_was_played(stage: Stage) -> None:
    for choice, manner in enumerate(MANNERS):
        stage.say("to_played", choice)
        order = press(stage, "melody")
        assert isinstance(order, Generate)
        assert order.to_played == manner
        stage.say("cancel", "bang")


def test_the_display_says_how_live_midi_is(stage: Stage) -> None:
    for told, shown in SHOWN:
        tell(stage, **told)
        assert tuple(stage.shown[line][1] for line in LINES) == shown


@pytest.mark.parametrize("twin", Twin)
def test_the_longest_that_is_told_has_room(stage: Stage, twin: Twin) -> None:
    patcher = build_document(twin)["patcher"]
    everybody = "drummaroo,bassaroo,harmonyroo,melodyroo,atmosroo"
    for told in (
        {"clock": "midi", "bpm": 244.4, "held": "Bbmaj7#11/Gb", "heard": "drum and bass band: drums, bass and chords"},
        {"clock": "link", "running": 0, "input": 0, "played": 64, "turn": 3, "bar": 16, "who": everybody},
        {"clock": "live", "bpm": 244.4, "held": "Ebm7b5/Bb", "heard": "Saxophone, second take", "turn": 1},
    ):
        tell(stage, **told)
        shown = {line: stage.shown[line][1] for line in LINES}
        assert [str(found) for found in text_overflows(patcher, shown)] == []


def test_only_what_changed_is_drawn(stage: Stage) -> None:
    tell(stage, turn=2, bar=1)
    sent = stage.hear(replace(QUIET, bpm=104.3, turn=2, bar=2))
    assert [each.atoms for each in sent] == [["turn", "set", "Your turn, bar 2"]]


def test_who_has_no_midi_is_left_alone_with_it(stage: Stage) -> None:
    before = stage.status
    stage.hear(replace(OFF, sentence="Live MIDI is switched off in the settings."))
    assert stage.status == before


def test_trouble_is_told_once_and_goes_when_it_is_past(stage: Stage) -> None:
    trouble = "The port “KeyLab” has gone: plug it in again."
    tell(stage, sentence=trouble)
    assert stage.status == trouble
    press(stage, "undo")
    tell(stage, sentence=trouble, played=1)
    assert stage.status == "Undo …"
    stage.hear(Done(1, 1, 5.0, 5.0, 0.0, 0, -1, -1, "Undone: funk bass"))
    tell(stage)
    assert stage.status == "Undone: funk bass"
    tell(stage, sentence=trouble)
    tell(stage)
    assert stage.status == "Ready."


def test_without_a_daemon_nothing_is_known(load: Load) -> None:
    stage = load()
    assert [stage.shown[line] for line in LINES] == [["set", "–"]] * 4
    stage.hear(welcome())
    hear(stage)
    stage.wait(3)
    assert [stage.shown[line] for line in LINES] == [["set", "–"]] * 4
    assert AskMidi(SESSION) in orders(stage.hear(welcome())), "a session that goes on is not told by itself"
    leave_unanswered(stage)
    assert AskMidi(9) not in orders(stage.hear(welcome(session=9)))
