"""The page's sound in a real browser: Chromium, a real server, and a tap behind the player that keeps what is heard."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")

import numpy as np

from musearoo.tools.studio.browser import open_browser, why_no_browser
from tests.bridge.api.running import RunningServer
from tests.bridge.page.sound.listening import (
    RATE,
    Listening,
    Proxy,
    at_best_of,
    residual,
    tone_file,
    upload_tone,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.skipif(bool(why_no_browser()), reason=why_no_browser() or "-")

CLICK = 4e-3
"""The largest residual of a 440 Hz tone without a click: a lost sample gives 0.03, a fade of 10 ms some 0.001."""
STRANGE = "studio.test"
AUTOPLAY = "--autoplay-policy=no-user-gesture-required"


class Studio:
    """A server behind a proxy, with a session that has a tone of 440 Hz."""

    def __init__(self, server: RunningServer, proxy: Proxy) -> None:
        self.server, self.proxy = server, proxy
        with server.client() as client:
            self.session = client.post("/sessions", json={"bpm": 120}).raise_for_status().json()["id"]
        self.tone = upload_tone(server, self.session, tone_file())
        self.origin = f"http://127.0.0.1:{proxy.port}"
        self.strange = f"http://{STRANGE}:{proxy.port}"

    @property
    def piece(self) -> dict[str, Any]:
        """A tone that goes on for ever: its loop of a second has whole periods."""
        return {"parts": [{"id": "tone", "clip": self.tone}], "loop": True, "bpm": 120, "beats": 2}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    proxy = Proxy()
    hosts = [word for name in ("127.0.0.1", STRANGE) for word in ("--host", f"{name}:{proxy.port}")]
    with RunningServer(tmp_path_factory.mktemp("studio") / "home", "--composers", "1", *hosts) as server:
        proxy.target = server.port
        yield Studio(server, proxy)
    proxy.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser(AUTOPLAY, f"--host-resolver-rules=MAP {STRANGE} 127.0.0.1") as browser:
        yield browser


@pytest.fixture
def listening(studio: Studio, browser: Browser) -> Iterator[Listening]:
    page = browser.new_page(bypass_csp=True)
    yield Listening(page, studio.server, studio.session, studio.origin)
    page.close()


@at_best_of(3)
def test_a_tone_comes_through_without_a_click(studio: Studio, listening: Listening) -> None:
    listening.play(**studio.piece)
    listening.wait(3)
    state, heard = listening.state, listening.heard()
    assert (state["status"], state["codec"], state["parts"]) == ("playing", "pcm", ["tone", "metronome"])
    assert heard.size > 2 * RATE
    assert abs(np.abs(heard).max() - 0.5) < 1e-3, "the metronome is silent until it is wanted"
    assert residual(heard).max() < CLICK


@at_best_of(3)
def test_it_goes_on_after_forced_disconnects_where_it_was(studio: Studio, listening: Listening) -> None:
    listening.play(**studio.piece)
    before = studio.proxy.accepted
    for _ in range(3):
        listening.wait(1)
        studio.proxy.cut()
    listening.wait(1.5)
    assert studio.proxy.accepted >= before + 3
    assert listening.state["status"] == "playing"
    heard = listening.heard()
    assert heard.size > 3 * RATE
    assert residual(heard).max() < CLICK


@at_best_of(3)
def test_a_busy_page_plays_on(studio: Studio, listening: Listening) -> None:
    listening.play(**studio.piece)
    listening.wait(0.5)
    before = listening.state["underruns"]
    listening.page.evaluate("() => { const began = performance.now(); while (performance.now() - began < 1500); }")
    listening.wait(0.5)
    assert listening.state["underruns"] == before
    assert residual(listening.heard()).max() < CLICK


@at_best_of(3)
def test_mute_solo_level_and_metronome_act_at_once(studio: Studio, listening: Listening) -> None:
    piece = studio.piece
    parts = [*piece["parts"], {"id": "same", "clip": studio.tone}]
    listening.play(**{**piece, "parts": parts})
    listening.wait(0.5)

    def loudest_after(script: str) -> float:
        listening.page.evaluate(script)
        listening.wait(0.3)
        listening.page.evaluate("heard.length = 0")
        listening.wait(0.5)
        return float(np.abs(listening.heard()).max(initial=0.0))

    cases = [
        ("player.mute('same', true)", 0.5),
        ("player.level('tone', 0.5)", 0.25),
        ("player.mute('same', false); player.solo('same', true)", 0.5),
        ("player.mute('same', true); player.solo('same', false); player.mute('tone', true)", 0.0),
    ]
    for script, expected in cases:
        assert abs(loudest_after(script) - expected) < 0.01, script
    assert loudest_after("player.metronome(true)") > 0.2


@pytest.mark.long
def test_a_piece_that_does_not_loop_ends(studio: Studio, listening: Listening) -> None:
    listening.play(**{**studio.piece, "loop": False, "beats": 2})
    listening.wait(2.5)
    assert listening.state["status"] == "idle"
    heard = listening.heard()
    last = int(np.flatnonzero(np.abs(heard) > 1e-3)[-1])
    assert abs(last - RATE) < 400, "a second was played, to the sample but for the zero crossing"


@pytest.mark.long
def test_the_position_follows_what_is_heard(studio: Studio, listening: Listening) -> None:
    listening.play(**{**studio.piece, "from": 1.0})
    listening.wait(1)
    beats = listening.page.evaluate("player.position()")
    assert 0.0 <= beats < 2.0
    script = (
        "() => { const {position, time} = window.marks = {position: player.position(), time: context.currentTime}; }"
    )
    listening.page.evaluate(script)
    listening.wait(0.4)
    moved, passed = listening.page.evaluate("[player.position() - marks.position, context.currentTime - marks.time]")
    assert abs((moved - 2.0 * passed + 1.0) % 2.0 - 1.0) < 0.1


def test_what_cannot_be_played_is_told(studio: Studio, listening: Listening) -> None:
    from playwright.sync_api import Error

    with pytest.raises(Error, match="There is no such take"):
        listening.play(parts=[{"id": "x", "take": "nothing"}], loop=True, bpm=120, beats=4)
    assert listening.state["status"] == "failed"
    listening.play(**studio.piece)
    assert listening.state["status"] == "playing"


@pytest.mark.long
def test_opus_by_the_browsers_own_decoder(studio: Studio, listening: Listening) -> None:
    listening.play(**studio.piece, codec="opus")
    listening.wait(2.5)
    heard = listening.heard()
    assert listening.state["codec"] == "opus"
    assert abs(np.abs(heard[RATE // 2 :]).max() - 0.5) < 0.02
    studio.proxy.cut()
    listening.wait(1.5)
    assert residual(listening.heard()[RATE // 2 :]).max() < 0.02


@pytest.mark.long
def test_plain_http_on_a_strange_origin(studio: Studio, browser: Browser) -> None:
    """A phone on the local network: no secure context, so no AudioWorklet and no decoder of the browser's."""
    page = browser.new_page(bypass_csp=True)
    listening = Listening(page, studio.server, studio.session, studio.strange)
    script = "[isSecureContext, typeof new AudioContext().audioWorklet, typeof AudioDecoder]"
    assert page.evaluate(script) == [False, "undefined", "undefined"]
    listening.play(**studio.piece, codec="pcm")
    listening.wait(3)
    heard = listening.heard()
    assert heard.size > RATE
    assert residual(heard[: heard.size // 16384 * 16384]).max() < CLICK
    page.close()


def test_the_page_may_do_all_of_that_under_its_own_policy(studio: Studio, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{studio.origin}/")
    script = """async ([token, session, piece]) => {
      const { createPlayer } = await import("/page/sound/player.js");
      const player = createPlayer({ url: `ws://${location.host}/sound/${session}`, token, session });
      await player.play(piece);
      return player.state.status;
    }"""
    assert page.evaluate(script, [studio.server.token, studio.session, studio.piece]) == "playing"
    page.close()


@pytest.mark.long
@pytest.mark.parametrize("seconds", [10, 600])
def test_a_busy_machine_plays_on(studio: Studio, listening: Listening, seconds: int) -> None:
    """With one busy loop beside. Where others keep the machine busy, too, it may wait once, and then keeps more."""
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        listening.play(**studio.piece)
        listening.page.evaluate("heard.length = 0; heard.push = () => 0")
        listening.wait(seconds)
        state = listening.state
        assert (state["status"], state["underruns"] <= 1) == ("playing", True), state
    finally:
        busy.kill()
        busy.wait()
