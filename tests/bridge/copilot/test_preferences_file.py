"""The file of what was learnt: kept whole, readable, and never lost silently."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from musearoo.bridge.copilot.preferences_file import (
    PreferencesError,
    delete_preferences,
    preferences_file,
    read_preferences,
    stamp_preferences,
    write_preferences,
)
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.preferences import NO_PREFERENCES, learn

LEARNT = learn(NO_PREFERENCES, SetAction(intent=Intent.PLAY, parts=("bass",), style="funk", bars=4), liked=True)


def test_what_was_learnt_is_there_again(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert read_preferences(folder) == NO_PREFERENCES
    assert stamp_preferences(folder) == 0
    write_preferences(folder, LEARNT)
    assert read_preferences(folder) == LEARNT
    assert stamp_preferences(folder) > 0
    assert [path.name for path in folder.iterdir()] == ["preferences.json"]
    delete_preferences(folder)
    assert read_preferences(folder) == NO_PREFERENCES
    delete_preferences(folder)


@pytest.mark.skipif(os.name != "posix", reason="rights of owner and others are a matter of POSIX")
def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_preferences(tmp_path, LEARNT)
    assert stat.S_IMODE(preferences_file(tmp_path).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("\xff", "is not JSON"),
        ('{"likes": 1}', "unknown field `likes`"),
        ('{"parts": {"zither": {}}}', "expected drums, bass, harmony, melody, atmosphere or band, got 'zither'"),
        ('{"parts": {"bass": {"traits": {"mood": {"sad": {}}}}}}', "traits.mood: 'sad' is no value of it"),
        ('{"parts": {"bass": {"traits": {"bars": {"many": {}}}}}}', "traits.bars: 'many' is no value of it"),
        ('{"parts": {"bass": {"traits": {"complexity": {"nan": {}}}}}}', "'nan' is no value of it"),
        ('{"parts": {"bass": {"kept": -1}}}', "parts[...].kept: expected `int` >= 0"),
        ('{"parts": {"bass": {"traits": {"bars": {"8": {"kept": 1e9}}}}}}', "expected `float` <= 1000"),
    ],
)
def test_a_broken_file_is_reported_and_kept(tmp_path: Path, text: str, said: str) -> None:
    path = preferences_file(tmp_path)
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(PreferencesError) as raised:
        read_preferences(tmp_path)
    assert said in str(raised.value)
    assert str(path) in str(raised.value)
    assert "--forget" in str(raised.value)
    assert path.read_bytes() == text.encode("latin-1")
    delete_preferences(tmp_path)
    assert read_preferences(tmp_path) == NO_PREFERENCES


def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    with pytest.raises(PreferencesError, match="cannot be written"):
        write_preferences(occupied, LEARNT)
    preferences_file(tmp_path).mkdir()
    with pytest.raises(PreferencesError, match="cannot be written"):
        write_preferences(tmp_path, LEARNT)
    with pytest.raises(PreferencesError, match="cannot be read"):
        read_preferences(tmp_path)
    with pytest.raises(PreferencesError, match="cannot be deleted"):
        delete_preferences(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if "preferences.json." in path.name] == []
