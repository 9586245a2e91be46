"""A press that was foreseen: its take is ready, and is the one that a daemon without foresight composes."""

from __future__ import annotations

from typing import Any

from musearoo.bridge.protocol import Done
from musearoo.tools.bench.predict.replay import read_counts
from musearoo.tools.studio.processes import Studio

ENGINES = ("drummaroo", "bassaroo", "harmonyroo")


def _play(predict: str) -> tuple[list[Any], float]:
    """The notes of some presses and a change, one after the other, and how many of them were foreseen."""
    notes: list[Any] = []
    with Studio(settings=f"predict: {predict}\nwarm_up: false\n") as studio:
        answer: Any = None
        for step in (*ENGINES, "again"):
            if step == "again":
                press = studio.device.refine("again", track=answer.track, scene=answer.scene)
            else:
                press = studio.device.press(step, style="funk", bars=2, scene=0)
            answer = studio.device.wait_for(press, within=20.0)
            assert isinstance(answer, Done), answer
            clip = f"song.tracks[{answer.track}].clip_slots[{answer.scene}].clip"
            notes.append([note[1:] for note in studio.live.call(f"{clip}.get_all_notes_extended")])
            studio.device.idle(1.5)
        return notes, read_counts(studio).hits


def test_foresight_changes_no_note() -> None:
    plain, foreseen = _play("off"), _play("on")
    assert foreseen[0] == plain[0]
    assert (plain[1], foreseen[1]) == (0.0, 3.0)
