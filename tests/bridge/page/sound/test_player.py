"""The page's player in Chromium, measured behind it: whole, without a gap or a click, whatever the line does."""

from __future__ import annotations

import base64
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pytest

from musearoo.tools.studio.browser import open_browser, why_no_browser
from tests.optional import require

require("fastapi", "sqlalchemy")

from musearoo.bridge.api.sound.messages import RATE
from tests.bridge.page.sound.producer import LEVEL, TOKEN, Producer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

pytestmark = [
    pytest.mark.skipif(bool(why_no_browser()), reason=why_no_browser() or "-"),
    # It listens for minutes, and to what a machine gives that nobody else uses: test_browser.py is the short version.
    pytest.mark.long,
]

Sound: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

WITHIN: Final = 20.0
"""Seconds for anything on a busy machine."""
ROUNDING: Final = 2e-4
"""What 16 bits make of the test for clicks below; a frame that is left out, or comes twice, makes 0.01 and more."""
SMOOTH: Final = 4e-3
"""The same for fades of 5 and 10 ms; a tone that is cut off makes 0.2."""
_DECODER: Final = """globalThis.AudioDecoder = class {
  static isConfigSupported() { return { supported: true }; }
  constructor({ error }) { this.error = error; }
  configure() {}
  decode() { %s }
  close() {}
};"""
DECODERS: Final = {
    "the browser's": "",
    "none of the browser's": "delete globalThis.AudioDecoder;",
    "one that fails": _DECODER % "setTimeout(() => this.error(new Error()))",
    "one that gives nothing": _DECODER % "",
}
BENT: Final = 0.002 * 2 * math.pi * 440 * 0.1 * 1.05
"""Radians by which the phase may move in a tenth of a second: by as much as drift is corrected; a frame makes 1.3."""
INSECURE: Final = "studio.test"
_TAP: Final = """
window.heard = [];
const connect = AudioNode.prototype.connect;
const taps = new WeakMap();
function tapOf(context) {
  if (taps.has(context)) return taps.get(context);
  window.context = context;
  let made;
  if (context.audioWorklet) {
    made = context.audioWorklet.addModule("/page/tap.js").then(() => {
      const tap = new AudioWorkletNode(context, "tap", {outputChannelCount: [2]});
      tap.port.onmessage = ({data}) => window.heard.push(data.left);
      return tap;
    });
  } else {
    const tap = context.createScriptProcessor(4096, 2, 2);
    tap.onaudioprocess = ({inputBuffer}) => window.heard.push(inputBuffer.getChannelData(0).slice());
    made = Promise.resolve(tap);
  }
  made = made.then((tap) => { connect.call(tap, context.destination); return tap; });
  taps.set(context, made);
  return made;
}
AudioNode.prototype.connect = function (target, ...rest) {
  if (!(target instanceof AudioDestinationNode)) return connect.call(this, target, ...rest);
  void tapOf(this.context).then((tap) => connect.call(this, tap));
  return target;
};
"""
_OPEN: Final = """
async (token) => {
  const { createPlayer } = await import("/page/sound/player.js");
  window.player = createPlayer({ url: `ws://${location.host}/sound/s1`, token, session: "s1" });
  window.states = [];
  player.subscribe((state) => states.push(state));
}
"""
_PLAY: Final = """
(piece) => {
  const began = performance.now();
  window.first = undefined;
  player.play(piece).then(
    () => (window.first = performance.now() - began),
    (error) => (window.refused = error.message),
  );
}
"""
_HEARD: Final = """
() => {
  const all = new Float32Array(heard.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of heard) { all.set(piece, at); at += piece.length; }
  const bytes = new Uint8Array(all.buffer);
  let text = "";
  for (let from = 0; from < bytes.length; from += 32768) {
    text += String.fromCharCode(...bytes.subarray(from, from + 32768));
  }
  return btoa(text);
}
"""


