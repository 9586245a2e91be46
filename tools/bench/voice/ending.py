"""From the end of speech to the command: what is left to do when Talk is let go.

The recogniser works while it is fed. Fed as slowly as the sound comes, as from a microphone, it has all the time that
it will have; fed without waiting it does the same work for the end, with warmer caches. Both are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.voice.hearing import Saying, Session, hear_all
from musearoo.tools.bench.voice.sentences import Sentence
from musearoo.tools.bench.voice.spoken import Speaker

PART: Final = "End of speech to intent"
MOST: Final = 120.0
"""Milliseconds that 95 of 100 may take."""

CONDITIONS: Final[tuple[float | None, ...]] = (None, 10.0)


def plan_endings(
    sentences: Sequence[Sentence], speakers: Sequence[Speaker], names: tuple[str, ...], music: Path | None
) -> tuple[Session, ...]:
    """A session for each speaker, clean or over music in turn, in real time."""
    return tuple(
        Session(
            "in real time",
            tuple(
                Saying(number, sentence) for number, sentence in enumerate(sentences) if number % len(speakers) == place
            ),
            speaker,
            CONDITIONS[place % len(CONDITIONS)],
            is_paced=True,
            names=names,
            music=music,
        )
        for place, speaker in enumerate(speakers)
    )


def judge_endings(sessions: Sequence[Session], tell: Callable[[str, int, int], None]) -> Iterator[Row]:
    """The rows of sessions that `plan_endings` made, one after the other: none may take another's processor."""
    for group, chosen in (
        ("in real time", sessions),
        ("fed without waiting", [replace(session, is_paced=False) for session in sessions]),
    ):
        heard = hear_all(chosen, lambda done, of, group=group: tell(group, done, of), processes=1)  # type: ignore[misc]
        took = [one.ours.milliseconds for one in heard]
        for percent in (50, 95):
            value = percentile(took, percent)
            met = value <= MOST if percent == 95 and group == "in real time" else None
            note = f"of {len(took)}" if met is None else f"at most {MOST:g} ms; of {len(took)}"
            yield Row(PART, f"{group}: p{percent}", "ms", value, None, met, note)
