"""One press in Live, one clip in the grid, one undo step."""

from functools import partial

import pytest

from musearoo.bridge.protocol import Done, Failed, Refusal
from musearoo.bridge.protocol.types import Message
from musearoo.engines.music.timing import beats_to_samples
from musearoo.tools.studio.device_stand_in import DeviceStandIn
from musearoo.tools.studio.processes import Studio

SLOT = "song.tracks[{}].clip_slots[{}]"


def done(answer: Message) -> Done:
    assert isinstance(answer, Done), answer
    return answer


def test_a_press_is_acknowledged_and_becomes_a_clip_that_one_undo_takes_back(studio: Studio) -> None:
    before = studio.live.snapshot()
    press = studio.device.press("drummaroo", style="funk", bars=4, seed=3, track=0, scene=2)
    answer = done(studio.device.wait_for(press))
    assert press.got_at is not None
    assert press.answered_at is not None
    assert press.got_at <= press.answered_at
    assert (answer.track, answer.scene) == (0, 2)
    slot = SLOT.format(0, 2)
    notes = studio.live.call(f"{slot}.clip.get_all_notes_extended")
    assert len(notes) == answer.notes > 20
    name = studio.live.get(f"{slot}.clip.name")
    assert (name, answer.name) == ("funk drums", "funk drums on Dry Session Kit")
    assert studio.live.get(f"{slot}.clip.length") == 16.0
    assert studio.live.get(f"{slot}.clip.looping") is True
    after = studio.live.snapshot()
    studio.live.undo()
    assert studio.live.snapshot() == before
    studio.live.redo()
    assert studio.live.snapshot() == after
    studio.live.undo()


def test_the_same_seed_gives_the_same_notes(studio: Studio) -> None:
    takes = []
    for _ in range(2):
        press = studio.device.press("bassaroo", style="house", bars=4, seed=11, track=1, scene=0)
        answer = done(studio.device.wait_for(press))
        takes.append(studio.live.call(SLOT.format(1, answer.scene) + ".clip.get_all_notes_extended"))
        studio.live.undo()
    assert [note[1:] for note in takes[0]] == [note[1:] for note in takes[1]]


def test_a_filled_slot_is_left_alone_and_the_next_empty_one_taken(studio: Studio) -> None:
    studio.live.call(SLOT.format(0, 0) + ".create_clip", 4.0)
    studio.live.set(SLOT.format(0, 0) + ".clip.name", "mine")
    before = studio.live.snapshot()
    answer = done(studio.device.wait_for(studio.device.press("drums", style="rock", track=0, scene=0)))
    assert answer.scene == 1
    assert studio.live.get(SLOT.format(0, 0) + ".clip.name") == "mine"
    studio.live.undo()
    assert studio.live.snapshot() == before
    studio.live.call(SLOT.format(0, 0) + ".delete_clip")


def test_replace_replaces_and_undo_brings_the_old_clip_back(studio: Studio) -> None:
    studio.live.call(SLOT.format(0, 0) + ".create_clip", 4.0)
    studio.live.call(SLOT.format(0, 0) + ".clip.add_new_notes", {"notes": [[60, 0.0, 1.0, 100]]})
    before = studio.live.snapshot()
    press = studio.device.press("drums", style="rock", track=0, scene=0, replace=True)
    answer = done(studio.device.wait_for(press))
    assert answer.scene == 0
    assert len(studio.live.call(SLOT.format(0, 0) + ".clip.get_all_notes_extended")) == answer.notes
    studio.live.undo()
    assert studio.live.snapshot() == before
    studio.live.call(SLOT.format(0, 0) + ".delete_clip")


def test_a_device_on_an_audio_track_gets_a_new_midi_track_in_the_same_undo_step(studio: Studio) -> None:
    before = studio.live.snapshot()
    answer = done(studio.device.wait_for(studio.device.press("drummaroo", style="rock", track=2, scene=1)))
    assert studio.live.get(f"song.tracks[{answer.track}].name") == "DrummaRoo"
    assert answer.track == 4
    studio.live.undo()
    assert studio.live.snapshot() == before


