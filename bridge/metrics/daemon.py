"""The table of the daemon's metrics. What counts them is `bridge.metrics.observer`."""

from __future__ import annotations

from typing import Final

from musearoo.bridge.metrics.process import process_families
from musearoo.bridge.metrics.registry import Family, Label
from musearoo.bridge.metrics.takes import take_families
from musearoo.bridge.protocol import LiveState, Refusal
from musearoo.engines.music.knowledge.context import ROLES

PREFIX: Final = "musearoo_daemon_"

OTHER: Final = "other"
"""Stands for every value that is not in a label's list, such as an engine that there is not."""

OUTCOMES: Final = ("done", "failed", "cancelled")
LEGS: Final = ("composed", "live", "total")
SESSIONS: Final = ("device", "client")
QUEUES: Final = ("engines", "jobs")
LOOKUPS: Final = ("hit", "miss")
PREDICTIONS: Final = ("hit", "miss", "wasted")
CACHES: Final = ("analyses",)

PRESS_BUCKETS: Final = (
    0.005, 0.0075, 0.01, 0.0125, 0.015, 0.02, 0.025, 0.035, 0.05, 0.075,
    0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0,
)  # fmt: skip
"""Seconds: fine around the 10 ms of a press and the 150 ms that are promised, coarse for jobs that take minutes."""
GAP_BUCKETS: Final = (0.012, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds: Live's timer ticks every 10 ms; from 1 s on it counts as busy."""

ENGINE: Final = Label("engine")
"""The engines that are installed, `band`, and the other kinds of requests."""
PLAYER: Final = Label("player")
"""The engines that are installed."""
PART: Final = Label("part", ROLES)

FAMILIES: Final = (
    # Presses.
    Family(
        f"{PREFIX}presses_total",
        "counter",
        "Requests of devices that have ended, also spoken ones and clips that were split by themselves.",
        (ENGINE, Label("outcome", OUTCOMES)),
    ),
    Family(
        f"{PREFIX}press_seconds",
        "histogram",
        "Time of requests that were done: until it was composed, then in Live, and in all.",
        (ENGINE, Label("leg", LEGS)),
        PRESS_BUCKETS,
        sparse=True,
    ),
    Family(f"{PREFIX}presses_under_way", "gauge", "Requests that have not ended yet."),
    Family(
        f"{PREFIX}refusals_total",
        "counter",
        "Requests that were refused, failed or were cancelled, by the code that the device got.",
        (Label("code", tuple(code.name.lower() for code in Refusal)),),
    ),
    Family(f"{PREFIX}effects_failed_total", "counter", "Effects that could not be performed: a fault of ours."),
    Family(f"{PREFIX}strange_packets_total", "counter", "Packets on the devices' port that no device of ours sent."),
    Family(
        f"{PREFIX}sessions",
        "gauge",
        "Sessions: of devices, and of the server's clients.",
        (Label("kind", SESSIONS),),
    ),
    # Queues and caches.
    Family(
        f"{PREFIX}queue_length",
        "gauge",
        "Work that waits for the engines' threads, and jobs that wait for or run in the worker.",
        (Label("queue", QUEUES),),
    ),
    Family(
        f"{PREFIX}analysis_lookups_total",
        "counter",
        "Analyses of audio that were wanted: hit if the cache on disk had it.",
        (Label("result", LOOKUPS),),
    ),
    Family(f"{PREFIX}cache_entries", "gauge", "Entries of a cache on disk.", (Label("cache", CACHES),)),
    Family(f"{PREFIX}cache_bytes", "gauge", "Bytes of a cache on disk.", (Label("cache", CACHES),)),
    Family(
        f"{PREFIX}cache_evictions_total",
        "counter",
        "Entries of a cache that its bounds removed, the longest unused first.",
        (Label("cache", CACHES),),
    ),
    Family(
        f"{PREFIX}predictions_total",
        "counter",
        "Requests whose take was composed ahead (hit) or not (miss), and takes that nobody asked for (wasted).",
        (Label("result", PREDICTIONS),),
    ),
    Family(f"{PREFIX}prediction_work_seconds_total", "counter", "Time that was spent on composing ahead."),
    Family(f"{PREFIX}prediction_age_seconds_total", "counter", "Ages of the takes that were ready, added up."),
    Family(
        f"{PREFIX}engine_lean",
        "gauge",
        "1 for an engine that composes simpler takes, to keep up with a busy machine.",
        (PLAYER,),
    ),
    Family(f"{PREFIX}lean_takes_total", "counter", "Requests that were composed with such an engine."),
    # Live.
    Family(
        f"{PREFIX}live_connections",
        "gauge",
        "Lives by state: away while they report their set, ready, or busy.",
        (Label("state", tuple(state.name.lower() for state in LiveState)),),
    ),
    Family(f"{PREFIX}live_lost_total", "counter", "Connections of Live that broke or were closed."),
    Family(f"{PREFIX}live_silence_seconds", "gauge", "Since the last sign of the Live that is silent the longest."),
    Family(
        f"{PREFIX}live_gap_seconds",
        "histogram",
        "The longest that Live kept the script waiting, four times a second.",
        buckets=GAP_BUCKETS,
    ),
    # Quality of takes.
    *take_families(PREFIX, PART),
    Family(f"{PREFIX}takes_unmeasured_total", "counter", "Takes that were not measured, as too many came at once."),
    *process_families(PREFIX),
)
