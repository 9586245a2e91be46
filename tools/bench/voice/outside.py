"""False acceptance: how many sentences outside the grammar, music and silence are executed as commands?

Talk is held all the time. Everything that would be executed immediately counts, whether it changes the set or only
answers; what needs a confirmation does not. Without speech all of the sound is fed to the recogniser, although the
audio input would end it earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from musearoo.engines.language.requests.commands import Intent
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.voice.hearing import Outcome, Session, Utterance, UtteranceResult, run_sessions
from musearoo.tools.bench.voice.sentences import Sentence
from musearoo.tools.bench.voice.speech import JUDGED, share
from musearoo.tools.bench.voice.spoken import Speaker

MOST: Final = 5.0
"""The limit in percent."""

CONDITIONS: Final[tuple[float | None, ...]] = (None, 10.0)
HELD: Final = 5.0
"""Seconds for which Talk is held in music and in silence."""

MUSIC_PRESSES, SILENT_PRESSES = 96, 24
"""Ten minutes of HELD."""

SESSIONS: Final = 4
"""The number of sessions for the presses in music."""

QUICK: Final = 4
"""Without `is_long`, one of this many presses is made."""

NOTHING: Final = Sentence("", Intent.NONE)


def plan_outside(
    sentences: Sequence[Sentence],
    speakers: Sequence[Speaker],
    *,
    by_all: bool,
    is_long: bool,
    names: tuple[str, ...],
    music: Path | None,
) -> tuple[Session, ...]:
    """Return sessions of the evaluated speakers in each condition, in turn or all of them; then in music, in silence.

    `is_long`: ten minutes of the latter two, else a part of them.
    """
    voices = [speaker for speaker in speakers if speaker.program == JUDGED]
    sessions = []
    for below in CONDITIONS:
        group = "outside sentences" + ("" if below is None else f", music {below:g} dB below")
        for place, speaker in enumerate(voices):
            sayings = tuple(
                Utterance(number, sentence)
                for number, sentence in enumerate(sentences)
                if by_all or number % len(voices) == place
            )
            sessions.append(Session(group, sayings, speaker, below, has_peer=True, names=names, music=music))
    times = 1 if is_long else QUICK
    for place in range(SESSIONS):
        sayings = tuple(Utterance(number, NOTHING) for number in range(place, MUSIC_PRESSES // times, SESSIONS))
        sessions.append(Session("music", sayings, None, 0.0, HELD, has_peer=True, names=names, music=music))
    sayings = tuple(Utterance(number, NOTHING) for number in range(SILENT_PRESSES // times))
    sessions.append(Session("silence", sayings, seconds=HELD, has_peer=True, names=names))
    return tuple(session for session in sessions if session.sayings)


def judge_outside(sessions: Sequence[Session], tell: Callable[[str, int, int], None]) -> Iterator[Row]:
    """Yield the rows of sessions from `plan_outside`."""
    results = run_sessions(sessions, lambda done, of: tell("what nobody meant", done, of))
    for group in dict.fromkeys(session.group for session in sessions):
        yield from _judge_group(group, [one for one in results if one.session.group == group])


def _judge_group(group: str, results: Sequence[UtteranceResult]) -> Iterator[Row]:
    seconds = sum(one.session.seconds for one in results)
    of = f"of {len(results)}" + (f", {seconds / 60.0:g} minutes" if seconds else "")
    peers = [one.peer for one in results if one.peer]
    for outcome in Outcome:
        ours = share(one.ours.outcome is outcome for one in results)
        theirs = share(peer.outcome is outcome for peer in peers)
        is_judged = outcome is Outcome.ACTED and ours is not None
        met = ours <= MOST if is_judged and ours is not None else None
        note = f"at most {MOST:g} %; {of}; beside pocketsphinx's own language model" if is_judged else ""
        yield Row("False accepts", f"{group}: {outcome}", "%", ours, theirs, met, note)
