"""`musearoo page`: opens the page in the browser, and on request for a phone in the same network."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import webbrowser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final
from urllib.parse import quote

from musearoo import how_to_install
from musearoo.bridge.commands.shared.arguments import add_json, whole_in
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.process.stopping import COMPANION_VARIABLE
from musearoo.bridge.settings.config_files import ConfigError, ConfigFolder, home_folder

ANSWERS_WITHIN: Final = 10.0
"""Seconds of silence after which a server is given up."""
STOPS_WITHIN: Final = 15.0
"""Seconds that a server of this command's own has for what is under way, before it is killed."""
QUIET_ZONE: Final = 2
"""Light modules around a QR code: four are the standard's, two do for a screen."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--lan", action="store_true", help="also for a phone in your network, by a QR code")
    parser.add_argument(
        "--port",
        type=whole_in(0, 65_535),
        metavar="N",
        help="port, where no server runs yet (that of the settings; 0 takes any)",
    )
    parser.add_argument("--no-browser", action="store_true", help="only print the link")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Open the page; where no server runs, serve it until Ctrl-C."""
    return open_page(lan=options.lan, port=options.port, no_browser=options.no_browser, as_json=options.json)


def open_page(
    *, lan: bool = False, port: int | None = None, no_browser: bool = False, as_json: bool = False, place: str = ""
) -> int:
    """Open the page at a place such as "song"; where no server runs, serve it until Ctrl-C. Returns the exit status.

    Raises ConfigError without the packages, CommandError where the server does not start, ClientError.
    """
    if find_spec("fastapi") is None or find_spec("httpx2") is None:
        raise ConfigError(f"The page needs packages that are not installed: {how_to_install('server')}.")
    folder = ConfigFolder(home_folder())
    folder.make()
    show = _Opening(folder=folder, lan=lan, no_browser=no_browser, as_json=as_json, place=place)
    url = _find_running(folder)
    if url:
        show.open(url)
        return 0
    with _serving(folder, port) as (server, url), contextlib.suppress(KeyboardInterrupt):
        show.open(url)
        server.wait()
        raise CommandError(f"The server has ended: {folder.folder / 'serve.log'} says why.")
    return 0


def _find_running(folder: ConfigFolder) -> str:
    """Return the address of the server that runs for this folder, "" without one. Raises ClientError."""
    from musearoo.client import Client, ClientError
    from musearoo.client.retries import NEVER

    endpoint = folder.read_server()
    if endpoint is None or not _is_own_process(endpoint.pid):
        return ""
    try:
        # Without a token: whoever has its port by now need not have ours.
        with Client(endpoint.url, token="", timeout=ANSWERS_WITHIN, retries=NEVER) as client:
            client.is_alive()
    except ClientError as error:
        if error.code == "unreachable":
            return ""
        raise
    return endpoint.url


def _is_own_process(pid: int) -> bool:
    """Whether a process runs that is this user's; on Windows, where that cannot be asked so, always."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def _serving(folder: ConfigFolder, port: int | None) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Yield a server of this command's own, and its address. Raises CommandError.

    It reads from a pipe that only this command has: however the command ends, the server does, too.
    """
    words = [sys.executable, "-m", "musearoo", "serve"]
    if port is not None:
        words += ["--port", str(port)]
    with subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, COMPANION_VARIABLE: "1"},
        # Ctrl-C in the terminal is for the command, which then ends this in order.
        process_group=0 if os.name != "nt" else None,
    ) as server:
        try:
            line = server.stdout.readline() if server.stdout is not None else b""
            endpoint = folder.read_server()
            if not line or endpoint is None:
                raise CommandError("The server did not start: the line above says why.")
            yield server, endpoint.url
        finally:
            if server.stdin is not None:
                server.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(STOPS_WITHIN)
            server.kill()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    """How the page is opened: `lan` for a phone too, `place` such as "song", "" for the set."""

    folder: ConfigFolder
    lan: bool
    no_browser: bool
    as_json: bool
    place: str

    def open(self, url: str) -> None:
        """Make the links of the server at `url`, and open or show them. Raises ClientError."""
        from musearoo.client import Client

        with Client(url, token=self.folder.read_token(), timeout=ANSWERS_WITHIN) as client:
            lan = client.open_lan() if self.lan else None
            # The last, for it is the first to end.
            link = client.make_link().url
        if self.place:
            link += f"&at={quote(self.place, safe='')}"
        if self.as_json:
            # A program opens it by itself.
            shown = lan and {"url": lan.url, "link": lan.link, "warning": lan.warning, "expires": lan.expires}
            tell(json.dumps({"url": url, "link": link, "lan": shown}))
            return
        if lan is not None:
            print(draw(lan.qr), flush=True)
            tell(f"On a phone in this network, within ten minutes: {lan.link}")
            tell(lan.warning, to_stderr=True)
        if self.no_browser or not webbrowser.open(link):
            tell(f"Open this link within two minutes; it works once: {link}")
        else:
            tell(f"The page opens in your browser: {url}/ (a link for another one: musearoo page --no-browser).")


def draw(rows: Sequence[str]) -> str:
    r"""Return a QR code for a terminal: two rows a line, dark on light whatever the terminal's colours are.

    >>> draw(["10", "01"]).split("\n")[1].replace("\x1b[30;107m", "|").replace("\x1b[0m", "|")
    '|  ▀▄  |'
    """
    side = "0" * QUIET_ZONE
    empty = ["0" * (len(rows[0]) + 2 * QUIET_ZONE)]
    framed = [*empty * QUIET_ZONE, *(f"{side}{row}{side}" for row in rows), *empty * (QUIET_ZONE + len(rows) % 2)]
    lines = (
        "".join(" ▀▄█"[int(above) + 2 * int(below)] for above, below in zip(framed[row], framed[row + 1], strict=True))
        for row in range(0, len(framed), 2)
    )
    return "\n".join(f"\x1b[30;107m{line}\x1b[0m" for line in lines)
