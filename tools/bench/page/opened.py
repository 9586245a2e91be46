"""A page in a browser, next to a server with a session that has music in it, or with Live's set."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from musearoo.engines.errors import EngineError
from musearoo.tools.bench.api.serving import PREFIX, RestClient, ServeProcess
from musearoo.tools.bench.page.relay import Relay
from musearoo.tools.studio.browser import open_browser, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, CDPSession, Page

SIZE: Final = {"width": 1440, "height": 900}
OPENS_WITHIN: Final = 20_000
"""Milliseconds for the page on a busy machine."""
LIVE_WITHIN: Final = 10.0
OPENED: Final = ".shell .lamp[data-state=here]"
"""What is there once the page is signed in and in step with its session."""
KEEP_SESSION: Final = "localStorage.setItem('musearoo.session', {session!r})"


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A page that is in step with its session."""

    page: Page
    context: BrowserContext
    rest: RestClient
    server: ServeProcess
    session: str

    def ask(self, path: str, body: object) -> Any:
        """Ask the session for something by REST, as another client does. Raises EngineError where it is refused."""
        return _post(self.rest, f"/sessions/{self.session}/{path}", body)

    def read(self, path: str) -> Any:
        """Return what a path below /api/v3 answers."""
        return msgspec.json.decode(self.rest.ask("GET", path))

    def devtools(self) -> CDPSession:
        """Return a connection to the browser's own measurements of the page."""
        return self.context.new_cdp_session(self.page)


@contextmanager
def open_own(init: str = "", relay: Relay | None = None) -> Iterator[OpenedPage]:
    """Yield a page with a session of its own, in which a band has played two scenes. `init` runs before the page.

    With a relay the page reaches the server through it.
    """
    with tempfile.TemporaryDirectory(prefix="musearoo-page-") as folder:
        home = Path(folder) / "home"
        words = () if relay is None else ("--host", f"127.0.0.1:{relay.port}")
        with ServeProcess(home, *words) as server, RestClient(server.port, server.token) as rest:
            session = _post(rest, "/sessions", {"name": "Night drive", "bpm": 104, "key": "A minor"})["id"]
            for style, seed, scene in (("funk", 7, 1), ("house", 3, 0)):
                _post(rest, f"/sessions/{session}/band", {"style": style, "bars": 8, "seed": seed, "scene": scene})
            if relay is not None:
                relay.target = server.port
            with _show(server, rest, session, init, server.port if relay is None else relay.port) as opened:
                yield opened


@contextmanager
def open_live(home: Path, init: str = "") -> Iterator[OpenedPage]:
    """Yield a page with the set of the Live that a studio has opened; `home` is the studio's."""
    with (
        ServeProcess(home) as server,
        RestClient(server.port, server.token) as rest,
        _show(server, rest, _open_session_of_live(rest), init, server.port) as opened,
    ):
        yield opened


@contextmanager
def _show(server: ServeProcess, rest: RestClient, session: str, init: str, port: int) -> Iterator[OpenedPage]:
    with open_browser("--autoplay-policy=no-user-gesture-required", "--enable-precise-memory-info") as browser:
        context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
        sign_in(context, server.token)
        context.add_init_script(KEEP_SESSION.format(session=session))
        if init:
            context.add_init_script(init)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
        page.wait_for_selector(OPENED, timeout=OPENS_WITHIN)
        yield OpenedPage(page, context, rest, server, session)


def _open_session_of_live(rest: RestClient) -> str:
    until = time.monotonic() + LIVE_WITHIN
    while True:
        status, answer, _ = rest.ask_status("POST", f"{PREFIX}/sessions", b'{"set":"live"}')
        if status < 300:
            session: str = msgspec.json.decode(answer)["id"]
            return session
        if status != 503 or time.monotonic() > until:
            raise EngineError(f"No session on Live could be opened: {answer[:200].decode('utf-8', 'replace')}")
        time.sleep(0.1)


def _post(rest: RestClient, path: str, body: object) -> Any:
    status, answer, _ = rest.ask_status("POST", f"{PREFIX}{path}", msgspec.json.encode(body))
    if status >= 300:
        raise EngineError(f"{path} was answered by {status}: {answer[:200].decode('utf-8', 'replace')}")
    return msgspec.json.decode(answer)
