"""`musearoo say "TEXT"`: interpret a sentence and print RooAroo's answer without Live, or perform it in Live."""

import argparse
import json
import time

from musearoo.bridge.commands.shared.arguments import add_json
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.copilot.language_model import open_interpreter
from musearoo.bridge.copilot.preferences_file import read_preferences
from musearoo.bridge.settings.config_files import ConfigFolder, home_folder
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_understander
from musearoo.engines.language.copilot.respond import respond
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.requests.replies import Act, Answer, Ask
from musearoo.engines.language.state.memory import Memory
from musearoo.engines.language.state.view import SetView


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("text", metavar="TEXT", nargs="+", help='such as "give me a funk bass, eight bars in D minor"')
    parser.add_argument("--do", action="store_true", help="have it done in Live, by the daemon that runs")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Understand a sentence and print the answer, or send it to the daemon."""
    text = " ".join(" ".join(options.text).split())
    if not text:
        raise CommandError('There is nothing to understand: say for example "give me a funk bass line".')
    return _have_done(text, options.json) if options.do else _answer(text, options.json)


def _answer(text: str, as_json: bool) -> int:
    """Print the answer without a set, whose content is known only in Live; returns the exit status."""
    home = home_folder()
    styles = read_styles(home / "styles")
    understander = read_understander(styles)
    memory = Memory(preferences=read_preferences(home))
    view = SetView()
    started = time.perf_counter()
    command = understander.understand(text)
    milliseconds = (time.perf_counter() - started) * 1000
    if command.intent is Intent.NONE:
        interpreter = open_interpreter(ConfigFolder(home).peek_settings())
        found = interpreter.interpret(text, view) if interpreter else None
        if found is not None:
            command = found
            milliseconds = (time.perf_counter() - started) * 1000
    reply = respond(memory, view, command, 0.0, styles).reply
    if as_json:
        kind = "act" if isinstance(reply, Act) else "ask" if isinstance(reply, Ask) else "tell"
        report = {**command.as_json(), "ms": round(milliseconds, 3), "answer": reply.sentence, "reply": kind}
        print(json.dumps(report))
    elif isinstance(reply, Answer) and reply.is_lost:
        raise CommandError(reply.sentence)
    else:
        tell(*reply.sentence.split("\n"))
    return 0


def _have_done(text: str, as_json: bool) -> int:
    from musearoo.bridge.links.press_client import say_to_daemon  # a socket, which an answer without Live does not need

    outcome = say_to_daemon(text, ConfigFolder(home_folder()))
    if as_json:
        print(json.dumps({"text": text, "ok": outcome.ok, "asks": outcome.asks, "answer": outcome.sentence}))
        return 0 if outcome.ok and not outcome.asks else 1
    # Nothing is performed while a question waits for its answer.
    if outcome.asks or not outcome.ok:
        raise CommandError(outcome.sentence)
    tell(*outcome.sentence.split("\n"))
    return 0
