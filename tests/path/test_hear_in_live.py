"""Takes heard in Live, in their own slots: they sound, and go without a trace unless they are kept."""

from __future__ import annotations

from typing import Any

from musearoo.bridge.protocol import Done, Failed, Refusal
from musearoo.tools.studio.device_presses import Press
from musearoo.tools.studio.processes import Studio
from tests.each_case import each_case

WITHIN = 20.0


def done(studio: Studio, press: Press) -> Done:
    answer = studio.device.wait_for(press, WITHIN)
    assert isinstance(answer, Done), answer
    return answer


def hear(studio: Studio, engine: str = "drummaroo", **asked: Any) -> Done:
    return done(studio, studio.device.press(engine, style="funk", bars=1, hear=True, **asked))


def drop(studio: Studio) -> None:
    done(studio, studio.device.drop())
    studio.device.idle(0.3)


def clips(studio: Studio) -> list[str]:
    tracks = studio.live.snapshot()["tracks"]
    return [clip["name"] for track in tracks for clip in track.get("slots", ()) if clip]


def wait_for_sound(studio: Studio, slot: str) -> None:
    playing = f"song.{slot}.clip.is_playing"
    studio.device.wait_until(lambda: bool(studio.live.get(playing)), WITHIN, "a clip that plays")


def undo_steps(studio: Studio) -> int:
    return int(studio.live.stats()["undo_steps"])


def test_a_dropped_take_leaves_no_trace(studio: Studio) -> None:
    before, steps = studio.live.snapshot(), undo_steps(studio)
    assert hear(studio).name.startswith("Heard: ")
    wait_for_sound(studio, "tracks[4].clip_slots[0]")
    drop(studio)
    assert studio.live.snapshot() == before
    assert undo_steps(studio) == steps
    assert not studio.live.get("song.is_playing")


@each_case("engine", ["bassaroo", "drummaroo", "drummaroo, bassaroo"])
def test_the_next_take_replaces_the_one_before(studio: Studio, engine: str) -> None:
    before = studio.live.snapshot()
    hear(studio, seed=1)
    hear(studio, engine, seed=2)
    assert len(clips(studio)) == engine.count("roo")
    wait_for_sound(studio, "tracks[4].clip_slots[0]")
    drop(studio)
    assert studio.live.snapshot() == before


def test_the_next_take_comes_after_the_user_took_the_last_one_back(studio: Studio) -> None:
    before = studio.live.snapshot()
    hear(studio, seed=1)
    studio.live.undo()
    hear(studio, seed=2)
    assert len(clips(studio)) == 1
    drop(studio)
    assert studio.live.snapshot() == before


def test_a_kept_take_stays_where_it_is_and_can_be_undone(studio: Studio) -> None:
    before = studio.live.snapshot()
    name = hear(studio).name.removeprefix("Heard: ")
    assert name.startswith(done(studio, studio.device.keep()).name.removeprefix("Kept: "))
    assert len(clips(studio)) == 1
    answer = studio.device.wait_for(studio.device.keep(), WITHIN)
    assert isinstance(answer, Failed)
    assert answer.code == Refusal.GONE
    done(studio, studio.device.undo())
    assert studio.live.snapshot() == before


def test_undo_drops_what_is_heard(studio: Studio) -> None:
    before = studio.live.snapshot()
    hear(studio)
    done(studio, studio.device.undo())
    assert studio.live.snapshot() == before
    answer = studio.device.wait_for(studio.device.keep(), WITHIN)
    assert isinstance(answer, Failed)


def test_a_take_goes_even_after_the_user_went_on(studio: Studio) -> None:
    before = studio.live.snapshot()
    hear(studio)
    studio.live.set("song.tempo", 97.0)
    drop(studio)
    assert studio.live.get("song.tempo") == 97.0
    assert not clips(studio)
    studio.live.set("song.tempo", 120.0)
    assert studio.live.snapshot() == before


def test_what_played_before_plays_on(studio: Studio) -> None:
    before = studio.live.snapshot()
    done(studio, studio.device.press("drummaroo", style="funk", bars=1, seed=3))
    studio.live.call("song.tracks[4].clip_slots[0].fire")
    wait_for_sound(studio, "tracks[4].clip_slots[0]")
    hear(studio, seed=4)
    wait_for_sound(studio, "tracks[4].clip_slots[1]")
    drop(studio)
    wait_for_sound(studio, "tracks[4].clip_slots[0]")
    studio.live.call("song.stop_playing")
    done(studio, studio.device.undo())
    assert studio.live.snapshot() == before


def test_a_clip_of_the_set_is_launched(studio: Studio) -> None:
    before = studio.live.snapshot()
    done(studio, studio.device.press("drummaroo", style="funk", bars=1, seed=3))
    heard = done(studio, studio.device.hear_clip(track=4, scene=0))
    assert heard.name.startswith("Heard: ")
    wait_for_sound(studio, "tracks[4].clip_slots[0]")
    drop(studio)
    assert len(clips(studio)) == 1
    done(studio, studio.device.undo())
    assert studio.live.snapshot() == before
