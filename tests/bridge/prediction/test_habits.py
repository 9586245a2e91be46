"""What follows what: counted, backed by what producers do in general, and bounded."""

from __future__ import annotations

import pytest

from musearoo.bridge.prediction.habits import (
    MOST_TABLES,
    NO_HABITS,
    describe_habits,
    format_habits,
    learn_move,
    parse_habits,
    rank_moves,
)
from musearoo.bridge.prediction.moves import Situation
from musearoo.engines.errors import PresetError

ENGINES = ("drummaroo", "bassaroo", "harmonyroo")
AFTER_DRUMS = Situation("", "play drummaroo", ("drummaroo",))


def test_without_habits_the_next_part_that_is_missing_is_likeliest() -> None:
    ranked = rank_moves(NO_HABITS, AFTER_DRUMS, ENGINES)
    assert ranked[0].move == "play bassaroo"
    assert sum(each.likely for each in ranked) == pytest.approx(1.0)
    likely = {each.move: each.likely for each in ranked}
    assert likely["play harmonyroo"] > likely["play drummaroo"]
    assert likely["change again"] > likely["say change darker"] > 0.0


def test_nothing_can_be_changed_before_anything_was_made() -> None:
    moves = {each.move for each in rank_moves(NO_HABITS, Situation(), ENGINES)}
    assert moves == {"undo", "play band", *(f"play {engine}" for engine in ENGINES)}


def test_a_habit_wins_over_what_others_do_and_only_where_it_holds() -> None:
    habits = NO_HABITS
    for _ in range(5):
        habits = learn_move(habits, AFTER_DRUMS, "say change darker")
    assert rank_moves(habits, AFTER_DRUMS, ENGINES)[0].move == "say change darker"
    elsewhere = Situation("play drummaroo", "play bassaroo", ("drummaroo", "bassaroo"))
    assert rank_moves(habits, elsewhere, ENGINES)[0].move == "play harmonyroo"


def test_new_habits_replace_old_ones() -> None:
    habits = NO_HABITS
    for move in ("undo", "play harmonyroo"):
        for _ in range(40):
            habits = learn_move(habits, AFTER_DRUMS, move)
    assert rank_moves(habits, AFTER_DRUMS, ENGINES)[0].move == "play harmonyroo"


def test_what_is_remembered_is_bounded() -> None:
    habits = NO_HABITS
    for number in range(MOST_TABLES):
        habits = learn_move(habits, Situation(f"move {number}", f"other {number}"), "undo")
    assert len(habits.tables) <= MOST_TABLES
    assert "" in habits.tables, "the table with the most moves stays"


def test_it_is_there_again_and_is_told_in_a_line() -> None:
    habits = learn_move(learn_move(NO_HABITS, AFTER_DRUMS, "undo"), AFTER_DRUMS, "undo")
    habits = learn_move(habits, AFTER_DRUMS, "play bassaroo")
    assert parse_habits(format_habits(habits), "habits.json") == habits
    assert describe_habits(habits) == "Next presses: undo (66 %), play bassaroo (34 %)"
    assert describe_habits(NO_HABITS) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "is not JSON"), ('{"tables": {"": {"undo": -1}}}', ">= 0.0"), ('{"tastes": 1}', "unknown field `tastes`")],
)
def test_a_broken_file_is_reported(text: str, said: str) -> None:
    with pytest.raises(PresetError, match=said):
        parse_habits(text, "habits.json")
