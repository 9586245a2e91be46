"""The server's composition root: its parts from the settings, started in order and stopped in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import uvicorn

from musearoo.bridge.api.access.admission import Admission
from musearoo.bridge.api.access.guard import Guard
from musearoo.bridge.api.access.heads import BoundedHttp
from musearoo.bridge.api.access.lan import LanDoor, Listener
from musearoo.bridge.api.access.origins import Doors
from musearoo.bridge.api.access.quotas import QUOTAS, Quotas
from musearoo.bridge.api.access.rates import Rates
from musearoo.bridge.api.app import make_app, route_templates
from musearoo.bridge.api.composers.messages import MADE, UPLOADS
from musearoo.bridge.api.composers.pool import ComposerPool
from musearoo.bridge.api.jobs.board import JobBoard
from musearoo.bridge.api.jobs.runner import TaskRunner
from musearoo.bridge.api.jobs.uploads import Uploads
from musearoo.bridge.api.routes.page import shut_lan
from musearoo.bridge.api.sessions.hub import Hub
from musearoo.bridge.api.sessions.services import ApiServices
from musearoo.bridge.api.sessions.tastes import Tastes
from musearoo.bridge.api.sessions.watching import LiveWatch
from musearoo.bridge.api.websocket.stalls import BoundedSocket
from musearoo.bridge.audio.folders import remove_files
from musearoo.bridge.metrics.server import ServerMetrics
from musearoo.bridge.process.gc_control import NEW_OBJECTS_OF_CLIENTS, calm_collector
from musearoo.bridge.settings.config_files import ConfigError, ConfigFolder
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.settings.user_settings import FIRST_SERVER_PORT
from musearoo.bridge.store.database import Database, open_database
from musearoo.bridge.store.errors import StoreError
from musearoo.bridge.store.records import JobStateName
from musearoo.bridge.store.upkeep.retention import sweep

ENGINES: Final = ("drummaroo", "bassaroo", "harmonyroo", "melodyroo", "atmosroo")
"""The engines that the metrics name; composers alone know those of other packages."""
JOB_KINDS: Final = ("split", "imagine", "analyze", "render", "generate")
SWEEP_EVERY: Final = 30.0
"""Seconds between two looks for sessions that nobody uses."""
FORGET_EVERY: Final = 3600.0
FORGET_PAUSE: Final = 0.2
"""Seconds between two looks for what is to be forgotten, and between two batches of it."""
BACKLOG: Final = 4096
"""Connections that wait to be accepted: many clients connect again at once after a restart."""
LARGEST_UPLOAD: Final = 512 * 1024 * 1024
EARS_IDLE_AFTER: Final = 300.0
"""Seconds without a sentence after which the recogniser of speech leaves the memory."""
LARGEST_FRAME: Final = 1024 * 1024
"""Bytes of a WebSocket frame from a client."""
PING_EVERY = 20.0
"""Seconds between two pings of a WebSocket, and for the answer: so long a peer that has gone silently is kept."""


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How a server is run. `hosts` and `origins` are allowed besides this machine's own; `composers` 0 is by cores."""

    database: str
    host: str = "127.0.0.1"
    port: int = FIRST_SERVER_PORT
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    certificate: str = ""
    certificate_key: str = ""
    composers: int = 0
    rate: float = 1.0
    keep_days: float = 0.0
    quotas: Quotas = QUOTAS


class Server:
    """One running server."""

    def __init__(self, folder: ConfigFolder, options: ServerOptions) -> None:
        self._folder = folder
        self._options = options
        self.port = 0

    @property
    def url(self) -> str:
        """The address on this machine."""
        host = "127.0.0.1" if self._options.host in ("", "0.0.0.0", "::") else self._options.host  # noqa: S104
        scheme = "https" if self._options.certificate else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"

    async def run(self, stop: asyncio.Event, on_ready: Callable[[Server], None]) -> None:
        """Serve until `stop` is set. Raises ConfigError or StoreError when it cannot start."""
        options = self._options
        async with AsyncExitStack() as parts:
            listening = listen(options.host, options.port)
            parts.callback(listening.close)
            self.port = listening.getsockname()[1]
            database = open_database(options.database, make=True)
            parts.callback(database.close)
            pool = ComposerPool(self._folder.folder, options.composers or _composers_by_cores())
            parts.callback(pool.close)
            workshop = ComposerPool(self._folder.folder, 1)
            parts.callback(workshop.close)
            admission = Admission(database, self._folder.read_token)
            await admission.open()
            rates = Rates(options.rate)
            metrics = ServerMetrics(route_templates(), ENGINES, JOB_KINDS)
            database.observe = metrics.count_store
            hub = Hub(database, pool, Tastes(database, self._folder.folder), metrics.count_take)
            watch = LiveWatch(hub, self._folder)
            hub.daemon = watch.daemon
            parts.push_async_callback(watch.stop)
            _read_metrics(metrics, pool, hub, watch)
            home = self._folder.folder
            jobs = JobBoard(database, home, home / MADE, hub.tell_job)
            parts.push_async_callback(jobs.close)
            jobs.observe = metrics.count_job
            await jobs.open()
            ears = TaskRunner(home, EARS_IDLE_AFTER)
            parts.callback(ears.close)
            services = ApiServices(
                home=home,
                database=database,
                pool=pool,
                workshop=workshop,
                hub=hub,
                admission=admission,
                rates=rates,
                metrics=metrics,
                jobs=jobs,
                uploads=Uploads(home / UPLOADS, database, LARGEST_UPLOAD, options.quotas),
                ears=ears,
                lan=LanDoor(self.port, is_tls=bool(options.certificate)),
            )
            _read_job_metrics(metrics, jobs)
            services.quotas = options.quotas
            guard = Guard(
                make_app(services),
                doors=Doors.of(self.port, options.hosts, options.origins),
                admission=admission,
                rates=rates,
                upload_limit=LARGEST_UPLOAD,
                observe=metrics.count_request,
                on_problem=metrics.count_problem,
            )
            parts.push_async_callback(services.hub.close)
            watching = asyncio.create_task(watch.start())
            parts.callback(watching.cancel)
            sweeping = asyncio.create_task(_sweep(services))
            parts.callback(sweeping.cancel)
            forgetting = asyncio.create_task(_forget(database, options.keep_days))
            parts.callback(forgetting.cancel)
            web = _Web(_web_config(guard, options))

            def allow(hosts: tuple[str, ...]) -> None:
                guard.doors = Doors.of(self.port, (*options.hosts, *hosts), options.origins)

            services.lan.connect(web.listen_too, allow)
            parts.push_async_callback(_shut_lan, services)
            serving = asyncio.create_task(web.serve(sockets=[listening]))
            while not web.started and not serving.done():
                await asyncio.sleep(0.001)
            on_ready(self)
            calm_collector(NEW_OBJECTS_OF_CLIENTS)
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            await _shut_lan(services)
            web.should_exit = True
            services.uploads.stop()
            await serving


