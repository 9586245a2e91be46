"""The runner of `musearoo bench voice`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from musearoo.bridge.speech.recognition.recogniser import RecogniserError
from musearoo.engines.errors import EngineError, ParamError
from musearoo.tools.bench.options import VOICE_PARTS
from musearoo.tools.bench.rows import Results, Row
from musearoo.tools.bench.voice.clip import judge_clips
from musearoo.tools.bench.voice.ending import judge_endings, plan_endings
from musearoo.tools.bench.voice.hearing import Session, find_music
from musearoo.tools.bench.voice.outside import judge_outside, plan_outside
from musearoo.tools.bench.voice.readiness import judge_readiness
from musearoo.tools.bench.voice.sentences import OUTSIDE, SPOKEN, Sentence, draw_sentences, read_table, take_evenly
from musearoo.tools.bench.voice.speech import JUDGED, judge_speech, plan_sessions
from musearoo.tools.bench.voice.spoken import SPEAKERS, Speaker, SpeakError, is_installed
from musearoo.tools.bench.voice.text import judge_text

NO_HUMAN: Final = (
    "Nobody was recorded: all sentences were said by speech synthesisers. flite's voices lie near what the recogniser "
    "learned from, espeak-ng's do not, and how it hears a person in a studio is not known."
)
QUICK_TIMES: Final = 24
FULL_TIMES: Final = 100
"""The numbers of sentences timed to their end and to their clip, with `--full`."""
READY_TIMES: Final = 20
"""Starts and crashes of each kind, each followed by a timed sentence."""


def run(options: argparse.Namespace, tell: Callable[[str, int, int], None]) -> Results:
    """Return the rows of the requested parts. Raises ParamError and EngineError, which say what is missing."""
    try:
        return Results(list(_judge(options, tell)), _notes(options))
    except (SpeakError, RecogniserError) as error:
        raise EngineError(str(error)) from error


def _judge(options: argparse.Namespace, tell: Callable[[str, int, int], None]) -> Iterator[Row]:
    parts = options.only or VOICE_PARTS
    speakers = _speakers(options.voices)
    if "text" in parts:
        yield from judge_text(tell)
    if not set(parts) <= {"text", "clip", "ready"}:
        # Here, so that not each of several processes renders it.
        find_music(options.music)
    sentences, names = _sentences(options)
    if "speech" in parts:
        yield from judge_speech(
            _alone(plan_sessions(sentences, speakers, by_all=options.full, names=names, music=options.music), options),
            tell,
        )
    if set(parts) <= {"text", "speech"}:
        return
    judged = _judged(speakers)
    if "outside" in parts:
        table = read_table(OUTSIDE)
        meant = table.all if options.full else take_evenly(table.all, options.sentences)
        yield from judge_outside(
            _alone(
                plan_outside(
                    meant,
                    judged,
                    by_all=options.full,
                    is_long=meant == table.all,
                    names=table.names,
                    music=options.music,
                ),
                options,
            ),
            tell,
        )
    times = FULL_TIMES if options.full else QUICK_TIMES
    if "ending" in parts:
        yield from judge_endings(plan_endings(take_evenly(sentences, times), judged, names, options.music), tell)
    if "clip" in parts:
        yield from judge_clips(judged, times, tell)
    if "ready" in parts:
        yield from judge_readiness(judged[0], READY_TIMES, tell)


def _alone(sessions: Sequence[Session], options: argparse.Namespace) -> Sequence[Session]:
    """Return sessions without the peer, unless it is requested."""
    return [replace(session, has_peer=session.has_peer and not options.no_peer) for session in sessions]


def _sentences(options: argparse.Namespace) -> tuple[tuple[Sentence, ...], tuple[str, ...]]:
    """Return the sentences, and the track names of the set they refer to."""
    if options.drawn:
        return draw_sentences(options.sentences), ()
    table = read_table(SPOKEN)
    return (table.all if options.full else take_evenly(table.all, options.sentences)), table.names


def _speakers(wanted: list[str] | None) -> list[Speaker]:
    """Return the requested speakers that are installed.

    Raises ParamError for an unknown voice, EngineError for none.
    """
    for name in wanted or ():
        if name not in SPEAKERS:
            raise ParamError("voices", f"one of {', '.join(SPEAKERS)}", name)
    speakers = [SPEAKERS[name] for name in wanted or SPEAKERS]
    found = [speaker for speaker in speakers if is_installed(speaker.program)]
    return found or _judged(found)


def _judged(speakers: Sequence[Speaker]) -> list[Speaker]:
    """Return those of them that the targets apply to. Raises EngineError when there are none."""
    judged = [speaker for speaker in speakers if speaker.program == JUDGED]
    if not judged:
        raise EngineError(f"the bench needs a voice of {JUDGED}: apt install {JUDGED}, or brew install {JUDGED}.")
    return judged


def _notes(options: argparse.Namespace) -> list[str]:
    missing = sorted({speaker.program for speaker in SPEAKERS.values()} - {JUDGED})
    absent = [
        f"{program} is not installed: its voices were left out." for program in missing if not is_installed(program)
    ]
    drawn = ["The sentences were drawn from the grammar itself: easier than those written beforehand."]
    return [NO_HUMAN, *absent, *(drawn if options.drawn else [])]
