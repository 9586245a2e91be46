"""What there is: engines and styles; and whether the server is well."""

from __future__ import annotations

from typing import Any, Literal

from musearoo.bridge.api.types.answers import Answer


class EngineInfo(Answer, frozen=True, kw_only=True):
    """An engine. `parameters`: the body of its generate requests as JSON Schema, with ranges, choices and defaults.

    What is counted or measured has its unit in `x-unit`. `options`: the parameters that only it has, which are in
    `parameters`, too.
    """

    name: str
    title: str
    part: str
    summary: str
    parameters: dict[str, Any]
    options: dict[str, Any]


class TempoRange(Answer, frozen=True, kw_only=True):
    """The tempos of a style, in beats a minute."""

    low: float
    usual: float
    high: float


class StyleInfo(Answer, frozen=True, kw_only=True):
    """A style: its names, tempos and the forms of its songs."""

    name: str
    aliases: tuple[str, ...]
    tempo: TempoRange
    forms: tuple[str, ...]
    summary: str


class LiveHealth(Answer, frozen=True, kw_only=True):
    """A Live whose set the server has: ready, or busy."""

    set: str
    version: str
    state: Literal["ready", "busy", "away"]


class LatencyMs(Answer, frozen=True, kw_only=True):
    """Milliseconds of requests since the start: the median and the tails."""

    p50: float
    p95: float
    p99: float


class Predictions(Answer, frozen=True, kw_only=True):
    """How many requests in Live found their take composed ahead (hits) or not, and takes that nobody asked for."""

    hits: int
    misses: int
    wasted: int


class HealthReport(Answer, frozen=True, kw_only=True):
    """How the server and its daemon are. `daemon` is its version, "" while it is away, and `problem` says why.

    `latency`: requests in Live, `composed`, in `live` and in `total`; `api`: those that the server composed itself.
    `lean`: engines that play simpler takes, as the computer is busy. `queue`: requests that wait to be composed. `jobs`
    have not ended. `disk_free` are bytes of the disk of MuseAroo's folder, `models` are those on this machine.
    """

    version: str
    daemon: str
    problem: str
    lives: tuple[LiveHealth, ...]
    latency: dict[str, LatencyMs]
    api: LatencyMs | None
    predictions: Predictions | None
    lean: tuple[str, ...]
    queue: int
    jobs: dict[str, int]
    disk_free: int
    models: tuple[str, ...]


class Health(Answer, frozen=True, kw_only=True):
    """Whether the server is well: `ok` while it runs, `ready` when it can be asked."""

    status: str
    version: str = ""


class AmbientPresetInfo(Answer, frozen=True, kw_only=True):
    """A preset of endless music. `layers` are those that it has; the amounts are what a wish of null leaves, 0 to 1.

    In free time `bpm` is only how fast things move.
    """

    name: str
    about: str
    key: str
    bpm: float
    free: bool
    layers: tuple[str, ...]
    density: float
    brightness: float
    motion: float
    space: float


class AmbienceInfo(Answer, frozen=True, kw_only=True):
    """What endless music can be asked for: its presets, and the words for moods."""

    presets: tuple[AmbientPresetInfo, ...]
    moods: tuple[str, ...]
