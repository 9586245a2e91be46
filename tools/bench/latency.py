"""The latency from a press to a clip, per leg and in all, in the simulated Live with its real timers.

With a peer, the same job (create the clip, add the same notes, read them back) runs through AbletonOSC's unmodified
Remote Script in the same simulated Live, alternating press by press, so that both are measured under the same load.
"""

import asyncio
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from musearoo.bridge.links.api_client import DaemonClient
from musearoo.bridge.metrics.daemon import PREFIX
from musearoo.bridge.metrics.reading import read_text
from musearoo.bridge.protocol import Done, Failed
from musearoo.bridge.requests.band import BAND
from musearoo.bridge.settings.config_files import ConfigFolder
from musearoo.tools.bench.busy import busy_machine
from musearoo.tools.bench.measures import percentile, summary
from musearoo.tools.bench.processes import load_average
from musearoo.tools.studio.processes import Studio, StudioError

PEER_PORTS = (11000, 11001)
"""AbletonOSC listens on the first port and answers to the second."""

LONGEST_PAUSE = 0.1
"""Pauses of 0 to this many seconds between jobs, so that results do not depend on the phase of Live's 100 ms tick."""

OUR_STRIDE, PEER_STRIDE = 0.6180339887, 0.4142135624
"""The steps between pauses as fractions of the range: irrational, like their sum, so that all phases are equally
frequent.
"""

WARM_UP = 5
"""Presses before the first measured one."""

RESTARTS = 6
"""Restarts of the daemon under a running Live, each with a press as soon as the device shows that Live."""

BARS = 8


class RefusedError(StudioError):
    """A press was refused, or failed."""


@dataclass(slots=True)
class Latency:
    """Milliseconds of each measured press."""

    total: list[float] = field(default_factory=list)
    legs: dict[str, list[float]] = field(default_factory=dict)
    peer: list[float] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    ready_ms: float = 0.0
    idle_mb: float | None = None
    first_ms: float = 0.0
    """The first press of all, which also loads the instrument."""
    restarted: list[float] = field(default_factory=list)
    """The first press after each restart of the daemon, which warms up meanwhile."""
    refused: int = 0
    lean: int = 0
    """Presses for which an engine composed a simpler take, to keep up."""
    beside: str = ""
    """What was at work beside, and the machine's load."""

    def report(self, peer_name: str | None) -> dict[str, object]:
        """Return the output of `musearoo bench latency --json`."""
        report: dict[str, object] = {
            "presses": len(self.total),
            "bars": BARS,
            "notes": {"least": min(self.notes), "most": max(self.notes)},
            "total_ms": summary(self.total),
            "first_press_ms": round(self.first_ms, 1),
            "first_press_after_restart_ms": summary(self.restarted),
            "legs_ms": {leg: summary(values) for leg, values in self.legs.items()},
            "daemon": {"ready_ms": round(self.ready_ms), "idle_mb": self.idle_mb and round(self.idle_mb, 1)},
            "refused": self.refused,
            "lean_takes": self.lean,
            "beside": self.beside,
            "where": "simulated Live",
        }
        if peer_name and self.peer:
            report["peer"] = {"name": peer_name, "total_ms": summary(self.peer)}
            report["ratio_p50"] = round(percentile(self.peer, 50) / percentile(self.total, 50), 2)
        return report


