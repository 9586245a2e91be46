"""Accuracy on spoken sentences: how many become exactly the intended command, and what happens to the others.

A sentence counts as exact when it is executed immediately with the right intent and all the right slots. One that is
understood correctly but needs a confirmation does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.voice.hearing import (
    Interpretation,
    Outcome,
    Session,
    Utterance,
    UtteranceResult,
    run_sessions,
)
from musearoo.tools.bench.voice.sentences import Sentence, is_exact, is_usual
from musearoo.tools.bench.voice.spoken import Speaker

CONDITIONS: Final[tuple[float | None, ...]] = (None, 20.0, 10.0)
"""Levels of the music below the voice in dB; None for none."""

LEAST: Final = {None: 92.0, 20.0: 85.0, 10.0: 85.0}
"""The minimum percentage of exact sentences, by condition; the middle one has the target of the harder one."""

JUDGED: Final = "flite"
"""The program whose voices have targets; others are only reported."""


def plan_sessions(
    sentences: Sequence[Sentence],
    speakers: Sequence[Speaker],
    *,
    by_all: bool,
    names: tuple[str, ...] = (),
    music: Path | None = None,
) -> tuple[Session, ...]:
    """Return a session for each speaker in each condition; sentences alternate between a program's speakers unless
    `by_all`.
    """
    programs = sorted({speaker.program for speaker in speakers}, key=lambda program: program != JUDGED)
    sessions = []
    for program in programs:
        voices = [speaker for speaker in speakers if speaker.program == program]
        for below in CONDITIONS:
            for place, speaker in enumerate(voices):
                sayings = tuple(
                    Utterance(number, sentence)
                    for number, sentence in enumerate(sentences)
                    if by_all or number % len(voices) == place
                )
                sessions.append(
                    Session(
                        name_of(program, below),
                        sayings,
                        speaker,
                        below,
                        has_peer=program == JUDGED,
                        names=names,
                        music=music,
                    )
                )
    return tuple(session for session in sessions if session.sayings)


def name_of(program: str, below: float | None) -> str:
    """Return a name such as "flite, music 20 dB below"."""
    return f"{program}, {'clean' if below is None else f'music {below:g} dB below'}"


def judge_speech(sessions: Sequence[Session], tell: Callable[[str, int, int], None]) -> Iterator[Row]:
    """Yield the rows of sessions from `plan_sessions`, a part for each program and condition, then one by voices."""
    results = run_sessions(sessions, lambda done, of: tell("sentences heard", done, of))
    for group in dict.fromkeys(session.group for session in sessions):
        yield from _judge_group(group, [one for one in results if one.session.group == group])
    speakers = dict.fromkeys(session.speaker for session in sessions if session.speaker)
    for speaker in speakers:
        for below in CONDITIONS:
            of_speaker = [one for one in results if one.session.speaker == speaker and one.session.below == below]
            if of_speaker:
                name = name_of(speaker.name, below)
                yield Row("Exact commands by voice", name, "%", share(map(is_done, of_speaker)), note=_of(of_speaker))


def _judge_group(group: str, results: Sequence[UtteranceResult]) -> Iterator[Row]:
    first = results[0].session
    is_judged = first.speaker is not None and first.speaker.program == JUDGED
    least = LEAST[first.below] if is_judged else None
    peers = [(one.peer, one.utterance.sentence) for one in results if one.peer]
    exact = share(map(is_done, results))
    met = None if least is None or exact is None else exact >= least
    target = "" if least is None else f"at least {least:g} %; "
    beside = "; beside pocketsphinx's own language model" if peers else ""
    theirs = share(_done(*peer) for peer in peers)
    yield Row(group, "exact commands", "%", exact, theirs, met, target + _of(results) + beside)
    others = [one for one in results if not is_usual(one.utterance.sentence)]
    of_others = [(one.peer, one.utterance.sentence) for one in others if one.peer]
    yield Row(
        group,
        "exact commands of sentences that it did not expect",
        "%",
        share(map(is_done, others)),
        share(_done(*peer) for peer in of_others),
        note=f"{_of(others)} that do not stand in presets/voice_sentences.yaml",
    )
    yield Row(
        group,
        "exact intents",
        "%",
        share(_has_intent(one.ours, one.utterance.sentence) for one in results),
        share(_has_intent(*peer) for peer in peers),
        note="acted upon, whatever its slots",
    )
    yield Row(group, "understood exactly", "%", share(one.is_exact for one in results), note="however sure")
    wrongly = share(one.ours.outcome is Outcome.ACTED and not one.is_exact for one in results)
    their_wrongs = share(peer.outcome is Outcome.ACTED and not is_exact(peer.command, said) for peer, said in peers)
    yield Row(group, "acted upon wrongly", "%", wrongly, their_wrongs)
    for outcome in (Outcome.ASKED, Outcome.REFUSED):
        ours = share(one.ours.outcome is outcome for one in results)
        yield Row(group, outcome, "%", ours, share(peer.outcome is outcome for peer, _ in peers))


def is_done(results: UtteranceResult) -> bool:
    """Return whether it is executed, exactly as intended."""
    return results.is_exact and results.ours.outcome is Outcome.ACTED


def _done(understood: Interpretation, wanted: Sentence) -> bool:
    return understood.outcome is Outcome.ACTED and is_exact(understood.command, wanted)


def _has_intent(understood: Interpretation, wanted: Sentence) -> bool:
    return understood.outcome is Outcome.ACTED and understood.command.intent is wanted.intent


def share(facts: Iterable[bool]) -> float | None:
    """Return the share of true values in percent; None for none."""
    found = list(facts)
    return 100.0 * sum(found) / len(found) if found else None


def _of(results: Sequence[UtteranceResult]) -> str:
    return f"of {len(results)}"
