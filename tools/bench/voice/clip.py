"""The latency from the end of speech to a clip: sentences spoken to the real daemon, whose microphone is a folder of
sounds.

The stand-in for the device holds Talk for the duration of a sentence and releases it; the daemon's own audio input
records it, and the requested clip appears in the simulated Live with its real timers.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from musearoo.bridge.protocol import Answer, Done
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.voice.spoken import RATE, Speaker, Voice, speak, write_flac
from musearoo.tools.studio.processes import Studio, StudioError

PART: Final = "End of speech to clip"
MOST: Final = 250.0
"""The limit in milliseconds at the 95th percentile."""

SENTENCES: Final = (
    "play a funk bass, four bars in D minor",
    "play house drums, two bars",
    "give me rock drums, four bars",
    "play a melody in A minor",
    "play a reggae bass, eight bars",
    "give me a pad in E minor",
    "play jazz drums, four bars",
    "give me a soul bass line",
)
"""Sentences that each create one clip."""

WARM_UP: Final = 3
"""Sentences before the first measured one."""

WITHIN: Final = 20.0
"""The timeout in seconds on a busy machine."""


def judge_clips(speakers: Sequence[Speaker], times: int, tell: Callable[[str, int, int], None]) -> Iterator[Row]:
    """Yield the rows of `times` sentences. Raises STUDIO_FAILURES when a process does not start or answer."""
    said = [SENTENCES[number % len(SENTENCES)] for number in range(WARM_UP + times)]
    voices = [speak(sentence, speakers[number % len(speakers)]) for number, sentence in enumerate(said)]
    with tempfile.TemporaryDirectory() as folder:
        for number, voice in enumerate(voices):
            write_flac(Path(folder) / f"{number:05}.flac", voice)
        microphone = json.dumps(f"file:{folder}")
        with Studio(settings=f"microphone: {microphone}\nlisten: false\nwarm_up: true\n") as studio:
            studio.daemon.wait_for_recogniser()
            answers = []
            for number, voice in enumerate(voices):
                tell("sentences to clips", number, len(voices))
                answers.append(_say(studio, voice))
    measured = answers[WARM_UP:]
    clips = [milliseconds for milliseconds in measured if milliseconds is not None]
    made = 100.0 * len(clips) / len(measured)
    yield Row(PART, "became clips", "%", made, None, None, f"of {len(measured)} sentences; the others asked back")
    for percent in (50, 95) if clips else ():
        value = percentile(clips, percent)
        met = value < MOST if percent == 95 else None
        yield Row(PART, f"p{percent}", "ms", value, None, met, "" if met is None else f"under {MOST:g} ms")


def _say(studio: Studio, voice: Voice) -> float | None:
    """Return the milliseconds from releasing Talk to the answer that names the clip, None without a clip."""
    press = studio.device.talk()
    studio.device.idle(len(voice) / RATE)
    released = time.perf_counter()
    studio.device.let_go(press)
    answer = studio.device.wait_for(press, WITHIN)
    if isinstance(answer, Answer):
        return None
    if not isinstance(answer, Done) or press.answered_at is None:
        raise StudioError(f"a sentence came to nothing: {answer}")
    studio.live.undo()
    studio.device.idle(0.1)
    return (press.answered_at - released) * 1000
