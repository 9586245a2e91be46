"""EQ Eight on a track: put there, set by what Live shows, told, taken back; and what cannot be done is said before."""

import sys
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.protocol import EqualiserState, Refusal, SetEqualiser
from tests.remote_scripts.studio import Studio, studio


@pytest.fixture
def room(home: Path) -> Any:
    """A connected studio."""
    with studio(home) as running:
        yield running


def cut(room: Studio, **changed: Any) -> SetEqualiser:
    """A bell of -3 dB at 346 Hz on the second band of a new equaliser of the first track."""
    values: dict[str, Any] = {"fresh": 1, "band": 2, "filter_type": 3, "hertz": 346.0, "gain_db": -3.0, "q": 0.9}
    return SetEqualiser(**({"track": room.tracks[0].id} | values | changed))


def shown(room: Studio, band: int, track: int = 0) -> dict[str, str]:
    """What Live shows of a band."""
    (equaliser,) = room.live.song.tracks[track].devices
    return {
        each.name.split(" ", 1)[1]: each.str_for_value(each.value)
        for each in equaliser.parameters
        if each.name.startswith(f"{band} ")
    }


def test_a_new_equaliser_is_set_by_what_live_shows(room: Studio) -> None:
    room.do(cut(room), cut(room, fresh=0, band=1, filter_type=1, hertz=1230.0))
    assert shown(room, 2) == {
        "Filter On A": "1.00",
        "Filter Type A": "3.00",
        "Frequency A": "346.0 Hz",
        "Gain A": "-3.00 dB",
        "Resonance A": "0.90",
    }
    assert shown(room, 1)["Frequency A"] == "1.23 kHz"


def test_its_settings_are_told_and_one_undo_takes_it_away(room: Studio) -> None:
    room.do(cut(room))
    told = room.daemon.last(EqualiserState)
    assert (told.track, len(told.settings)) == (room.tracks[0].id, 40)
    assert told.settings[5:7] == (1.0, 3.0)
    room.live.song.undo()
    room.step()
    assert list(room.live.song.tracks[0].devices) == []
    assert room.daemon.last(EqualiserState).settings == ()


def test_a_hand_on_the_equaliser_is_told(room: Studio) -> None:
    room.do(cut(room))
    (equaliser,) = room.live.song.tracks[0].devices
    gain = next(each for each in equaliser.parameters if each.name == "5 Gain A")
    gain.value = 4.0
    room.step()
    assert room.daemon.last(EqualiserState).settings[23] == 4.0


def test_what_fails_later_leaves_no_equaliser(room: Studio) -> None:
    room.refused(cut(room), cut(room, track=room.tracks[1].id, fresh=0))
    assert list(room.live.song.tracks[0].devices) == []


def test_a_band_of_no_equaliser_is_refused(room: Studio) -> None:
    answer = room.refused(cut(room, fresh=0))
    assert (answer.code, answer.edit) == (Refusal.BAD_PARAMETER, 1)
    assert "has no EQ Eight" in answer.sentence


def test_an_older_live_says_that_a_person_has_to_do_it(home: Path) -> None:
    with studio(home, profile="12.2.0") as room:
        assert "cannot put an EQ Eight" in room.refused(cut(room)).sentence


def test_a_failure_in_the_middle_takes_the_equaliser_away(room: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    before = room.snapshot()

    def fails(*_: object) -> float:
        raise RuntimeError("Live said no")

    monkeypatch.setattr(sys.modules[f"{room.script.__module__.rpartition('.')[0]}.edits.devices"], "raw_value", fails)
    assert "Live said no" in room.refused(cut(room)).sentence
    assert room.snapshot() == before
