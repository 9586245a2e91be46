"""Run a daemon: build its parts from the settings in a folder, start it, and stop it when asked to."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from musearoo import __version__
from musearoo.bridge.analysis.analyzer import audio_folders, make_analyzer
from musearoo.bridge.cache.catalogue import bound_stems
from musearoo.bridge.daemon import Daemon
from musearoo.bridge.jobs.lazy import LazyWorker
from musearoo.bridge.process.companion import Companion
from musearoo.bridge.process.stopping import listen_for_stop
from musearoo.bridge.settings.config_files import HOME_VARIABLE, ConfigError, ConfigFolder, DeviceKey, Endpoint
from musearoo.bridge.settings.engine_plugins import read_engines
from musearoo.bridge.settings.logs import LOG, open_log
from musearoo.bridge.settings.presets_folder import read_styles, stamp_styles
from musearoo.bridge.settings.user_settings import Settings

if TYPE_CHECKING:
    from musearoo.bridge.imagining.generator import AudioGenerator
    from musearoo.bridge.stems.splitter import Splitter
    from musearoo.engines.language.copilot.interpreter import Interpreter

STYLES_WATCHED_EVERY = 2.0
"""Seconds between two polls of the folder with the user's styles."""


async def run_daemon(folder: ConfigFolder, on_ready: Callable[[Daemon, Endpoint], None]) -> None:
    """Run a daemon on a claimed folder until Ctrl-C, SIGTERM, the end of its terminal, or cancellation.

    Raises ConfigError or SettingsError with one sentence when it cannot start.
    """
    settings = folder.read_settings()
    token, secret = folder.read_token(), secrets.token_hex(32)
    log = open_log(folder.log_file, settings.log_level, settings.log_format)
    # Installed before the daemon is visible as running, so that an early request to stop is not missed.
    stop = listen_for_stop()
    try:
        daemon = _build_daemon(folder, settings, token, secret)
        try:
            endpoint = await daemon.start()
        except OSError as error:
            raise ConfigError(
                f"No free port from {settings.script_port} (TCP) and {settings.device_port} (UDP) on: "
                f"set others in {folder.settings_file}. ({error.strerror or error})"
            ) from error
        # Drawn at each start, so that nothing that was recorded before proves anything.
        folder.keep_device_key(DeviceKey(endpoint.device_port, secret))
        folder.write_endpoint(endpoint)
        _log_start(folder, settings, endpoint)
        on_ready(daemon, endpoint)
        watching = asyncio.create_task(_watch_styles(daemon, folder.folder / "styles"))
        server = Companion(
            "The server", [sys.executable, "-m", "musearoo", "serve"], {HOME_VARIABLE: str(folder.folder)}
        )
        if settings.serve:
            server.start()
        try:
            await stop.wait()
        finally:
            watching.cancel()
            await server.stop()
            await daemon.stop()
            LOG.info("MuseAroo has stopped.")
    finally:
        log.stop()


def _build_daemon(folder: ConfigFolder, settings: Settings, token: str, secret: str) -> Daemon:
    """Build a daemon with its worker, and with the parts that need the worker or the user's files.

    What no press of an engine needs is imported when it is first used, or by the warm-up: the start does without.
    """
    home = folder.folder
    styles = read_styles(home / "styles")
    worker = LazyWorker(asyncio.get_running_loop().call_soon_threadsafe, home / "worker.log")
    allowed = audio_folders(settings, home)

    def make_splitter() -> Splitter:
        from musearoo.bridge.models.store import FOLDER, ModelStore
        from musearoo.bridge.stems.splitter import Splitter

        bounds = bound_stems(settings.stem_days, settings.stem_gigabytes)
        return Splitter(home, ModelStore(home / FOLDER), worker, allowed, bounds)

    def make_generator() -> AudioGenerator:
        from musearoo.bridge.imagining.generator import AudioGenerator
        from musearoo.bridge.models.store import FOLDER, ModelStore

        return AudioGenerator(home, ModelStore(home / FOLDER), worker, allowed)

    return Daemon(
        settings=settings,
        token=token,
        device_secret=secret,
        styles=styles,
        home=home,
        analyzer=make_analyzer(settings, styles, home, worker),
        make_splitter=make_splitter,
        make_generator=make_generator,
        worker=worker,
        engines=read_engines(),
        interpreter=_open_interpreter(settings),
    )


def _open_interpreter(settings: Settings) -> Interpreter | None:
    """Return the language model in the settings, or None; raises SettingsError for an address on another machine."""
    if not settings.language_model_url.strip():
        return None
    from musearoo.bridge.copilot.language_model import open_interpreter  # imported here, because it brings HTTP

    return open_interpreter(settings)


def _log_start(folder: ConfigFolder, settings: Settings, endpoint: Endpoint) -> None:
    """Log where the daemon listens, and what the user should know about this start."""
    if folder.tightened:
        LOG.warning("Others could read %d files and folders of MuseAroo's: now you alone can.", folder.tightened)
    ports = endpoint.script_port, endpoint.device_port
    LOG.info("MuseAroo %s: Live on port %d, devices on port %d.", __version__, *ports)
    for wanted, got, who in (
        (settings.script_port, endpoint.script_port, "Live's script"),
        (settings.device_port, endpoint.device_port, "devices"),
    ):
        if wanted != got:
            LOG.warning("Port %d is taken by another program: port %d is used for %s.", wanted, got, who)


async def _watch_styles(daemon: Daemon, folder: Path) -> None:
    """Reload the styles whenever the user's own change, so that a style that was just learned can be played."""
    loop = asyncio.get_running_loop()

    async def stamp_now() -> tuple[tuple[str, int], ...]:
        # Most users have no such folder: no thread has to wake up to see that.
        return await loop.run_in_executor(None, stamp_styles, folder) if folder.is_dir() else ()

    known = await stamp_now()
    while True:
        await asyncio.sleep(STYLES_WATCHED_EVERY)
        stamp = await stamp_now()
        if stamp != known:
            known = stamp
            daemon.use_styles(await loop.run_in_executor(None, read_styles, folder))
            LOG.info("The styles in %s were read anew.", folder)