def measure_latency(
    presses: int,
    peer: Path | None = None,
    profile: str = "12.3.6",
    progress: Callable[[int], None] = lambda _: None,
    engine: str = "drummaroo",
    busy: int = 0,
    models: bool = False,
    heard: int = 0,
) -> Latency:
    """Press Generate for 8 bars of an engine, or of the band, `presses` times and measure each.

    `busy` loops work beside, and Demucs and MusicGen if `models`; with `heard` audio clips in the set the daemon hears
    them and splits another. With `peer`, AbletonOSC creates a clip of the same notes in alternation; that requires a
    single engine. Raises StudioError when a process fails, an answer is missing, or the first press is refused.
    """
    if peer is not None and engine == BAND:
        raise StudioError("AbletonOSC makes one clip at a time: measure one engine with it, not the band.")
    latency = Latency()
    with ExitStack() as stack:
        scripts: list[Path] = []
        if peer is not None:
            scripts.append(_copy_peer(peer, Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        settings, hearing, set_file = "warm_up: true\n", None, None
        if heard:
            from musearoo.tools.bench.hearing import Hearing  # here: it needs NumPy

            folder = stack.enter_context(tempfile.TemporaryDirectory())
            hearing = Hearing(Path(folder).resolve(), heard)
            settings, set_file = settings + hearing.settings, hearing.write_set()
        studio = stack.enter_context(
            Studio(profile=profile, extra_scripts=scripts, settings=settings, set_file=set_file)
        )
        idle = studio.daemon.resident_bytes()
        latency.ready_ms = studio.daemon.ready_after * 1000
        latency.idle_mb = None if idle is None else idle / 1e6
        beside = stack.enter_context(busy_machine(busy, models=models))
        rival = stack.enter_context(_Peer()) if peer is not None else None
        for number in range(-WARM_UP, presses):
            time.sleep(number * OUR_STRIDE % 1.0 * LONGEST_PAUSE)
            if hearing is not None and number == 0:
                hearing.begin(studio)
            elif hearing is not None and number > 0:
                hearing.go_on(studio)
            measured = latency if number >= 0 else Latency()
            try:
                notes = _press(studio, measured, engine, seed=number + WARM_UP)
            except RefusedError:
                if not latency.total:
                    raise
                latency.refused += 1
                continue
            if number == -WARM_UP:
                latency.first_ms = measured.total[0]
            if rival is not None:
                time.sleep(number * PEER_STRIDE % 1.0 * LONGEST_PAUSE)
                took = rival.make_clip(track=1, scene=0, length=BARS * 4.0, notes=notes)
                studio.live.call("song.tracks[1].clip_slots[0].delete_clip")
                if number >= 0:
                    latency.peer.append(took)
            progress(number + 1)
        beside += f", {hearing.describe(studio)}" if hearing is not None else ""
        latency.lean, latency.beside = _count_lean(studio), f"{beside}, {load_average()}"
        latency.restarted = [_press_after_restart(studio, engine, number) for number in range(RESTARTS)]
    return latency


def _press_after_restart(studio: Studio, engine: str, number: int) -> float:
    """Return the milliseconds of the first press that a restarted daemon gets in the set that is open."""
    studio.daemon.stop()
    time.sleep(number * OUR_STRIDE % 1.0)
    studio.daemon.start()
    studio.device.facts = None
    studio.device.greet()
    studio.wait_for_live()
    measured = Latency()
    _press(studio, measured, engine, seed=number)
    return measured.total[0]


def _press(studio: Studio, latency: Latency, engine: str, seed: int) -> list[tuple[int, float, float, float, bool]]:
    """Return the measurements of one press, and the notes of its clip, which is then deleted.

    The band replaces its clips each time.
    """
    is_band = engine == BAND
    track = -1 if is_band else 0
    press = studio.device.press(engine, style="funk", bars=BARS, seed=seed, track=track, scene=0, replace=is_band)
    answer = studio.device.wait_for(press, within=10.0)
    if not isinstance(answer, Done) or press.got_at is None or press.answered_at is None:
        if isinstance(answer, Failed):
            raise RefusedError(f"A press of {engine} failed: {answer.sentence}")
        raise StudioError(f"A press of {engine} failed: it was answered with {answer}")
    total = (press.answered_at - press.pressed_at) * 1000
    acknowledged = (press.got_at - press.pressed_at) * 1000
    latency.total.append(total)
    latency.notes.append(answer.notes)
    for leg, value in (
        ("acknowledged", acknowledged),
        ("composed", answer.composed_ms),
        ("live", answer.live_ms),
        ("to and from the device", total - answer.milliseconds),
    ):
        latency.legs.setdefault(leg, []).append(value)
    if engine == BAND:
        return []
    notes = studio.live.call("song.tracks[0].clip_slots[0].clip.get_all_notes_extended")
    studio.live.call("song.tracks[0].clip_slots[0].delete_clip")
    return [
        (int(pitch), float(start), float(duration), float(velocity), bool(mute))
        for _, pitch, start, duration, velocity, mute, *_ in notes
    ]


def _count_lean(studio: Studio) -> int:
    """Return how many presses got simpler takes."""

    async def ask() -> str:
        client = DaemonClient("bench latency", watches=False)
        try:
            await client.connect(ConfigFolder(studio.home))
            return await client.metrics()
        finally:
            await client.close()

    samples = read_text(asyncio.run(ask()))
    return round(next(sample.value for sample in samples if sample.name == f"{PREFIX}lean_takes_total"))


class _Peer:
    """A client of AbletonOSC that sends its three messages together, the fastest way it allows."""

    def __init__(self) -> None:
        self._listening, self._answering = PEER_PORTS
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def __enter__(self) -> "_Peer":
        try:
            self._socket.bind(("127.0.0.1", self._answering))
        except OSError as error:
            raise StudioError(f"UDP port {self._answering}, which AbletonOSC answers to, is taken: {error}.") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def make_clip(
        self, track: int, scene: int, length: float, notes: Sequence[tuple[int, float, float, float, bool]]
    ) -> float:
        """Return the milliseconds until the notes have been read back. Raises StudioError when some are missing."""
        create = _message("/live/clip_slot/create_clip", (track, scene, length))
        add = _message("/live/clip/add/notes", (track, scene, *(value for note in notes for value in note)))
        read = _message("/live/clip/get/notes", (track, scene))
        started = time.perf_counter()
        for packet in (create, add, read):
            self._socket.sendto(packet, ("127.0.0.1", self._listening))
        self._socket.settimeout(2.0)
        try:
            while (reply := OscMessage(self._socket.recv(65_536))).address != "/live/clip/get/notes":
                pass
        except TimeoutError as error:
            raise StudioError("AbletonOSC did not answer within 2 s.") from error
        took = (time.perf_counter() - started) * 1000
        read_back = (len(reply.params) - 2) // 5
        if read_back != len(notes):
            raise StudioError(f"AbletonOSC read back {read_back} notes of {len(notes)}.")
        return took


def _message(address: str, values: Sequence[object]) -> bytes:
    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)  # type: ignore[arg-type]
    return builder.build().dgram


def require_checkout(checkout: Path) -> None:
    """Raise StudioError when a folder is not a checkout of AbletonOSC."""
    if not (checkout / "abletonosc").is_dir():
        raise StudioError(f"{checkout} is not a checkout of AbletonOSC: it has no folder abletonosc.")


def _copy_peer(checkout: Path, folder: Path) -> Path:
    """Copy AbletonOSC under the name that its script requires; it writes a log into its folder."""
    copy = folder / "AbletonOSC"
    shutil.copytree(checkout, copy, ignore=shutil.ignore_patterns(".git", "logs"))
    return copy
