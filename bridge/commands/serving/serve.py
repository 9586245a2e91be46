"""`musearoo serve`: REST and WebSocket for other programs, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from musearoo import __version__, how_to_install
from musearoo.bridge.commands.shared.arguments import number_in, whole_in
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.commands.shared.stores import add_database
from musearoo.bridge.settings.config_files import ConfigError, ConfigFolder, ServerEndpoint, home_folder

if TYPE_CHECKING:
    from musearoo.bridge.api.server import Server

LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--host", action="append", default=[], metavar="NAME:PORT", help="also answer under that name")
    parser.add_argument("--origin", action="append", default=[], metavar="URL", help="pages of that origin may use it")
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="where to listen (127.0.0.1)")
    parser.add_argument("--port", type=whole_in(0, 65_535), help="port (that of the settings; 0 takes any)")
    add_database(parser)
    parser.add_argument("--certificate", default="", metavar="FILE", help="TLS by your own certificate, in PEM")
    parser.add_argument("--certificate-key", default="", metavar="FILE", help="its private key, in PEM")
    parser.add_argument(
        "--composers", type=whole_in(0, 64), default=0, metavar="N", help="processes that compose (by cores)"
    )
    parser.add_argument(
        "--rate", type=number_in(0.01, 10_000), default=1.0, metavar="X", help="requests that users may send, times X"
    )
    parser.add_argument(
        "--most-sessions", type=whole_in(1, 10**9), default=1_000, metavar="N", help="open sessions of a user (1,000)"
    )
    parser.add_argument(
        "--most-upload", type=whole_in(1, 10**9), default=500, metavar="MB", help="uploads of a user in all (500)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    if find_spec("fastapi") is None or find_spec("sqlalchemy") is None:
        raise ConfigError(f"The server needs packages that are not installed: {how_to_install('server')}.")
    from musearoo.bridge.api.access.quotas import MEGABYTE, Quotas
    from musearoo.bridge.api.server import Server, ServerOptions
    from musearoo.bridge.process.stopping import listen_for_stop
    from musearoo.bridge.settings.logs import open_log
    from musearoo.bridge.store.address import find_address

    folder = ConfigFolder(home_folder())
    folder.make()
    settings = folder.read_settings()
    chosen = ServerOptions(
        database=find_address(options.database),
        host=options.bind,
        port=settings.serve_port if options.port is None else options.port,
        hosts=tuple(options.host),
        origins=tuple(options.origin),
        certificate=options.certificate,
        certificate_key=options.certificate_key,
        composers=options.composers,
        rate=options.rate,
        quotas=Quotas(open_sessions=options.most_sessions, upload_bytes=options.most_upload * MEGABYTE),
        keep_days=settings.keep_days,
    )

    def on_ready(server: Server) -> None:
        folder.write_server(ServerEndpoint(server.url, os.getpid(), __version__))
        tell(f"MuseAroo serves {server.url}/docs (Ctrl-C ends it).")
        if options.bind not in LOOPBACK and not options.certificate:
            tell(
                "Others in your network can reach it, and read what is sent: see docs/server.md for TLS.",
                to_stderr=True,
            )

    async def serve() -> None:
        await Server(folder, chosen).run(listen_for_stop(), on_ready)

    log = open_log(folder.folder / "serve.log", settings.log_level, settings.log_format)
    try:
        with _runner() as runner:
            runner.run(serve())
    finally:
        folder.forget_server(os.getpid())
        log.stop()
    return 0


def _runner() -> asyncio.Runner:
    """Return a runner with the fastest event loop that there is here."""
    if sys.platform == "win32":
        return asyncio.Runner()
    try:
        import uvloop
    except ImportError:
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)
