"""`musearoo listen FILE`: recognise and interpret a recorded sentence as Talk would."""

from __future__ import annotations

import argparse
import json
import time
from contextlib import closing
from pathlib import Path

import msgspec

from musearoo.bridge.commands.shared.arguments import add_json
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.copilot.preferences_file import read_preferences
from musearoo.bridge.services.speech import speech_options
from musearoo.bridge.settings.config_files import ConfigFolder, home_folder
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_understander
from musearoo.bridge.speech.recogniser_process import opener_of
from musearoo.bridge.speech.recognition.recogniser import Recognised, RecogniserError
from musearoo.bridge.speech.sound.microphones import MicrophoneError
from musearoo.engines.language.copilot.respond import ASK, respond
from musearoo.engines.language.requests.commands import Command
from musearoo.engines.language.requests.replies import Answer
from musearoo.engines.language.state.memory import Memory
from musearoo.engines.language.state.view import SetView


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("file", metavar="FILE", type=Path, help="audio of any kind, with one sentence in it")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Recognise the file, and print its meaning, and the answer without an open set."""
    try:
        command, milliseconds = _transcribe(options.file)
    except (RecogniserError, MicrophoneError) as error:
        raise CommandError(str(error)) from error
    home = home_folder()
    memory = Memory(preferences=read_preferences(home))
    reply = respond(memory, SetView(), command, 0.0, read_styles(home / "styles")).reply
    if isinstance(reply, Answer) and reply.is_lost:
        raise CommandError(reply.sentence)
    if options.json:
        report = {**command.as_json(), "ms": round(milliseconds, 3), "answer": reply.sentence}
        print(json.dumps(report))
    else:
        tell(f"“{command.text}” ({command.confidence:.0%} sure)", *reply.sentence.split("\n"))
    return 0


def _transcribe(path: Path) -> tuple[Command, float]:
    """Return the words of a file, and the milliseconds from the end of the sentence to its meaning.

    Raises CommandError if nothing was said or understood.
    """
    from musearoo.bridge.speech.spoken_file import feed_whole, read_spoken  # NumPy, which --help does not need

    spoken = read_spoken(path)
    if not spoken.has_voice:
        raise CommandError(f"Nobody speaks in {path}: it takes a recording of one sentence.")
    home = home_folder()
    understander = read_understander(read_styles(home / "styles"))
    open_recogniser = opener_of(speech_options(ConfigFolder(home).peek_settings(), home).recogniser, home)
    with closing(open_recogniser()) as recogniser:
        # Fed twice: the first pass adapts the decoder, as earlier sentences do at a microphone.
        feed_whole(recogniser, spoken.sound)
        recogniser.end()
        feed_whole(recogniser, spoken.sound)
        ended = time.perf_counter()
        recognised: Recognised = recogniser.end()
    command = understander.understand(recognised.text)
    command = msgspec.structs.replace(command, confidence=min(command.confidence, recognised.confidence))
    milliseconds = (time.perf_counter() - ended) * 1000
    if not recognised.text or command.confidence < ASK:
        nearest = f" Nearest to it is “{recognised.text}”." if recognised.text else ""
        raise CommandError(f"What is said in {path} is not understood.{nearest} `musearoo say help` tells what can be.")
    return command, milliseconds
