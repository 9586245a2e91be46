"""What has come onto a marked track: dropped, recorded or moved there, lying still, and each once."""

from dataclasses import dataclass, field, replace
from typing import Any

from musearoo.bridge.live_set.arrivals import STILL_AFTER_RECORDING, STILL_FOR, Arrivals
from musearoo.bridge.live_set.mirror import AUDIO_TRACK, SetMirror
from musearoo.bridge.protocol import AutoSplit, ClipAudio, ClipState, Gone, SetReady, SongState
from musearoo.bridge.protocol.types import Message
from tests.bridge.live_set.test_mirror import a_clip, a_mirror, a_track

MARK = AutoSplit(1, 0, 1, "dsp", 4, 1)


def a_set(*more: Message) -> SetMirror:
    song = SongState("", 120.0, 4, 4, 0, "Major", 0, 0)
    tracks = (a_track(10, 0, AUDIO_TRACK, "In"), a_track(11, 1, AUDIO_TRACK, "Else"))
    return a_mirror(song, *tracks, SetReady(2), *more)


def dropped(clip: int, track: int = 10, **changed: Any) -> tuple[ClipState, ClipAudio]:
    return a_clip(clip, track, 20, is_audio=1, **changed), ClipAudio(clip, "/a/x.wav", 96_000.0, 48_000.0, 1, 0, 0.4)


@dataclass
class Watch:
    """Looks ten times a second."""

    mirror: SetMirror
    marks: list[AutoSplit] = field(default_factory=lambda: [MARK])
    arrivals: Arrivals = field(default_factory=Arrivals)
    now: float = 0.0

    def tell(self, *messages: Message) -> None:
        for message in messages:
            assert self.mirror.apply(message)

    def wait(self, seconds: float = 2 * STILL_FOR) -> list[int]:
        arrived = []
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            arrived += [clip for clip, _ in self.arrivals.poll(self.mirror, self.marks, self.now)]
        return arrived


def test_only_what_comes_after_the_mark_has_come_and_once() -> None:
    watch = Watch(a_set(*dropped(1)))
    assert watch.wait() == []
    watch.tell(*dropped(2), *dropped(3, track=11))
    assert watch.wait() == [2]
    assert watch.wait() == []


def test_a_clip_comes_with_the_mark_of_its_track() -> None:
    arrivals, mirror = Arrivals(), a_set()
    assert arrivals.poll(mirror, [MARK], 0.0) == []
    for message in dropped(2):
        mirror.apply(message)
    assert arrivals.poll(mirror, [MARK], 1.0) == []
    assert arrivals.poll(mirror, [MARK], 1.0 + STILL_FOR) == [(2, MARK)]


def test_a_clip_that_is_recorded_comes_when_it_is_done() -> None:
    watch = Watch(a_set())
    watch.wait(0.1)
    clip, audio = dropped(2, is_recording=1)
    watch.tell(clip, replace(audio, file_path="", sample_length=0.0))
    assert watch.wait() == []
    watch.tell(replace(clip, is_recording=0))
    assert watch.wait() == []
    watch.tell(replace(audio, sample_length=48_000.0))
    assert watch.wait(STILL_AFTER_RECORDING - 0.5) == []
    # What Live counts may come later than the file.
    watch.tell(audio)
    assert watch.wait(STILL_AFTER_RECORDING - 0.1) == []
    assert watch.wait() == [2]


def test_a_clip_that_is_still_changed_or_gone_again_has_not_come() -> None:
    watch = Watch(a_set())
    watch.wait(0.1)
    for length in (1.0, 2.0, 3.0):
        watch.tell(*dropped(2, length=length))
        assert watch.wait(STILL_FOR - 0.1) == []
    watch.tell(Gone(2))
    assert watch.wait() == []


def test_whether_a_clip_plays_does_not_keep_it_from_coming() -> None:
    watch = Watch(a_set())
    watch.wait(0.1)
    arrived = []
    for playing in (0, 1, 0, 1, 0, 1, 0, 1):
        watch.tell(*dropped(2, is_playing=playing))
        arrived += watch.wait(0.1)
    assert arrived == [2]


def test_a_clip_that_is_moved_onto_a_marked_track_comes() -> None:
    watch = Watch(a_set(*dropped(1, track=11)))
    assert watch.wait() == []
    watch.tell(*dropped(1, track=10))
    assert watch.wait() == [1]


def test_marking_again_starts_over() -> None:
    watch = Watch(a_set())
    watch.wait(0.1)
    watch.marks = []
    watch.tell(*dropped(2))
    assert watch.wait() == []
    watch.marks = [MARK]
    assert watch.wait() == []
    watch.tell(*dropped(3))
    assert watch.wait() == [3]


def test_what_is_on_a_track_when_it_is_marked_has_not_come_whatever_else_is_marked() -> None:
    watch = Watch(a_set())
    watch.wait(0.1)
    watch.tell(*dropped(2, track=11))
    watch.marks = [MARK, replace(MARK, track=1)]
    assert watch.wait() == []
    watch.tell(*dropped(3, track=11), *dropped(4))
    assert sorted(watch.wait()) == [3, 4]


def test_a_mark_stays_with_its_track_when_that_moves() -> None:
    watch = Watch(a_set())
    watch.wait(0.1)
    watch.tell(a_track(10, 1, AUDIO_TRACK, "In"), a_track(11, 0, AUDIO_TRACK, "Else"), *dropped(2), *dropped(3, 11))
    assert watch.wait() == [2]


def test_the_settings_mark_tracks_by_name() -> None:
    watch = Watch(a_set(), [], Arrivals(("In",), mutes=False))
    watch.wait(0.1)
    watch.tell(*dropped(2), *dropped(3, track=11))
    watch.now += 1.0
    assert watch.arrivals.poll(watch.mirror, [], watch.now) == []
    ((clip, mark),) = watch.arrivals.poll(watch.mirror, [], watch.now + STILL_FOR)
    assert (clip, mark.backend, mark.mute) == (2, "", 0)


def test_nothing_arrives_before_the_set_is_reported() -> None:
    watch = Watch(a_set())
    watch.mirror.complete = False
    watch.tell(*dropped(2))
    assert watch.wait() == []
    watch.tell(SetReady(3))
    # It lay there when the set was told.
    assert watch.wait() == []
