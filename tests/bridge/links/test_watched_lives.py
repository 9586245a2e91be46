"""What plays in the watched Lives, and since when: as far as the transport and the changes of a set tell."""

from __future__ import annotations

import pytest

from musearoo.bridge.links.watched_lives import WatchedLive, WatchedLives
from musearoo.bridge.protocol import ApiLive, ApiSet, ApiTransport, Gone, LiveState, SetReady
from musearoo.bridge.protocol.codec import encode_bundle
from musearoo.bridge.protocol.types import Message
from tests.bridge.live_set.test_mirror import a_clip, a_track
from tests.bridge.stage import a_song

BASS, VERSE, CLIP, OTHER = 1, 8, 20, 21
START = 1_800_000_000.0
"""Unix seconds."""


class Watched:
    """One Live that a client watches. `now`: Unix seconds."""

    def __init__(self, *messages: Message) -> None:
        self.now = START
        self.lives = WatchedLives(lambda _: None, microseconds=lambda: int(self.now * 1e6))
        self.lives.show(ApiLive(3, "run", "12.3", "set", LiveState.READY, "", ""))
        self._sequence = 0
        self.tell(a_song("set"), a_track(BASS, 0), *messages, SetReady(3))

    def tell(self, *messages: Message) -> None:
        assert self.lives.apply(ApiSet(3, self._sequence, encode_bundle(messages))) is not None
        self._sequence += 1

    def move(self, beat: float, playing: int = 1) -> WatchedLive | None:
        return self.lives.move(ApiTransport(3, playing, beat, 120.0, self.now, 0.0, 0.0))

    @property
    def live(self) -> WatchedLive:
        return self.lives.whole[3]


def test_a_clip_plays_since_the_beat_at_which_it_was_seen_to_begin() -> None:
    watched = Watched(a_clip(CLIP, BASS, VERSE), a_clip(OTHER, BASS, VERSE + 1, is_playing=1))
    assert watched.live.playing == {OTHER: None}, "nobody saw it begin"
    assert watched.live.beat_at(START) is None
    assert watched.move(4.0) is watched.live
    watched.now += 2.1
    watched.tell(a_clip(CLIP, BASS, VERSE, is_playing=1), a_clip(OTHER, BASS, VERSE + 1))
    assert watched.live.playing == {CLIP: 8.0}, "it began on the grid, and was told a moment later"
    watched.now += 5.0
    watched.tell(a_clip(CLIP, BASS, VERSE, is_playing=1, name="renamed"))
    assert watched.live.playing == {CLIP: 8.0}
    assert watched.live.beat_at(watched.now) == pytest.approx(4.0 + 2 * 7.1, abs=1e-4)
    watched.tell(Gone(CLIP))
    assert watched.live.playing == {}


def test_a_song_that_stands_does_not_go_on() -> None:
    watched = Watched(a_clip(CLIP, BASS, VERSE))
    watched.move(6.5, playing=0)
    watched.now += 60.0
    assert watched.live.beat_at(watched.now) == 6.5
    watched.tell(a_clip(CLIP, BASS, VERSE, is_playing=1))
    assert watched.live.playing == {CLIP: 6.0}


def test_the_transport_of_a_live_that_is_not_known_is_nobodys() -> None:
    watched = Watched()
    assert watched.lives.move(ApiTransport(4, 1, 0.0, 120.0, START, 0.0, 0.0)) is None
    watched.lives.forget_all()
    assert watched.move(1.0) is None
