"""The latency from the end of speech to the command: the work left when Talk is released.

The recogniser works while it receives sound. Fed in real time, as from a microphone, it can use that time; fed without
waiting it has the same final work, with warmer caches. Both are reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.voice.hearing import Session, Utterance, run_sessions
from musearoo.tools.bench.voice.sentences import Sentence
from musearoo.tools.bench.voice.spoken import Speaker

PART: Final = "End of speech to intent"
MOST: Final = 120.0
"""The limit in milliseconds at the 95th percentile."""

CONDITIONS: Final[tuple[float | None, ...]] = (None, 10.0)


def plan_endings(
    sentences: Sequence[Sentence], speakers: Sequence[Speaker], names: tuple[str, ...], music: Path | None
) -> tuple[Session, ...]:
    """Return a session for each speaker, alternately clean and over music, in real time."""
    return tuple(
        Session(
            "in real time",
            tuple(
                Utterance(number, sentence)
                for number, sentence in enumerate(sentences)
                if number % len(speakers) == place
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
    """Yield the rows of sessions from `plan_endings`, run one after another so that they do not share processors."""
    for group, chosen in (
        ("in real time", sessions),
        ("fed without waiting", [replace(session, is_paced=False) for session in sessions]),
    ):
        results = run_sessions(chosen, lambda done, of, group=group: tell(group, done, of), processes=1)  # type: ignore[misc]
        took = [one.ours.milliseconds for one in results]
        for percent in (50, 95):
            value = percentile(took, percent)
            met = value <= MOST if percent == 95 and group == "in real time" else None
            note = f"of {len(took)}" if met is None else f"at most {MOST:g} ms; of {len(took)}"
            yield Row(PART, f"{group}: p{percent}", "ms", value, None, met, note)
