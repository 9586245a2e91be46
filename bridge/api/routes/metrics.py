"""The metrics of the server and of its daemon, in Prometheus' text format."""

from __future__ import annotations

import contextlib
from typing import Final

from fastapi import APIRouter, Response

from musearoo.bridge.api.routes.shared import Asker, Services
from musearoo.bridge.links.client_sessions import DaemonGoneError
from musearoo.bridge.metrics.reading import join_texts
from musearoo.bridge.metrics.text import CONTENT_TYPE

router: Final = APIRouter(tags=["health"])


@router.get("/metrics", responses={200: {"description": "The metrics", "content": {"text/plain": {}}}})
async def read_metrics(services: Services, who: Asker) -> Response:
    """The metrics of the server, and of the daemon while it is connected. Needs the scope metrics."""
    who.require("metrics")
    texts = [services.metrics.text()]
    daemon = services.hub.daemon
    if daemon is not None and daemon.is_connected:
        # Where it goes meanwhile, the server's own metrics tell that it is away.
        with contextlib.suppress(DaemonGoneError):
            texts.append(await daemon.metrics())
    return Response(join_texts(*texts), 200, media_type=CONTENT_TYPE)
