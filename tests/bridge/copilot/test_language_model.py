"""A language model as a plug: asked over real HTTP, and believed only where it holds to the schema."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest

from musearoo.bridge.copilot.language_model import LARGEST, LanguageModel, open_interpreter
from musearoo.bridge.settings.user_settings import Settings, SettingsError
from musearoo.engines.language.copilot.interpreter import TRUST, instruct, read_interpretation
from musearoo.engines.language.requests.commands import Command, Intent, Slots
from musearoo.engines.language.state.memory import Turn
from musearoo.engines.language.state.view import SetView, TrackView
from tests.each_case import each_case

VIEW = SetView(set="one", tracks=(TrackView(number=1, name="Rhodes"),), key="D dorian", key_confidence=0.9)
MUTED = '{"intent": "mute", "slots": {"target": "rhodes"}}'
UNDERSTOOD = Command(text="kill the rhodes", intent=Intent.MUTE, slots=Slots(target="rhodes"), confidence=TRUST)


@dataclass(slots=True)
class ModelServer:
    """A server with OpenAI's protocol, what it answers, and what it was asked."""

    content: Any = MUTED
    body: bytes | None = None
    status: int = 200
    wait: float = 0.0
    redirect: str = ""
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def serving(model: ModelServer) -> Iterator[ModelServer]:
    """The server while it is there."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            model.paths.append(self.path)
            model.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            time.sleep(model.wait)
            usual = json.dumps({"choices": [{"message": {"content": model.content}}]}).encode()
            # Who asked may have gone meanwhile: that is what some of these tests are about.
            with suppress(ConnectionError):
                self.send_response(302 if model.redirect else model.status)
                if model.redirect:
                    self.send_header("Location", model.redirect)
                self.end_headers()
                self.wfile.write(usual if model.body is None else model.body)

        def log_message(self, *_given: object) -> None:
            """Keeps quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield model
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_sentence_is_asked_for_and_its_answer_read() -> None:
    with serving(ModelServer()) as model:
        found = LanguageModel(f"{model.url}/", "small").interpret("kill the rhodes", VIEW)
    assert found == UNDERSTOOD
    assert model.paths == ["/v1/chat/completions"]
    (asked,) = model.asked
    assert asked["model"] == "small"
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert "Rhodes" in asked["messages"][0]["content"]
    assert asked["messages"][1]["content"] == "kill the rhodes"


@pytest.mark.parametrize(
    "model",
    [
        ModelServer(status=500),
        ModelServer(body=b"nothing of the kind"),
        ModelServer(body=b"{}"),
        ModelServer(body=b'{"choices": []}'),
        ModelServer(content=None),
        ModelServer(body=b"x" * (LARGEST + 1)),
        ModelServer(redirect="http://127.0.0.1:9/elsewhere"),
    ],
    ids=["error", "no json", "no choices", "empty choices", "no text", "too long", "led away"],
)
def test_an_answer_that_is_none_is_none(model: ModelServer, caplog: pytest.LogCaptureFixture) -> None:
    with serving(model):
        assert LanguageModel(model.url, "small").interpret("kill the rhodes", VIEW) is None
    assert "gave no answer" in caplog.text
    assert len(model.asked) == 1


def test_a_model_that_takes_too_long_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    with serving(ModelServer(wait=0.3)) as model:
        assert LanguageModel(model.url, "small", timeout=0.05).interpret("kill the rhodes", VIEW) is None
    assert "timed out" in caplog.text


def test_a_missing_model_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with serving(ModelServer()) as model:
        url = model.url
    assert LanguageModel(url, "small").interpret("kill the rhodes", VIEW) is None
    assert url in caplog.text


@each_case(
    "answer",
    [
        "",
        "I would mute it.",
        "{",
        "}{",
        '{"intent": "none"}',
        '{"intent": "yes"}',
        '{"intent": "no"}',
        '{"intent": "answer", "slots": {"parts": ["bass"]}}',
        '{"intent": "explode"}',
        '{"intent": "mute", "slots": {"target": "bass"}, "why": "it was too loud"}',
        '{"intent": "play", "slots": {"parts": ["zither"]}}',
        '{"intent": "play", "slots": {"bars": 640}}',
        '{"intent": "play", "slots": {"key": "H dur"}}',
        '{"intent": "play", "slots": {"chords": "Xm"}}',
        '{"intent": "change", "slots": {"changes": ["purple"]}}',
        '{"intent": "play", "slots": {"manner": "running"}}',
        '{"intent": "play", "slots": {"scene": "the last"}}',
        '{"intent": "play", "slots": ' + "[" * 3000 + "]" * 3000 + "}",
    ],
)
def test_what_does_not_hold_to_the_schema_is_not_believed(answer: str) -> None:
    assert read_interpretation(answer, "kill the rhodes") is None


@each_case("answer", [MUTED, f"```json\n{MUTED}\n```", f"Sure! {MUTED}"])
def test_words_around_the_object_do_no_harm(answer: str) -> None:
    assert read_interpretation(answer, "kill the rhodes") == UNDERSTOOD


def test_the_models_prompt_has_every_intent_and_every_slot() -> None:
    told = instruct(VIEW)
    assert all(f"{name}: " in told for name in Slots.__struct_fields__)
    assert all(intent in told for intent in Intent if intent not in (Intent.YES, Intent.NO, Intent.ANSWER))
    assert "D dorian" in told


def test_the_models_prompt_has_the_previous_turns() -> None:
    turns = tuple(Turn(f"said {number}", f"answered {number}") for number in range(9))
    told = instruct(VIEW, turns)
    assert "“said 8” was answered “answered 8”" in told
    assert "said 4" not in told


def test_none_is_asked_unless_the_user_names_one_on_this_machine() -> None:
    assert open_interpreter(Settings()) is None
    here = msgspec.structs.replace(Settings(), language_model_url="http://localhost:11434/v1", language_model="small")
    assert isinstance(open_interpreter(here), LanguageModel)


@each_case(
    "url",
    ["https://example.com/v1", "localhost:11434", "file:///etc/passwd", "http://[::1", "http://localhost:port/v1"],
)
def test_an_address_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="language_model_url: expected an address on this machine"):
        open_interpreter(msgspec.structs.replace(Settings(), language_model_url=url))
