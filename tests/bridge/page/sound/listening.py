"""Chromium with the page's player, and a tap behind it that keeps all that is heard."""

from __future__ import annotations

import base64
import contextlib
import functools
import io
import json
import math
import socket
import threading
import wave
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import numpy as np
import numpy.typing as npt

from tests.bridge.api.running import RunningServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

Sound = npt.NDArray[np.float64]

RATE: Final = 48_000
_TAP: Final = Path(__file__).with_name("tap.js").read_text(encoding="utf-8")
_INIT: Final = """
window.heard = [];
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (target, ...rest) {
  if (!(target instanceof AudioDestinationNode) || this.isTap) return connect.call(this, target, ...rest);
  const context = this.context;
  window.context = context;
  if (context.audioWorklet) {
    context.audioWorklet.addModule(URL.createObjectURL(new Blob([TAP], {type: "text/javascript"}))).then(() => {
      const tap = new AudioWorkletNode(context, "tap", {outputChannelCount: [2]});
      tap.isTap = true;
      tap.port.onmessage = ({data}) => window.heard.push(data);
      connect.call(this, tap); connect.call(tap, target);
    });
    return target;
  }
  if (!window.tap) {
    window.tap = context.createScriptProcessor(16384, 2, 2);
    window.tap.isTap = true;
    window.tap.onaudioprocess = ({inputBuffer}) => window.heard.push({left: inputBuffer.getChannelData(0).slice()});
    connect.call(window.tap, target);
  }
  connect.call(this, window.tap);
  return target;
};
"""
_OPEN: Final = """
async ([path, token, session]) => {
  const { createPlayer } = await import("/page/sound/player.js");
  window.player = createPlayer({ url: `ws://${location.host}/sound/${session}`, token, session });
  window.states = [];
  window.player.subscribe((state) => window.states.push({ ...state, at: performance.now() }));
}
"""


Test = TypeVar("Test", bound=Callable[..., None])


def at_best_of(tries: int) -> Callable[[Test], Test]:
    """Give a test of real time several tries: on a busy machine sound may wait once; a fault is there each time.

    The test's `listening` opens its page again before each further try.
    """

    def wrap(test: Test) -> Test:
        @functools.wraps(test)
        def run(*args: Any, **kwargs: Any) -> None:
            for _ in range(tries - 1):
                try:
                    test(*args, **kwargs)
                except AssertionError:
                    kwargs["listening"].open()
                else:
                    return
            test(*args, **kwargs)

        return cast(Test, run)

    return wrap


class Proxy:
    """Stands between browsers and a server: cuts connections when it is told to."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.target = 0
        self.accepted = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Cut all connections that are open."""
        cut, self._open = self._open, []
        for one in cut:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take no more connections."""
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                ours, _ = self._listening.accept()
                theirs = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            self.accepted += 1
            self._open += (ours, theirs)
            threading.Thread(target=self._serve, args=(ours, theirs), daemon=True).start()

    def _serve(self, ours: socket.socket, theirs: socket.socket) -> None:
        with ours, theirs:
            back = threading.Thread(target=_pass_on, args=(theirs, ours), daemon=True)
            back.start()
            _pass_on(ours, theirs)
            back.join()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """Hand on what comes until the end of either, and end both."""
    with contextlib.suppress(OSError):
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while data := one.recv(65_536):
            other.sendall(data)
    for each in (one, other):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


class Listening:
    """A page with a player."""

    def __init__(self, page: Page, server: RunningServer, session: str, origin: str = "") -> None:
        self.page = page
        self.messages: list[str] = []
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.add_init_script(f"const TAP = {json.dumps(_TAP)};{_INIT}")
        self._url = f"{origin or server.url}/"
        self._opened = ["", server.token, session]
        self.open()

    def open(self) -> None:
        """Open the page, with a new player."""
        self.page.goto(self._url)
        self.page.evaluate(_OPEN, self._opened)

    def play(self, **piece: Any) -> float:
        """Play, and return the milliseconds until it sounds."""
        script = """async (piece) => {
          const began = performance.now();
          const late = new Promise((_, fail) => {
            setTimeout(() => fail(new Error("It never sounded: " + JSON.stringify(player.state))), 10000);
          });
          await Promise.race([player.play(piece), late]);
          return performance.now() - began;
        }"""
        milliseconds: float = self.page.evaluate(script, piece)
        return milliseconds

    def wait(self, seconds: float) -> None:
        """Let it play."""
        self.page.wait_for_timeout(1000.0 * seconds)

    @property
    def state(self) -> dict[str, Any]:
        """The player's state."""
        found: dict[str, Any] = self.page.evaluate("player.state")
        return found

    def heard(self) -> Sound:
        """All that was heard on the left, from the first sound on."""
        script = """() => {
          const bytes = new Uint8Array(Float32Array.from(window.heard.flatMap(({left}) => [...left])).buffer);
          let text = "";
          for (let at = 0; at < bytes.length; at += 32768) {
            text += String.fromCharCode(...bytes.subarray(at, at + 32768));
          }
          return btoa(text);
        }"""
        sound = np.frombuffer(base64.b64decode(self.page.evaluate(script)), dtype="<f4").astype(np.float64)
        sounding = np.flatnonzero(sound)
        return sound[sounding[0] :] if sounding.size else sound[:0]


def tone_file(hertz: float = 440.0, seconds: float = 1.0, level: float = 0.5) -> bytes:
    """Return a WAV file of a sine in stereo."""
    values = np.rint(level * 32767 * np.sin(2 * math.pi * hertz * np.arange(round(seconds * RATE)) / RATE))
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.stack([values, values], axis=1).astype("<i2").tobytes())
    return made.getvalue()


def upload_tone(server: RunningServer, session: str, data: bytes) -> int:
    """Place a file in a session's set, and return its clip."""
    with server.client() as client:
        client.post(
            f"/sessions/{session}/analyze",
            params={"place": True, "name": "tone.wav"},
            content=data,
            headers={"content-type": "audio/wav"},
        ).raise_for_status()
        clips = client.get(f"/sessions/{session}/set").raise_for_status().json()["clips"]
        found: int = clips[-1]["id"]
        return found


def residual(sound: Sound, hertz: float = 440.0) -> Sound:
    """Return how far each sample is off what a sine goes on with: 0 without clicks."""
    turn = 2 * math.cos(2 * math.pi * hertz / RATE)
    found: Sound = np.abs(turn * sound[1:-1] - sound[:-2] - sound[2:])
    return found
