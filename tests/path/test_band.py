"""The band, a change of a clip, a whole song: one press, one undo step, everything in its place."""

from typing import Any

import pytest

from musearoo.bridge.protocol import Done, Failed
from musearoo.bridge.protocol.types import Message
from musearoo.tools.studio.processes import Studio

WITHIN = 20.0
"""Seconds that a song may take on a busy machine."""


def done(answer: Message) -> Done:
    assert isinstance(answer, Done), answer
    return answer


def onset(note: list[Any]) -> tuple[int, float, float]:
    """Pitch, start and velocity of a note that was read from Live."""
    return note[1], note[2], note[4]


def take_back(studio: Studio, steps: int = 1) -> None:
    """Undoes, and lets the daemon hear of it."""
    for _ in range(steps):
        studio.live.undo()
    studio.device.idle(0.3)


def test_the_band_plays_one_row_that_one_undo_takes_back(studio: Studio) -> None:
    before = studio.live.snapshot()
    press = studio.device.press("band", style="soul", bars=4, seed=3, scene=1)
    answer = done(studio.device.wait_for(press, WITHIN))
    assert answer.name.startswith("soul band: drums, bass, harmony")
    names = [studio.live.get(f"song.tracks[{index}].name") for index in range(4, answer.track + 1)]
    assert names[:3] == ["DrummaRoo", "BassaRoo", "HarmonyRoo"]
    lengths = [studio.live.get(f"song.tracks[{index}].clip_slots[1].clip.length") for index in range(4, 7)]
    assert lengths == [16.0] * 3
    notes = [
        len(studio.live.call(f"song.tracks[{index}].clip_slots[1].clip.get_all_notes_extended"))
        for index in range(4, 4 + len(names))
    ]
    assert sum(notes) == answer.notes
    take_back(studio)
    assert studio.live.snapshot() == before


def test_the_band_leaves_out_who_plays_already_and_a_second_press_takes_a_new_row(studio: Studio) -> None:
    before = studio.live.snapshot()
    done(studio.device.wait_for(studio.device.press("drums,bass", style="funk", bars=2, seed=3, scene=0), WITHIN))
    more = done(
        studio.device.wait_for(studio.device.press("drums,bass", style="funk", bars=2, seed=4, scene=0), WITHIN)
    )
    assert more.scene == len(studio.live.snapshot()["scenes"]) - 1
    rest = done(studio.device.wait_for(studio.device.press("band", style="funk", bars=2, seed=3, scene=more.scene)))
    assert rest.name.startswith("funk band: ")
    assert "bass" not in rest.name
    take_back(studio, 3)
    assert studio.live.snapshot() == before


def test_a_take_is_refined_in_place_or_beside(studio: Studio) -> None:
    before = studio.live.snapshot()
    first = done(studio.device.wait_for(studio.device.press("drums", style="rock", bars=4, seed=1, track=0, scene=0)))
    slot = "song.tracks[0].clip_slots[{}].clip.get_all_notes_extended"
    plain = studio.live.call(slot.format(0))
    beside = done(studio.device.wait_for(studio.device.refine("busier", track=0, scene=0, seed=2)))
    assert (beside.track, beside.scene) == (0, 1)
    assert beside.notes > first.notes
    assert studio.live.call(slot.format(0)) == plain
    inside = done(
        studio.device.wait_for(
            studio.device.refine("darker, more swing", track=0, scene=0, bars=(3, 4), seed=2, replace=True)
        )
    )
    changed = studio.live.call(slot.format(0))
    halves = [([onset(note) for note in notes if note[2] < 8.0], [onset(note) for note in notes if note[2] >= 8.0])
              for notes in (plain, changed)]  # fmt: skip
    assert halves[0][0] == halves[1][0]
    assert halves[0][1] != halves[1][1]
    assert inside.notes == len(changed)
    varied = done(studio.device.wait_for(studio.device.refine(track=0, take=2, vary_bars=8, style="reggae", seed=1)))
    assert studio.live.get(f"song.tracks[0].clip_slots[{varied.scene}].clip.length") == 32.0
    take_back(studio, 4)
    assert studio.live.snapshot() == before


@pytest.mark.parametrize(
    ("changes", "track", "sentence"),
    [
        ("purpler", 0, "change must be of again, simpler"),
        ("busier", 1, "no clip in that slot"),
        ("groove of track 4", 0, "Track 4"),
    ],
)
def test_what_cannot_be_refined_is_said(studio: Studio, changes: str, track: int, sentence: str) -> None:
    done(studio.device.wait_for(studio.device.press("drums", style="rock", bars=1, seed=1, track=0, scene=0)))
    answer = studio.device.wait_for(studio.device.refine(changes, track=track, scene=0))
    assert isinstance(answer, Failed)
    assert sentence in answer.sentence
    take_back(studio)


def test_a_song_becomes_scenes(studio: Studio) -> None:
    before = studio.live.snapshot()
    answer = done(studio.device.wait_for(studio.device.song(style="pop", seconds=45.0, seed=5), WITHIN))
    assert answer.name.startswith("pop song in ")
    scenes = studio.live.snapshot()["scenes"]
    assert isinstance(scenes, list)
    names = [scene["name"] for scene in scenes[8:]]
    assert len(names) >= 2
    assert all(names)
    take_back(studio)
    assert studio.live.snapshot() == before


def test_a_song_becomes_a_timeline_with_locators(fresh_studio: Studio) -> None:
    studio = fresh_studio
    before = studio.live.snapshot()
    answer = done(
        studio.device.wait_for(studio.device.song(style="house", seconds=60.0, seed=5, on_timeline=True), WITHIN)
    )
    assert answer.name.startswith("house song in ")
    assert len(studio.live.get("song.cue_points")) >= 2
    drums = studio.live.get("song.tracks[4].arrangement_clips")
    assert len(drums) >= 2
    take_back(studio)
    assert studio.live.snapshot() == before