class Ear:
    """A page with a player, and all that is heard of it."""

    def __init__(self, page: Page, producer: Producer, *, host: str = "127.0.0.1", token: str = TOKEN) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note)
        page.add_init_script(_TAP)
        page.goto(f"http://{host}:{producer.port}/")
        page.evaluate(_OPEN, token)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "WebSocket" not in message.text:
            self.errors.append(message.text)

    def play(self, *files: str, **options: Any) -> None:
        """Play tones, and return once they sound."""
        self.ask(*files, **options)
        self.wait_until(lambda: self.state["status"] == "playing", "it plays")

    def ask(self, *files: str, **options: Any) -> None:
        """Play tones, and return at once."""
        parts = [{"id": file, "file": file} for file in files]
        self.page.evaluate(_PLAY, {"parts": parts, "loop": True, "bpm": 120, "beats": 16, "from": 0, **options})

    def wait_until(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait for something; fails with what was waited for."""
        ends = time.monotonic() + WITHIN
        while not is_so():
            assert time.monotonic() < ends, (what, self.state, self.errors)
            self.wait(0.02)

    def wait(self, seconds: float) -> None:
        """Let it play."""
        self.page.wait_for_timeout(1000 * seconds)

    @property
    def state(self) -> dict[str, Any]:
        """The player's state."""
        found: dict[str, Any] = self.page.evaluate("player.state")
        return found

    def heard(self) -> Sound:
        """What was heard on the left, from the first sound to the last."""
        sound = np.frombuffer(base64.b64decode(self.page.evaluate(_HEARD)), dtype="<f4").astype(np.float64)
        sounding = np.flatnonzero(sound)
        assert sounding.size, (self.state, self.errors)
        return sound[sounding[0] : sounding[-1] + 1]


def roughness(sound: Sound, *hertz: float) -> float:
    """Return how far a sample is off what sines, 440 Hz unless others are named, go on with, at most: a click."""
    for each in hertz or (440.0,):
        sound = 2 * math.cos(2 * math.pi * each / RATE) * sound[1:-1] - sound[:-2] - sound[2:]
    return float(np.abs(sound).max())


def phase_of(sound: Sound, hertz: float = 440.0, window: int = 4800) -> tuple[Sound, Sound]:
    """Return amplitude and phase (radians, of a sine from the sound's start) in each tenth of a second."""
    count = len(sound) // window
    turning = np.exp(-2j * np.pi * hertz / RATE * np.arange(count * window))
    found = 2j * (sound[: count * window] * turning).reshape(count, window).mean(axis=1)
    return np.abs(found), np.unwrap(np.angle(found))


def amplitudes_of(sound: Sound, wanted: float, tones: tuple[float, ...] = (440.0, 1000.0)) -> Sound:
    """Return the amplitude of one of the tones in each 5 ms."""
    turns = 2 * np.pi / RATE * np.arange(240)[:, None] * np.array(tones)
    solve = np.linalg.pinv(np.concatenate([np.sin(turns), np.cos(turns)], axis=1))
    found = sound[: len(sound) // 240 * 240].reshape(-1, 240) @ solve.T
    at = tones.index(wanted)
    return np.hypot(found[:, at], found[:, at + len(tones)])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that knows a host without a secure origin."""
    with open_browser(f"--host-resolver-rules=MAP {INSECURE} 127.0.0.1") as opened:
        yield opened


@pytest.fixture
def producer() -> Iterator[Producer]:
    """A server of tones."""
    with Producer() as made:
        yield made


@contextmanager
def listening(browser: Browser, producer: Producer, **options: Any) -> Iterator[Ear]:
    """Yield a page of its own; what it logged as an error fails the test."""
    page = browser.new_page()
    try:
        ear = Ear(page, producer, **options)
        yield ear
        assert not ear.errors, ear.errors
    finally:
        page.close()


@pytest.fixture
def ear(browser: Browser, producer: Producer) -> Iterator[Ear]:
    """A page that listens to the producer."""
    with listening(browser, producer) as made:
        yield made


def test_a_tone_is_heard_as_it_was_sent_without_a_gap_or_a_click(ear: Ear) -> None:
    ear.play("440")
    ear.wait(5)
    sound = ear.heard()
    assert len(sound) > 4.5 * RATE
    assert roughness(sound) < ROUNDING
    amplitudes, phases = phase_of(sound)
    assert np.allclose(amplitudes, LEVEL, atol=1e-3)
    assert np.abs(np.diff(phases)).max() < BENT
    assert ear.state["underruns"] == 0
    assert ear.state["codec"] == "pcm"


def test_three_disconnections_are_not_heard(ear: Ear, producer: Producer) -> None:
    ear.play("440")
    for _ in range(3):
        ear.wait(1)
        assert producer.drop() == 1
    ear.wait(1.5)
    sound = ear.heard()
    assert len(producer.plays) == 4
    assert all(later.start > sooner.start for sooner, later in pairwise(producer.plays))
    assert roughness(sound) < ROUNDING
    assert np.abs(np.diff(phase_of(sound)[1])).max() < BENT
    assert ear.state["underruns"] == 0


def test_a_page_that_is_busy_plays_on(ear: Ear) -> None:
    ear.play("440")
    ear.page.evaluate("() => { const ends = performance.now() + 1500; while (performance.now() < ends); }")
    ear.wait(1)
    assert ear.state["underruns"] == 0
    assert roughness(ear.heard()) < ROUNDING


def test_mute_solo_and_level_change_within_5_ms_and_leave_the_other_part_alone(ear: Ear) -> None:
    ear.play("440", "1000")
    ear.wait(0.5)
    for script in ("player.mute('1000', true)", "player.mute('1000', false)", "player.solo('440', true)"):
        ear.page.evaluate(script)
        ear.wait(0.5)
    ear.page.evaluate("player.solo('440', false); player.level('1000', 0.5)")
    ear.wait(0.5)
    sound = ear.heard()[RATE // 10 :]
    low, high = amplitudes_of(sound, 440), amplitudes_of(sound, 1000)
    changing = np.abs(high[:, None] - [0.0, 0.5 * LEVEL, LEVEL]).min(axis=1) > 2e-3
    assert np.abs(low[~changing] - LEVEL).max() < 2e-3
    settled = np.round(high[~changing] / LEVEL, 1)
    assert [float(value) for value in settled[np.flatnonzero(np.diff(settled, prepend=-1.0))]] == [1, 0, 1, 0, 0.5]
    # 5 ms lie in two windows of 5 ms, or in one; the last change may begin in one, and be asked for in two messages.
    assert 4 <= changing.sum() <= 10, np.flatnonzero(changing)
    assert roughness(sound, 440, 1000) < 0.01


def test_sound_that_comes_late_is_faded_and_counted(ear: Ear, producer: Producer) -> None:
    ear.play("440")
    ear.wait(0.5)
    producer.hold(1.0)
    ear.wait_until(lambda: ear.state["status"] == "waiting", "it waits")
    ear.wait_until(lambda: ear.state["status"] == "playing", "it plays on")
    ear.wait(1)
    assert ear.state["underruns"] == 1
    assert roughness(ear.heard()) < SMOOTH


def test_what_the_server_skips_is_faded_over(ear: Ear, producer: Producer) -> None:
    ear.play("440")
    ear.wait(0.5)
    producer.skip = 101
    ear.wait(1)
    assert ear.state["underruns"] == 0
    assert roughness(ear.heard()) < SMOOTH


def test_a_clock_that_is_off_is_followed_without_a_click(ear: Ear, producer: Producer) -> None:
    producer.fast = 1.5e-3
    ear.play("440")
    ear.wait(25)
    assert ear.state["underruns"] == 0
    assert roughness(ear.heard()) < ROUNDING
    assert np.diff(phase_of(ear.heard())[1])[-20:].mean() > 0.1 * BENT, "it is played faster by now"


def test_a_stop_and_another_piece_make_no_click(ear: Ear) -> None:
    for first in (1, 2):
        ear.ask("440", **{"from": first})
        ear.play("440", **{"from": first})
        ear.wait(0.5)
    assert ear.page.evaluate("window.refused") is None
    ear.page.evaluate("player.stop()")
    ear.wait(0.5)
    assert ear.state["status"] == "idle"
    assert roughness(np.pad(ear.heard(), (0, 2))) < SMOOTH


def test_a_piece_that_ends_is_heard_to_its_end(ear: Ear) -> None:
    ear.play("440", loop=False, beats=2)
    ear.wait_until(lambda: ear.state["status"] == "idle", "it ends")
    # The tap's last samples come by another port than the player's word.
    ear.wait(0.3)
    assert len(ear.heard()) == pytest.approx(RATE, abs=240)


def test_the_position_is_the_beat_that_is_heard(ear: Ear, producer: Producer) -> None:
    ear.play("440", beats=4, **{"from": 3})
    assert producer.plays[0].start == 3 * RATE // 2
    found = []
    for _ in range(8):
        ear.wait(0.25)
        found.append(ear.page.evaluate("[player.position(), performance.now()]"))
    assert all(0 <= beat < 4 for beat, _ in found)
    for (sooner, then), (later, now) in pairwise(found):
        assert (later - sooner) % 4 == pytest.approx(2 * (now - then) / 1000, abs=0.1)
    assert producer.played
    assert producer.played[-1].at > 3 * RATE // 2


def test_opus_is_joined_without_a_click_by_each_decoder(browser: Browser, producer: Producer) -> None:
    for case, decoder in DECODERS.items():
        with listening(browser, producer) as ear:
            ear.page.route("**/page/sound/opus.js", partial(_replace_decoder, decoder=decoder))
            ear.page.reload()
            ear.page.evaluate(_OPEN, TOKEN)
            ear.play("440")
            ear.page.evaluate("player.stop()")
            ear.wait(0.3)
            ear.page.evaluate("() => void (heard.length = 0)")
            ear.play("440", codec="opus")
            ear.wait(0.7)
            producer.drop()
            ear.wait(2.8)
            check_opus(ear, case)
            sound = ear.heard()
            assert roughness(sound[:2000]) < 0.1, "the attack is that of the first sample, not of what a decoder needs"
            # Nothing is corrected in the first two seconds: the join alone would be seen.
            assert np.ptp(phase_of(sound[RATE // 10 : 18 * RATE // 10])[1]) < 0.1, case


def _replace_decoder(route: Route, decoder: str) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=f"{decoder}\n{answer.text()}")


def check_opus(ear: Ear, case: str) -> None:
    """Opus is no exact copy: the tone keeps its level and its phase, and has no click beyond what the codec makes."""
    assert ear.state["codec"] == "opus", case
    assert ear.state["underruns"] == 0, case
    sound = ear.heard()[RATE // 10 :]
    assert len(sound) > 2.5 * RATE, case
    amplitudes, phases = phase_of(sound)
    assert np.allclose(amplitudes, LEVEL, rtol=0.05), (case, amplitudes)
    assert np.abs(np.diff(phases)).max() < BENT, (case, phases)
    assert roughness(sound) < 2 * SMOOTH, (case, roughness(sound))


def test_an_insecure_origin_hears_the_same(browser: Browser, producer: Producer) -> None:
    with listening(browser, producer, host=INSECURE) as ear:
        assert ear.page.evaluate("[isSecureContext, 'audioWorklet' in AudioContext.prototype]") == [False, False]
        ear.play("440", codec="pcm")
        ear.wait(3)
        assert ear.state["underruns"] == 0
        sound = ear.heard()
        assert len(sound) > 2 * RATE
        assert roughness(sound) < ROUNDING
        for is_on in ("true", "false"):
            ear.page.evaluate(f"player.mute('440', {is_on})")
            ear.wait(1)
        ear.page.evaluate("player.stop()")
        ear.wait(0.5)
        assert roughness(np.pad(ear.heard(), (0, 2))) < SMOOTH
    with listening(browser, producer, host=INSECURE) as ear:
        ear.play("440")
        ear.wait(3.5)
        check_opus(ear, "insecure")


def test_what_cannot_be_played_is_told(browser: Browser, producer: Producer) -> None:
    with listening(browser, producer) as ear:
        ear.ask("bad")
        ear.wait_until(lambda: ear.state["status"] == "failed", "it fails")
        assert ear.state["sentence"] == "There is no such file."
        assert ear.page.evaluate("refused") == "There is no such file."
        ear.ask("440", beats=100_000)
        ear.wait_until(lambda: "beats" in ear.state["sentence"], "it fails")
        ear.play("440")
    with listening(browser, producer, token="wrong") as ear:
        ear.ask("440")
        ear.wait_until(lambda: ear.state["status"] == "failed", "it fails")
        assert ear.state["sentence"] == "The token is unknown."


def test_a_silenced_page_goes_on_where_it_was(ear: Ear, producer: Producer) -> None:
    ear.play("440")
    ear.wait(0.5)
    ear.page.evaluate("context.suspend()")
    ear.wait_until(lambda: ear.state["status"] == "interrupted", "it is interrupted")
    beat = ear.page.evaluate("player.position()")
    ear.wait(0.5)
    assert ear.page.evaluate("player.position()") == beat
    ear.page.evaluate("player.resume()")
    ear.wait_until(lambda: ear.state["status"] == "playing", "it goes on")
    assert producer.plays[-1].start == pytest.approx(beat * RATE / 2, abs=1)


def test_sound_begins_in_a_tap(ear: Ear) -> None:
    script = """() => document.getElementById("tap").addEventListener("click", () => void player.play(
      { parts: [{ id: "440", file: "440" }], loop: true, bpm: 120, beats: 16 }))"""
    ear.page.evaluate(script)
    ear.page.click("#tap")
    ear.wait_until(lambda: ear.state["status"] == "playing", "it plays")