def test_the_bass_follows_the_set_s_chords_and_locks_to_its_kick(studio: Studio) -> None:
    drums = done(studio.device.wait_for(studio.device.press("drums", style="funk", seed=5, track=0, scene=0, bars=4)))
    studio.live.call("song.create_midi_track", -1)
    studio.live.set("song.tracks[4].name", "Keys")
    chord_roots = (2, 7, 0, 9)
    studio.live.call(SLOT.format(4, 0) + ".create_clip", 16.0)
    chords = [
        [48 + root + interval, bar * 4.0, 3.9, 90]
        for bar, root in enumerate(chord_roots)
        for interval in ((0, 3, 7) if root in (2, 9) else (0, 4, 7))
    ]
    studio.live.call(SLOT.format(4, 0) + ".clip.add_new_notes", {"notes": chords})
    studio.device.idle(0.3)
    bass = done(studio.device.wait_for(studio.device.press("bass", style="funk", seed=5, track=1, scene=0, bars=4)))
    notes = studio.live.call(SLOT.format(1, 0) + ".clip.get_all_notes_extended")
    assert bass.notes == len(notes)
    by_start = sorted((start, pitch) for _, pitch, start, *_ in notes)
    for bar, root in enumerate(chord_roots):
        # A human bass player is early or late by some hundredths of a beat, and so is this one.
        on_the_one = {pitch % 12 for start, pitch in by_start if abs(start - bar * 4.0) < 0.15}
        assert root in on_the_one, f"the bass does not play the root on the one of bar {bar + 1}"
    kicks = [
        start
        for _, pitch, start, *_ in studio.live.call(SLOT.format(0, 0) + ".clip.get_all_notes_extended")
        if pitch in (35, 36)
    ]
    locked = sum(any(abs(start - kick) < 0.125 for kick in kicks) for start, _ in by_start)
    assert locked / len(by_start) > 0.5
    assert drums.notes > 0
    for _ in range(5):
        studio.live.undo()


def test_what_cannot_be_done_is_told_in_one_sentence(studio: Studio) -> None:
    before = studio.live.snapshot()
    for wish, code, words in (
        ({"engine": "kazoo"}, Refusal.BAD_PARAMETER, "kazoo"),
        ({"engine": "drums", "style": "polkacore"}, Refusal.BAD_PARAMETER, "polkacore"),
        ({"engine": "drums", "track": 77}, Refusal.GONE, "Track 78"),
        ({"engine": "drums", "scene": 99}, Refusal.GONE, "Scene 100"),
    ):
        answer = studio.device.wait_for(studio.device.press(**wish))
        assert isinstance(answer, Failed)
        assert answer.code == code
        assert words in answer.sentence
    assert studio.live.snapshot() == before


def test_a_cancelled_press_leaves_no_clip_or_says_that_it_is_too_late(studio: Studio) -> None:
    before = studio.live.snapshot()
    press = studio.device.press("drums", style="rock", bars=64, track=0, scene=0)
    studio.device.cancel(press)
    answer = studio.device.wait_for(press)
    if isinstance(answer, Failed):
        assert answer.code == Refusal.CANCELLED
    else:
        assert [told.code for told in press.told] == [Refusal.CANCELLED]
        studio.live.undo()
    assert studio.live.snapshot() == before


@pytest.mark.parametrize("sample_rate", [44_100, 48_000, 88_200, 96_000])
def test_a_press_puts_every_onset_on_a_sample_of_the_device_s_rate(studio: Studio, sample_rate: int) -> None:
    with DeviceStandIn(
        f"at {sample_rate}", home=studio.home, live_version=studio.profile, sample_rate=sample_rate
    ) as device:
        device.greet()
        for bpm in (20.0, 97.3, 999.0):
            studio.live.set("song.tempo", bpm)
            played = studio.live.get("song.tempo")
            device.wait_until(partial(shows_tempo, device, played), 5.0, "the tempo")
            answer = done(device.wait_for(device.press("drums", style="funk", bars=64, track=0, scene=0)))
            notes = studio.live.call(SLOT.format(0, answer.scene) + ".clip.get_all_notes_extended")
            places = [beats_to_samples(note[2], played, sample_rate) for note in notes]
            assert len(places) > 300
            assert max(abs(place - round(place)) for place in places) < 1e-6
            studio.live.undo()
    studio.live.set("song.tempo", 120.0)


def shows_tempo(device: DeviceStandIn, played: float) -> bool:
    return device.facts is not None and abs(device.facts.tempo - played) < 1e-3


@pytest.mark.parametrize(
    "profile", ["11.3.25", "12.2.0", *(pytest.param(each, marks=pytest.mark.long) for each in ("12.0.0", "12.0.5"))]
)
def test_one_press_in_every_live(profile: str) -> None:
    with Studio(profile=profile) as studio:
        before = studio.live.snapshot()
        for engine, track in (("drums", 0), ("bass", 1)):
            answer = done(studio.device.wait_for(studio.device.press(engine, style="rock", track=track, scene=0)))
            assert (answer.track, answer.scene) == (track, 0)
            assert len(studio.live.call(SLOT.format(track, 0) + ".clip.get_all_notes_extended")) == answer.notes > 10
        studio.live.undo()
        studio.live.undo()
        assert studio.live.snapshot() == before
        assert studio.live.not_simulated() == []


def test_a_style_that_is_new_in_the_users_folder_can_be_played(studio: Studio) -> None:
    folder = studio.home / "styles"
    folder.mkdir(exist_ok=True)
    (folder / "mine.yaml").write_text("name: my own\nbased_on: funk\n", encoding="utf-8")
    studio.device.wait_until(lambda: "were read anew" in studio.daemon.log(), 10.0, "word of the new style")
    answer = done(studio.device.wait_for(studio.device.press("drums", style="my own", bars=1, track=0, scene=3)))
    assert answer.name == "my own drums"
    studio.live.undo()
