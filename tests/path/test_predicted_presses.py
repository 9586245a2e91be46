"""A press that was foreseen: its take is ready, and is the one that a daemon without foresight composes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from musearoo.bridge.protocol import Dials, Done
from musearoo.max_for_live.table.records import Twin
from musearoo.tools.bench.predict.replay import read_counts
from musearoo.tools.studio.device_presses import Press
from musearoo.tools.studio.device_stand_in import DeviceStandIn
from musearoo.tools.studio.processes import Studio
from musearoo.tools.studio.with_max import MaxStudio

Step = Callable[[DeviceStandIn, Done | None], Press | None]
"""What a user does after the last answer; None for what is no press."""

FUNK: Final[dict[str, Any]] = {"style": "funk", "bars": 2, "scene": 0}


def _press(engine: str, **asked: Any) -> Step:
    return lambda device, _: device.press(engine, **{**FUNK, **asked})


def _again(device: DeviceStandIn, last: Done | None) -> Press:
    assert last is not None
    return device.refine("again", track=last.track, scene=last.scene)


def _turn_to_house(device: DeviceStandIn, _: Done | None) -> None:
    device.send(Dials(device.session, len(device.presses) + 1, "house", 4, 0.5, 0.5, 0.5, 0.0, "", -1, 0, 0, ""))


def _keep(device: DeviceStandIn, _: Done | None) -> Press:
    return device.keep()


def _drop(device: DeviceStandIn, _: Done | None) -> Press:
    return device.drop()


def _do(predict: str, steps: Sequence[Step]) -> tuple[list[Any], float]:
    """The notes in the set after each step, and how many presses were foreseen."""
    notes: list[Any] = []
    last: Done | None = None
    with Studio(settings=f"predict: {predict}\npredict_share: 1.0\nwarm_up: false\n") as studio:
        for step in steps:
            press = step(studio.device, last)
            if press is not None:
                answer = studio.device.wait_for(press, within=20.0)
                assert isinstance(answer, Done), answer
                last = answer if answer.track >= 0 else last
            # Also what a drop takes back has gone by then.
            studio.device.idle(1.5)
            if press is not None:
                notes.append(_notes_of(studio))
        return notes, read_counts(studio).hits


def _notes_of(studio: Studio) -> list[Any]:
    """The notes of all clips, by their tracks and slots."""
    found = []
    for number, track in enumerate(studio.live.snapshot()["tracks"]):
        for slot, clip in enumerate(track.get("slots", ())):
            if clip:
                path = f"song.tracks[{number}].clip_slots[{slot}].clip.get_all_notes_extended"
                found.append((number, slot, [note[1:] for note in studio.live.call(path)]))
    return found


def _check(steps: Sequence[Step], hits: float) -> None:
    plain, foreseen = _do("off", steps), _do("on", steps)
    assert foreseen[0] == plain[0]
    assert (plain[1], foreseen[1]) == (0.0, hits)


def test_foresight_changes_no_note() -> None:
    _check([_press("drummaroo"), _press("bassaroo"), _press("harmonyroo"), _again], 3.0)


def test_a_dial_that_came_to_rest_is_foreseen_with() -> None:
    house = {"style": "house", "bars": 4}
    _check([_turn_to_house, _press("drummaroo", **house), _press("bassaroo", **house)], 2.0)


def test_the_dials_of_the_device_are_foreseen_with() -> None:
    with MaxStudio(settings="predict: on\npredict_share: 1.0\nwarm_up: false\n") as studio:
        device = studio.put(Twin.MIDI, "song.tracks[0]")
        studio.wait_until_ready(device)
        steps, face = studio.live.stats()["undo_steps"], studio.face(device)
        device.set("bars", "2 bars")
        device.set("style", "funk")
        studio.max.run_for(2.0)
        assert (studio.live.stats()["undo_steps"], studio.face(device)) == (steps, face)
        device.press("drums")
        studio.wait_for_status(device, "funk drums")
        assert read_counts(studio.studio).hits == 1.0, "the very first press"
        device.set("hear", 1)
        studio.max.run_for(2.0)
        device.press("bass")
        studio.wait_for_status(device, "Heard: funk bass")
        studio.max.run_for(2.0)
        device.press("again")
        studio.max.run_for(2.0)
        assert read_counts(studio.studio).hits == 3.0


def test_takes_that_are_heard_first_are_foreseen() -> None:
    steps = [
        _press("drummaroo", hear=True),
        _press("drummaroo", hear=True),
        _press("drummaroo", hear=True, changes="busier"),
        _press("bassaroo", hear=True),
        _keep,
        _press("harmonyroo", hear=True),
        _drop,
        _press("harmonyroo", hear=True),
    ]
    _check(steps, 5.0)


def test_takes_that_are_heard_in_place_of_a_clip_are_foreseen() -> None:
    heard = {"hear": True, "replace": True}
    steps = [
        _press("drummaroo"),
        _press("drummaroo", **heard),
        _press("drummaroo", **heard),
        _press("drummaroo", changes="busier", **heard),
    ]
    _check(steps, 2.0)
