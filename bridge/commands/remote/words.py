"""`say` and `listen` by a server: understood there, in an empty set, or with --do done in your newest session."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.commands.remote.calling import scratch
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.files import read_file
from musearoo.bridge.commands.shared.standard_output import tell

if TYPE_CHECKING:
    from musearoo.bridge.api.types.answers import Outcome
    from musearoo.client import Client, Session

INTENTS: Final = {"generate": "play", "band": "play", "refine": "change", "analyze": "analyse", "say": "none"}
"""Intents by the requests that they lead to, where the names differ."""
SAID: Final = ("style", "bars", "seconds", "key", "chords", "bpm", "prompt")
"""Values of a request that a sentence names; the others, such as its scene, were chosen for it."""


def say(client: Client, options: argparse.Namespace) -> int:
    """Have a sentence understood, or with --do done, and print the answer."""
    text = " ".join(" ".join(options.text).split())
    if not text:
        raise CommandError('There is nothing to understand: say for example "give me a funk bass line".')
    if options.do:
        return _have_done(client, text, options.json)
    with scratch(client, "say") as session:
        outcome = session.say(text)
    if options.json:
        kind = "ask" if outcome.asks else "tell" if outcome.do == "say" else "act"
        print(json.dumps({"text": text, **_understood(outcome), "answer": outcome.sentence, "reply": kind}))
    else:
        tell(*outcome.sentence.split("\n"))
    return 0


def listen(client: Client, options: argparse.Namespace) -> int:
    """Have a recorded sentence recognised and understood, and print its meaning and the answer."""
    path: Path = options.file
    with scratch(client, "listen") as session:
        outcome = session.listen(read_file(path))
    text = outcome.transcript or ""
    if options.json:
        print(json.dumps({"text": text, **_understood(outcome), "answer": outcome.sentence}))
    else:
        tell(f"“{text}” ({outcome.confidence or 0.0:.0%} sure)", *outcome.sentence.split("\n"))
    return 0


def _have_done(client: Client, text: str, as_json: bool) -> int:
    """Have a sentence done in the newest session that is open, or in a new one."""
    outcome = _newest_session(client).say(text)
    if as_json:
        print(json.dumps({"text": text, "ok": True, "asks": outcome.asks, "answer": outcome.sentence}))
        return 1 if outcome.asks else 0
    if outcome.asks:
        raise CommandError(outcome.sentence)
    tell(*outcome.sentence.split("\n"))
    return 0


def _newest_session(client: Client) -> Session:
    mine = (state for state in client.each(client.list_sessions) if state.closed is None)
    newest = max(mine, key=lambda state: state.changed, default=None)
    return client.session(newest or client.create_session(name="musearoo say"))


def _understood(outcome: Outcome) -> dict[str, Any]:
    """Return what a sentence was understood as, as far as the request tells that it has led to: intent and slots."""
    params = outcome.takes[0].params if outcome.takes else {}
    do = str(params.get("do", outcome.do))
    parts = ["band"] if do == "band" else list(dict.fromkeys(take.part for take in outcome.takes))
    slots = {"parts": parts} if parts else {}
    confidence = 1.0 if outcome.confidence is None else outcome.confidence
    return {
        "intent": INTENTS.get(do, do),
        "slots": {**slots, **{name: params[name] for name in SAID if params.get(name)}},
        "confidence": confidence,
        "ms": round(outcome.milliseconds, 3),
    }
