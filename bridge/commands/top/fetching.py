"""Fetch the text of metrics by HTTP, with a token, from where the user says and from nowhere else."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.settings.config_files import LARGEST_TOKEN
from musearoo.bridge.settings.home_files import read_bounded

WITHIN: Final = 5.0
"""Timeout in seconds; on the same machine an answer takes milliseconds."""

LARGEST: Final = 16 * 2**20
"""Most bytes of an answer; a busy server's has some 100,000."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        """Follow no redirect: the token is for the address that the user named."""


def read_token_file(path: Path) -> str:
    """Return the token in a file. Raises CommandError."""
    try:
        token = read_bounded(path, LARGEST_TOKEN).decode("ascii").strip()
    except FileNotFoundError as error:
        raise CommandError(f"{path} does not exist: start `musearoo run` once, or name a --token-file.") from error
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read as a token: {getattr(error, 'strerror', '') or error}.") from error
    if not token.isprintable() or not token or " " in token:
        raise CommandError(f"{path} has no token in it: name another --token-file.")
    return token


def fetch_text(url: str, token: str) -> str:
    """Return what is at an address, given the token. Raises CommandError with one sentence."""
    try:
        parts = urllib.parse.urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        # Other letters have a spelling in ASCII, which alone can be sent.
        is_address = is_address and url.isascii()
    except ValueError:
        is_address = False
    if not is_address:
        raise CommandError(f"--url must be an address such as http://127.0.0.1:24640/metrics, not {url!r}.")
    # Without the proxies of the environment, which would get the token.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the scheme was checked
    try:
        with opener.open(request, timeout=WITHIN) as answer:
            body: bytes = answer.read(LARGEST + 1)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in (401, 403):
            raise CommandError(f"{url} refuses the token: name a --token-file with the scope metrics.") from error
        raise CommandError(f"{url} answers with status {error.code}: is it the address of `musearoo serve`?") from error
    except (OSError, HTTPException) as error:
        why = getattr(error, "reason", error)
        why = getattr(why, "strerror", None) or why or type(error).__name__
        raise CommandError(f"{url} gives no metrics ({why}): start `musearoo serve`, or name a --url.") from error
    if len(body) > LARGEST:
        raise CommandError(f"{url} gives more than {LARGEST // 2**20} MB, which is no text of metrics.")
    return body.decode("utf-8", errors="replace")
