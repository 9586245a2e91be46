"""Run a command on a server: connect, hand the command on, and explain what cannot be done there."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.job_progress import showing
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.settings.user_files import why_not_read

if TYPE_CHECKING:
    from musearoo.bridge.api.types.answers import JobState
    from musearoo.client import Client, Session

HANDLERS: Final = {
    "generate": "composing",
    "song": "songs",
    "refine": "composing",
    "split": "sounds",
    "imagine": "sounds",
    "analyze": "sounds",
    "say": "words",
    "listen": "words",
    "engines": "listing",
    "styles": "listing",
}
"""The commands that a server can do, and the module here that has each, as a function of its name."""

TIMEOUT: Final = 120.0
"""Seconds of silence after which a server is given up."""
UNAUTHORIZED: Final = 401
WRONG_USAGE: Final = ("bad_parameter",)
"""Refusals of the server that a local command calls wrong usage."""


def run_remote(name: str, options: argparse.Namespace) -> int:
    """Run a command on the server of `options.remote`; returns the exit status. Raises UserFacingError."""
    if name not in HANDLERS:
        raise CommandError(f"musearoo {name} works on this machine alone: leave out --remote.")
    try:
        from musearoo.client import Client, ClientError
    except ImportError as error:
        raise CommandError(str(error)) from error
    from musearoo.client.addresses import read_token

    handler: Callable[[Client, argparse.Namespace], int]
    handler = getattr(import_module(f"musearoo.bridge.commands.remote.{HANDLERS[name]}"), name)
    token = read_token(options.token_file) if options.token_file else None
    try:
        with Client(options.remote, token=token, timeout=TIMEOUT) as client:
            return handler(client, options)
    except ClientError as error:
        if error.status == UNAUTHORIZED:
            raise CommandError(
                f"{options.remote} does not know the token: give one of its own by --token-file or MUSEAROO_TOKEN, "
                "which musearoo tokens add NAME prints there."
            ) from error
        if error.code == "bad_certificate":
            raise CommandError(f"{error} The variable SSL_CERT_FILE names it here.") from error
        if error.code not in WRONG_USAGE:
            raise
        tell(f"musearoo: {error}", to_stderr=True)
        return 2


def refuse(options: argparse.Namespace, *names: str) -> None:
    """Raise CommandError for the first of these options that was given: a server cannot do it."""
    for name in names:
        if getattr(options, name) != options.usual(name):
            flag = "--" + {"before": "continue", "start": "from", "end": "to"}.get(name, name).replace("_", "-")
            raise CommandError(f"{flag} cannot be done by a server: leave it out, or leave out --remote.")


@contextmanager
def scratch(client: Client, command: str, **about: Any) -> Iterator[Session]:
    """Make a session with a set of its own for one command, and delete it afterwards, with all that is in it.

    `about`: tempo, time signature and key, as `Client.create_session` takes them; None leaves one out.
    """
    given = {name: value for name, value in about.items() if value is not None}
    session = client.session(client.create_session(name=f"musearoo {command}", **given))
    try:
        yield session
    finally:
        session.delete()


@contextmanager
def sent(client: Client, path: Path) -> Iterator[str]:
    """Upload a file, and yield its id: it is deleted there afterwards. Raises CommandError if it cannot be read."""
    # As an upload, even where the request could have it: the server keeps both, but only an upload's id is its own.
    try:
        upload = client.upload(path).id
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {why_not_read(path, error)}") from error
    try:
        yield upload
    finally:
        client.delete_upload(upload)


@contextmanager
def sent_bytes(client: Client, content: bytes, name: str) -> Iterator[str]:
    """Upload the content of a file, as `sent` does."""
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        with sent(client, path) as upload:
            yield upload


def finish(client: Client, job: JobState, name: str, *, quiet: bool) -> dict[str, Any]:
    """Wait for a job, and return its result; shows its progress, and cancels it on Ctrl-C. Raises ClientError."""
    with showing(name, quiet=quiet) as report:
        try:
            done = client.wait(job, lambda state: report(state.fraction, state.text or state.phase or state.state))
        except KeyboardInterrupt:
            client.cancel_job(job.id)
            raise
    return done.result or {}
