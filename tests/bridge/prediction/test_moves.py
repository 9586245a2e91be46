"""What a press is, seen from those before it, and what the next would ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.prediction.moves import NOTHING, Past, move_of, requests_of, selected_scene, who_plays
from musearoo.bridge.protocol import Dials, Generate, Keep, Refine, Selection, Undo
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.core.some_orders import a_mixed_set
from tests.bridge.requests.test_generate import INTRO, VERSE

DRUMS = Generate(1, 3, "drummaroo", "funk", 8, -1, 0.5, 0.5, 0.5, 0.0, "", "", -1, 1, 0)
BASS = replace(DRUMS, press=4, engine="bassaroo", style="house")
AGAIN = Refine(1, 5, "again", "", 0, 0, 0, 0, -1, 6, 1, 0)


def _in_verse() -> SetMirror:
    mirror = a_mixed_set()
    mirror.apply(Selection(0, VERSE, 60))
    return mirror


@pytest.mark.parametrize(
    ("request_", "is_said", "move"),
    [
        (DRUMS, False, "play drummaroo"),
        (replace(DRUMS, engine=" Band "), True, "say play band"),
        (AGAIN, False, "change again"),
        (replace(AGAIN, first_bar=2), False, "change "),
        (replace(AGAIN, takes=3), True, "say change "),
        (replace(AGAIN, changes="a change of more than twenty-four letters"), False, "change "),
        (Undo(1, 6), False, "undo"),
    ],
)
def test_a_request_is_a_move(request_: Generate | Refine | Undo, is_said: bool, move: str) -> None:
    assert move_of(request_, is_said=is_said) == move


def test_the_next_player_gets_the_same_settings_and_the_next_press() -> None:
    past = Past().after(DRUMS, selected=1)
    (bass,) = requests_of("play bassaroo", past, 7, _in_verse())
    assert bass == replace(DRUMS, session=7, press=4, engine="bassaroo")
    assert list(requests_of("play bassaroo", Past(), 7, _in_verse())) == []


def test_a_player_may_come_back_with_the_settings_it_had() -> None:
    past = Past().after(DRUMS, selected=1).after(BASS, selected=1)
    styles = [request.style for request in requests_of("play drummaroo", past, 1, _in_verse())]
    assert styles == ["house", "funk"]


def test_dials_at_rest_decide_whoever_plays_next() -> None:
    past = Past().after(DRUMS, selected=1).after(BASS, selected=1).after(replace(AGAIN, replace=1), selected=1)
    dials = Dials(1, 8, "soul", 4, 0.1, 0.2, 0.3, 2.0, "A minor", 4, 0, 1, "")
    past = past.after_dials(dials)
    for engine in ("drummaroo", "bassaroo", "melodyroo"):
        (request,) = requests_of(f"play {engine}", past, 1, _in_verse())
        assert request == Generate(
            *(1, 8, engine, "soul", 4, -1, 0.1, 0.2, 0.3, 2.0, "A minor", "", 4, 1, 0),
            hear=1,
        )
    (change,) = requests_of("change busier", past, 1, _in_verse())
    assert isinstance(change, Refine)
    assert (change.press, change.replace, change.hear) == (8, 0, 1)
    assert past.moves == ("play bassaroo", "change again"), "a dial is no move"
    (first,) = requests_of("play drummaroo", Past().after_dials(dials), 1, _in_verse())
    assert first.press == 8, "before anything was pressed"


def test_a_button_changes_the_take_that_is_heard() -> None:
    heard = replace(DRUMS, hear=1)
    past = Past().after(heard, selected=1)
    moves = ("again", "busier", "busier", "again", "simpler")
    changes = ("", "busier", "busier, busier", "busier, busier", "busier, busier, simpler")
    for press, (move, expected) in enumerate(zip(moves, changes, strict=True), 4):
        (request,) = requests_of(f"change {move}", past, 1, _in_verse(), heard)
        assert request == replace(heard, press=press, changes=expected), "as the device asks for it"
        past = past.after(request, selected=1, auditioned=heard)
        assert isinstance(request, Generate)
        heard = request
        assert past.moves[1] == f"change {move}"
    (bass,) = requests_of("play bassaroo", past, 1, _in_verse(), heard)
    assert bass.changes == "", "the next player has no changes"
    (said,) = requests_of("say change darker", past, 1, _in_verse(), heard)
    assert isinstance(said, Refine)


def test_a_changed_clip_that_is_heard_is_changed_further() -> None:
    heard = replace(AGAIN, hear=1)
    past = Past().after(heard, selected=1)
    (again,) = requests_of("change again", past, 1, _in_verse(), heard)
    assert again == replace(heard, press=6)
    long = replace(heard, changes=", ".join(["busier"] * 20))
    (busier,) = requests_of("change busier", past, 1, _in_verse(), long)
    assert len(busier.changes) <= 160
    assert set(busier.changes.split(", ")) == {"busier"}


def test_what_is_kept_in_live_is_no_clip_of_the_devices() -> None:
    past = replace(Past().after(DRUMS, selected=1), clip=(6, 1, "bass"))
    kept = past.after(Keep(1, 4, 0, 1.0, -1, -1, 0), selected=-1)
    assert (kept.clip, kept.next_press, kept.moves[1]) == (None, 5, "keep")


def test_a_clip_goes_into_the_scene_that_is_selected_if_it_did_before() -> None:
    mirror = a_mixed_set()
    mirror.apply(Selection(0, INTRO, 0))
    follows, stays = Past().after(DRUMS, selected=1), Past().after(DRUMS, selected=0)
    assert [next(requests_of("play drummaroo", past, 1, mirror)).scene for past in (follows, stays)] == [0, 1]


def test_a_change_is_of_the_last_clip_while_it_is_there() -> None:
    mirror = _in_verse()
    clip = mirror.clips[61]
    past = replace(Past().after(replace(DRUMS, replace=1), selected=1), clip=(6, 1, clip.name))
    (change,) = requests_of("change busier", past, 1, mirror)
    assert (change.changes, change.press, change.track, change.scene, change.replace) == ("busier", 4, 6, 1, 1)
    (said,) = requests_of("say change darker", past, 1, mirror)
    assert (said.track, said.replace) == (6, 0), "a sentence leaves the clip as it is"
    (other,) = requests_of("change busier", replace(past, clip=(6, 1, "another name")), 1, mirror)
    assert (other.track, other.scene) == (-1, -1), "then it is of the clip that Live shows"
    mirror.apply(Selection(0, VERSE, 0))
    assert list(requests_of("change busier", replace(past, clip=None), 1, mirror)) == []


def test_what_composes_nothing_has_no_request() -> None:
    past = Past().after(DRUMS, selected=1)
    for move in ("undo", "change ", "say play bassaroo", NOTHING):
        assert list(requests_of(move, past, 1, _in_verse())) == []


def test_a_sentence_leaves_the_settings_of_the_buttons() -> None:
    past = Past().after(DRUMS, selected=1).after(BASS, selected=1, is_said=True)
    assert (past.generate, past.next_press, past.moves) == (DRUMS, 5, ("play drummaroo", "say play bassaroo"))


def test_who_plays_is_read_from_the_selected_scene() -> None:
    assert who_plays(_in_verse(), ENGINES) == ("drummaroo",)
    assert (selected_scene(_in_verse()), selected_scene(SetMirror())) == (1, -1)
