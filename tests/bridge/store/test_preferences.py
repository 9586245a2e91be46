"""Preferences: settings of users, and what the copilot learnt, from the daemon's file and back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.optional import require

require("sqlalchemy", "alembic", "psycopg")

from musearoo.bridge.copilot.preferences_file import (
    PreferencesError,
    preferences_file,
    write_preferences,
)
from musearoo.bridge.store.database import Database
from musearoo.bridge.store.preferences import (
    count_preferences,
    find_preference,
    forget_preference,
    import_tastes,
    keep_preference,
    keep_tastes,
    list_preferences,
    read_tastes,
)
from musearoo.bridge.store.records import Preference
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.preferences import NO_PREFERENCES, Preferences, learn
from tests.bridge.store.some_rows import ANN, BOB, NOW, begin_song


def learnt() -> Preferences:
    known = NO_PREFERENCES
    for part, liked in (("bass", True), ("bass", True), ("drums", False), ("bass", True)):
        known = learn(known, SetAction(intent=Intent.PLAY, parts=(part,), style="funk", bars=4, swing=1.5), liked=liked)
    return known


def test_a_setting_is_kept_replaced_and_forgotten(database: Database) -> None:
    database.run_now(begin_song)
    for value in ("dark", {"a": [1, 2.5, None]}):
        database.run_now(
            partial(keep_preference, preference=Preference(user=ANN, key="theme", value=value, changed=NOW))
        )
    kept = database.read_now(partial(find_preference, user=ANN, key="theme"))
    assert kept is not None
    assert kept.value == {"a": [1, 2.5, None]}
    assert database.read_now(partial(find_preference, user=BOB, key="theme")) is None
    assert database.run_now(partial(forget_preference, user=ANN, key="theme"))
    assert not database.run_now(partial(forget_preference, user=ANN, key="theme"))


def test_what_was_learnt_comes_from_the_file_and_goes_back(database: Database, tmp_path: Path) -> None:
    database.run_now(begin_song)
    assert database.run_now(partial(import_tastes, user=ANN, home=tmp_path, now=NOW)) == NO_PREFERENCES
    write_preferences(tmp_path, learnt())
    text = preferences_file(tmp_path).read_bytes()
    for _ in range(2):
        assert database.run_now(partial(import_tastes, user=ANN, home=tmp_path, now=NOW)) == learnt()
    assert preferences_file(tmp_path).read_bytes() == text
    theme = Preference(user=ANN, key="theme", value=1, changed=NOW)
    database.run_now(partial(keep_preference, preference=theme))
    keys = [each.key for each in database.read_now(partial(list_preferences, user=ANN))]
    assert keys == ["tastes.bass", "tastes.drums", "theme"]
    assert database.read_now(partial(read_tastes, user=ANN)) == learnt()
    assert database.read_now(partial(read_tastes, user=BOB)) == NO_PREFERENCES
    # What was forgotten is forgotten here, too.
    database.run_now(partial(keep_tastes, user=ANN, learnt=NO_PREFERENCES, now=NOW))
    assert [each.key for each in database.read_now(partial(list_preferences, user=ANN))] == ["theme"]


def test_a_setting_whose_name_only_looks_like_a_taste_is_the_users_own(database: Database) -> None:
    database.run_now(begin_song)
    for key in ("Tastes.bass", "TASTES.x", "tastes", "tastes_bass"):
        kept = Preference(user=ANN, key=key, value={"odd": 1}, changed=NOW)
        database.run_now(partial(keep_preference, preference=kept))
    assert database.read_now(partial(read_tastes, user=ANN)) == NO_PREFERENCES
    for known in (learnt(), NO_PREFERENCES):
        database.run_now(partial(keep_tastes, user=ANN, learnt=known, now=NOW))
        assert database.read_now(partial(count_preferences, user=ANN)) == 4


def test_a_broken_file_is_said_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    database.run_now(begin_song)
    database.run_now(partial(keep_tastes, user=ANN, learnt=learnt(), now=NOW))
    preferences_file(tmp_path).write_text("{", encoding="utf-8")
    with pytest.raises(PreferencesError, match="to begin anew"):
        database.run_now(partial(import_tastes, user=ANN, home=tmp_path, now=NOW))
    assert database.read_now(partial(read_tastes, user=ANN)) == learnt()
