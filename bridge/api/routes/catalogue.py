"""What there is: engines with their parameters, styles; and whether the server is well."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import APIRouter, Request, Response

from musearoo import __version__
from musearoo.bridge.api.documents.page import read_page, read_specification_file
from musearoo.bridge.api.routes.shared import JSON, Asker, Services, answer, answer_kept, gives
from musearoo.bridge.api.types.catalogue import AmbienceInfo, AmbientPresetInfo, EngineInfo, Health, StyleInfo
from musearoo.bridge.settings.ambient_presets import read_ambient_presets
from musearoo.bridge.store.revision import read_revision
from musearoo.engines.ambient.preset import layer_of
from musearoo.engines.ambient.steering import AMOUNTS, MOODS
from musearoo.engines.music.scale import Key

router: Final = APIRouter(tags=["catalogue"])
health: Final = APIRouter(tags=["health"])
documentation: Final = APIRouter(tags=["catalogue"])


@router.get("/engines", responses=gives(EngineInfo, "The engines", several=True))
async def list_engines(request: Request, services: Services, who: Asker) -> Response:
    """The engines, each with the parameters of its generate requests as JSON Schema."""
    who.require("read")
    return answer(request, await services.pool.call("engines"))


@router.get("/styles", responses=gives(StyleInfo, "The styles", several=True))
async def list_styles(request: Request, services: Services, who: Asker) -> Response:
    """The styles: names, tempos, forms."""
    who.require("read")
    return answer(request, await services.pool.call("styles"))


@router.get("/ambience", responses=gives(AmbienceInfo, "The presets and moods"))
async def list_ambience(request: Request, who: Asker) -> Response:
    """What endless music can be asked for at `/sound/{session}`: presets and moods."""
    who.require("read")
    return answer(request, await asyncio.to_thread(_describe_ambience))


@router.get(
    "/openapi.json",
    responses={200: {"description": "The specification", "content": {JSON: {"schema": {"type": "object"}}}}},
)
async def read_specification(request: Request) -> Response:
    """The specification of REST, in OpenAPI 3.1."""
    return answer_kept(request, await asyncio.to_thread(read_specification_file), JSON)


@documentation.get(
    "/docs", responses={200: {"description": "The page", "content": {"text/html": {"schema": {"type": "string"}}}}}
)
async def read_documentation(request: Request) -> Response:
    """The documentation of REST, as a page without scripts."""
    page = await asyncio.to_thread(read_page)
    return answer_kept(request, page.html, "text/html; charset=utf-8", {"content-security-policy": page.policy})


@health.get("/healthz", responses=gives(Health, "It runs"))
async def is_alive(request: Request) -> Response:
    """Whether the server runs."""
    return answer(request, {"status": "ok", "version": __version__})


@health.get("/readyz", responses=gives(Health, "It can be asked"))
async def is_ready(request: Request, services: Services) -> Response:
    """Whether the server can be asked: its store answers."""
    await services.database.read(read_revision)
    return answer(request, {"status": "ready", "version": __version__})


def _describe_ambience() -> AmbienceInfo:
    """Return what endless music can be asked for."""
    return AmbienceInfo(
        presets=tuple(
            AmbientPresetInfo(
                name=preset.name,
                about=preset.about,
                key=str(Key.parse(preset.key)),
                bpm=preset.bpm,
                free=preset.free,
                layers=tuple(layer_of(row) for row in preset.layers),
                **{name: getattr(preset, name) for name in AMOUNTS},
            )
            for preset in read_ambient_presets().values()
        ),
        moods=tuple(MOODS),
    )
