"""From the upload of 8 s of audio to its analysis."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import msgspec
import soundfile

from musearoo.tools.bench.api.requests import BARS, STYLE
from musearoo.tools.bench.api.serving import PREFIX, RestClient, ServeProcess
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Row
from musearoo.tools.studio.synthesiser import render_parts

SECONDS: Final = 8.0
RATE: Final = 44_100
WITHIN: Final = 60.0
"""Milliseconds at p95."""
WARM_UP: Final = 3

Progress = Callable[[str, int, int], None]


def measure_uploads(uploads: int, progress: Progress) -> tuple[list[Row], str]:
    """Return the rows, and a sentence where they cannot be measured, else ""."""
    took: list[float] = []
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="musearoo-bench-"))
        server = stack.enter_context(ServeProcess(Path(folder)))
        rest = stack.enter_context(RestClient(server.port, server.token))
        path = f"{PREFIX}/sessions/{rest.make_session()}/analyze"
        for number in range(-WARM_UP, uploads):
            # Each is another sound: an analysis that is known already would cost nothing.
            sound = make_sound(number + WARM_UP)
            began = time.perf_counter()
            try:
                status, answer, _ = rest.ask_status("POST", path, sound, {"content-type": "audio/wav"})
            except ConnectionError:
                return [], "Upload to analysis is not there yet: the server refused the body before its end."
            milliseconds = (time.perf_counter() - began) * 1000
            if status >= 300:
                said = answer[:200].decode("utf-8", "replace")
                return [], f"Upload to analysis is not there yet: POST …/analyze was answered by {status}: {said}"
            if not msgspec.json.decode(answer).get("analysis"):
                return [], "Upload to analysis is not there yet: the answer has no analysis."
            if number >= 0:
                took.append(milliseconds)
                progress("uploads", number + 1, uploads)
    part = f"Upload of {SECONDS:g} s of audio to its analysis"
    rows = [Row(part, f"p{percent}", "ms", percentile(took, percent)) for percent in (50, 99)]
    value, note = percentile(took, 95), f"within {WITHIN:g} ms; WAV of {len(sound):,} bytes"
    bound = Row(part, "p95", "ms", value, met=value <= WITHIN, note=note)
    return [rows[0], bound, rows[1]], ""


def make_sound(number: int) -> bytes:
    """Return 8 s of our drummer and bass player as a mono WAV file of 16 bits; each number is another take."""
    import musearoo

    drums, bass = (musearoo.generate(part, style=STYLE, bars=BARS, seed=number) for part in ("drums", "bass"))
    samples = render_parts({"drums": drums.clip, "bass": bass.clip}, drums.bpm, RATE)
    written = io.BytesIO()
    soundfile.write(written, samples[:, : int(SECONDS * RATE)].mean(axis=0), RATE, format="WAV", subtype="PCM_16")
    return written.getvalue()
