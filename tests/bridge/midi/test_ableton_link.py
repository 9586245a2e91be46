"""Ableton Link: two programs in one session, where a package for it is installed."""

import importlib
import time
from typing import Any

import pytest

from musearoo.bridge.midi import ableton_link as link_clock
from musearoo.bridge.midi.ableton_link import INSTALL, LinkClock, LinkMissingError
from musearoo.bridge.midi.clock.following import Following
from musearoo.bridge.protocol.midi_process import ClockSource, Follow

_HERE = link_clock.is_installed()


def test_without_a_package_it_says_which_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_clock, "is_installed", lambda: False)
    with pytest.raises(LinkMissingError, match="pip install LinkPython-extern"):
        LinkClock()


@pytest.mark.skipif(not _HERE, reason=INSTALL)
def test_two_programs_of_a_session_agree_on_tempo_and_beat() -> None:
    peer: Any = importlib.import_module("link").Link(97.0)
    peer.enabled = True
    clock = LinkClock()
    following = Following()
    following.follow(time.perf_counter(), Follow((ClockSource.LINK, ClockSource.OWN)))
    try:
        until = time.monotonic() + 10.0
        while clock.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        line = clock.poll()
        if line is None:
            pytest.skip("no other program is found here: this machine's network has no multicast")
        following.link(line)
        now = time.perf_counter()
        theirs = peer.captureAppSessionState().beatAtTime(peer.clock().micros(), link_clock.QUANTUM)
        apart = (following.line(now).beat_at(now) - theirs + 2.0) % link_clock.QUANTUM - 2.0
        assert abs(apart) < 0.01
        assert following.state(now).source is ClockSource.LINK
        assert line.bpm == pytest.approx(peer.captureAppSessionState().tempo(), abs=0.01)
        epoch = line.epoch
        time.sleep(0.3)
        later = clock.poll()
        assert later is not None
        assert later.epoch == epoch
    finally:
        clock.close()
        peer.enabled = False
    following.link(clock.poll())
    assert following.state(time.perf_counter()).source is ClockSource.OWN
