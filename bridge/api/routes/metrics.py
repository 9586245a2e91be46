"""How the server and its daemon are: the metrics in Prometheus' text format, and the few that a page shows."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

from musearoo import __version__
from musearoo.bridge.api.routes.shared import Asker, Services, answer, gives
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.types.catalogue import HealthReport, LatencyMs, LiveHealth, Predictions
from musearoo.bridge.links.client_sessions import DaemonGoneError
from musearoo.bridge.metrics.daemon import LEGS, PREFIX
from musearoo.bridge.metrics.reading import join_texts, read_text
from musearoo.bridge.metrics.server import ALL, WAITING
from musearoo.bridge.metrics.spans import Scrape, Span
from musearoo.bridge.metrics.text import CONTENT_TYPE
from musearoo.bridge.models.store import FOLDER, ModelStore

router: Final = APIRouter(tags=["health"])
health: Final = APIRouter(tags=["health"])


@router.get("/metrics", responses={200: {"description": "The metrics", "content": {"text/plain": {}}}})
async def read_metrics(services: Services, who: Asker) -> Response:
    """The metrics of the server, and of the daemon while it is connected. Needs the scope metrics."""
    who.require("metrics")
    return Response(await _read_text(services), 200, media_type=CONTENT_TYPE)


@health.get("/health", responses=gives(HealthReport, "How they are"))
async def read_health(request: Request, services: Services, who: Asker) -> Response:
    """How the server, its daemon and Live are: latencies, predictions, queues, the disk, models."""
    who.require("read")
    text, daemon = await _read_text(services), services.hub.daemon
    lives = () if daemon is None else tuple(daemon.lives.values())
    is_connected = daemon is not None and daemon.is_connected
    span, free, models = await asyncio.to_thread(_look, text, services.home)
    report = HealthReport(
        version=__version__,
        daemon=daemon.daemon_version if daemon is not None and is_connected else "",
        problem="" if daemon is None else daemon.problem,
        lives=tuple(
            LiveHealth(set=live.set_name, version=live.live_version, state=_STATES[live.state]) for live in lives
        ),
        latency={leg: found for leg in LEGS if (found := _latency(span, f"{PREFIX}press_seconds", leg=leg))},
        api=_latency(span, f"{ALL}compose_seconds"),
        predictions=_predictions(span) if is_connected else None,
        lean=tuple(
            player
            for player in span.values(f"{PREFIX}engine_lean", "player")
            if span.gauge(f"{PREFIX}engine_lean", player=player)
        ),
        queue=services.pool.waiting + int(span.gauge(f"{PREFIX}queue_length", queue="engines") or 0),
        jobs={state: int(span.gauge(f"{ALL}jobs", state=state) or 0) for state in WAITING},
        disk_free=free,
        models=models,
    )
    return answer(request, report)


_STATES: Final = ("away", "ready", "busy")
"""As LiveState numbers them."""


async def _read_text(services: ApiServices) -> str:
    texts = [services.metrics.text()]
    daemon = services.hub.daemon
    if daemon is not None and daemon.is_connected:
        # Where it goes meanwhile, the server's own metrics tell that it is away.
        with contextlib.suppress(DaemonGoneError):
            texts.append(await daemon.metrics())
    return join_texts(*texts)


def _look(text: str, home: Path) -> tuple[Span, int, tuple[str, ...]]:
    """Return what was counted since the start, the bytes that the disk has free, and the models that are there."""
    free = shutil.disk_usage(home).free
    models = tuple(card.name for card in ModelStore(home / FOLDER).list_present())
    return Span(None, Scrape(read_text(text), 0.0)), free, models


def _latency(span: Span, name: str, **labels: str) -> LatencyMs | None:
    """Return the latencies of a histogram of seconds, None where nothing was counted."""
    found = span.quantiles_ms(name, **labels)
    known = {share: value for share, value in found.items() if value is not None}
    return LatencyMs(**known) if len(known) == len(found) else None


def _predictions(span: Span) -> Predictions:
    counted = {each: int(span.count(f"{PREFIX}predictions_total", result=each)) for each in ("hit", "miss", "wasted")}
    return Predictions(hits=counted["hit"], misses=counted["miss"], wasted=counted["wasted"])
