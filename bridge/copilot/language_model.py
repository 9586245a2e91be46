"""Interpret sentences with a local language model by OpenAI's protocol. Off unless the user names one."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any, Final

from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.settings.user_settings import Settings, SettingsError
from musearoo.engines.foundation.parsing import parse_json
from musearoo.engines.language.copilot.interpreter import Interpreter, instruct, read_interpretation
from musearoo.engines.language.requests.commands import Command
from musearoo.engines.language.state.memory import Turn
from musearoo.engines.language.state.view import SetView

TIMEOUT: Final = 8.0
"""Timeout of an answer in seconds: a user who speaks to Live waits no longer."""
LARGEST: Final = 64 * 1024
"""Most bytes of an answer; one object has a few hundred."""
LONGEST: Final = 300
"""Most tokens of an answer."""
HERE: Final = ("localhost", "127.0.0.1", "::1")
"""Names of this machine: sentences never leave it."""


class LanguageModel:
    """An Interpreter (`engines.language.copilot`) that asks a model at an address like http://localhost:11434/v1."""

    def __init__(self, url: str, name: str, timeout: float = TIMEOUT) -> None:
        self._address = f"{url.rstrip('/')}/chat/completions"
        self._name = name
        self._timeout = timeout
        # No proxies and no redirects, so that requests cannot leave this machine.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)

    def interpret(self, text: str, view: SetView, turns: Sequence[Turn] = ()) -> Command | None:
        """Return a sentence's command, or None if the model does not know, answers nonsense, or is too slow."""
        asked = {
            "model": self._name,
            "messages": [{"role": "system", "content": instruct(view, turns)}, {"role": "user", "content": text}],
            "temperature": 0,
            "max_tokens": LONGEST,
            "stream": False,
        }
        try:
            answer = self._ask(json.dumps(asked).encode())
            content = _content(parse_json(answer, self._address, dict[str, Any]))
        except (OSError, HTTPException, ValueError, LookupError, TypeError) as error:
            LOG.warning("The language model at %s gave no answer: %s", self._address, _reason(error))
            return None
        return read_interpretation(content, text)

    def _ask(self, body: bytes) -> bytes:
        deadline = time.monotonic() + self._timeout
        request = urllib.request.Request(self._address, body, {"Content-Type": "application/json"})
        with self._opener.open(request, timeout=self._timeout) as response:
            answer = b""
            while block := response.read1(LARGEST):
                answer += block
                if len(answer) > LARGEST:
                    raise ValueError(f"more than {LARGEST} bytes")
                if time.monotonic() > deadline:
                    raise TimeoutError("timed out")
            return answer


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        """Follow no redirect: the response becomes an error."""


def open_interpreter(settings: Settings) -> Interpreter | None:
    """Return the language model in the settings, or None; raises SettingsError for an address on another machine."""
    url = settings.language_model_url.strip()
    if not url:
        return None
    try:
        parts = urllib.parse.urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        parts, host = urllib.parse.urlsplit(""), None
    if parts.scheme not in ("http", "https") or host not in HERE:
        raise SettingsError(
            f"language_model_url: expected an address on this machine, such as http://localhost:11434/v1, got {url!r}"
        )
    return LanguageModel(url, settings.language_model)


def _reason(error: Exception) -> str:
    """Return why there was no answer. The response itself may quote the sentence, and is not logged."""
    return str(error) if isinstance(error, OSError) else type(error).__name__


def _content(answer: dict[str, Any]) -> str:
    content = answer["choices"][0]["message"]["content"]
    if not isinstance(content, str):
        raise TypeError("its message is no text")
    return content