class _Web(uvicorn.Server):
    """uvicorn without its handling of signals, which is ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def listen_too(self, listening: socket.socket) -> Listener:
        """Serve another socket as well, which is listening already."""
        make = partial(BoundedHttp, config=self.config, server_state=self.server_state, app_state=self.lifespan.state)
        opened = await asyncio.get_running_loop().create_server(
            make, sock=listening, ssl=self.config.ssl, backlog=self.config.backlog
        )
        return _SecondListener(self, opened, listening.getsockname())


class _SecondListener:
    """A listener that is closed before the server is."""

    def __init__(self, web: _Web, opened: asyncio.Server, address: tuple[str, int]) -> None:
        self._web, self._opened, self._address = web, opened, address

    async def close(self) -> None:
        """Stop listening, and cut what is connected."""
        self._opened.close()
        for protocol in list(self._web.server_state.connections):
            transport: asyncio.Transport | None = getattr(protocol, "transport", None)
            if transport is not None and transport.get_extra_info("sockname") == self._address:
                transport.abort()


def _web_config(app: Any, options: ServerOptions) -> uvicorn.Config:
    """Return what uvicorn is told. Raises ConfigError for a certificate that cannot be used."""
    config = uvicorn.Config(
        app,
        loop="none",
        lifespan="off",
        http=BoundedHttp,
        ws=BoundedSocket,
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_EVERY,
        ws_ping_timeout=PING_EVERY,
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=5,
        ssl_certfile=options.certificate or None,
        ssl_keyfile=options.certificate_key or None,
    )
    try:
        config.load()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigError(
            f"The certificate cannot be used ({why}): name two PEM files, by --certificate and --certificate-key."
        ) from error
    return config


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes any. Raises ConfigError where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name != "nt":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
    except OSError as error:
        made.close()
        why = error.strerror or error
        raise ConfigError(f"The server cannot listen on {host}:{port} ({why}): choose another with --port.") from error
    return made


def _read_metrics(metrics: ServerMetrics, pool: ComposerPool, hub: Hub, watch: LiveWatch) -> None:
    """Let the metrics read what the server's parts know."""
    metrics.read("sessions_open", lambda: len(hub))
    metrics.read("composers", lambda: len(pool.pids))
    metrics.read("composers_busy", lambda: pool.busy)
    metrics.read("composers_waiting", lambda: pool.waiting)
    metrics.registry.read("musearoo_api_daemon_connected", lambda: int(watch.daemon.is_connected))


async def _shut_lan(services: ApiServices) -> None:
    try:
        await shut_lan(services)
    except StoreError as error:
        LOG.warning("The tokens of the local network could not be revoked: %s", error)


def _composers_by_cores() -> int:
    return max(1, min(8, (os.cpu_count() or 2) - 1))


def _read_job_metrics(metrics: ServerMetrics, jobs: JobBoard) -> None:
    states: tuple[JobStateName, ...] = ("waiting", "running")
    for kind in JOB_KINDS:
        for state in states:
            metrics.read("jobs", partial(jobs.count, kind, state), kind, state)


async def _sweep(services: ApiServices) -> None:
    while True:
        await asyncio.sleep(SWEEP_EVERY)
        for part in (services.hub, services.uploads, services.jobs):
            try:
                await part.sweep()
            except Exception:
                # The next look is in a moment, and must come.
                LOG.exception("What nobody uses could not be put away")


async def _forget(database: Database, keep_days: float) -> None:
    """Delete what is older than the user's bound, a little at a time, once an hour."""
    while True:
        try:
            more = True
            while more:
                swept = await database.run(partial(sweep, now=time.time(), keep_days=keep_days or None))
                more = swept.more
                await asyncio.to_thread(remove_files, swept.paths)
                await asyncio.sleep(FORGET_PAUSE)
        except StoreError as error:
            LOG.warning("What is old could not be deleted: %s", error)
        except Exception:
            LOG.exception("What is old could not be deleted")
        await asyncio.sleep(FORGET_EVERY)
