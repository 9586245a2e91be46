"""Make takes without a model: the Roo engines play the prompt, and the renderer makes a loop of it."""

from __future__ import annotations

import time
from math import ceil
from pathlib import Path

from musearoo.bridge.audio.rendering import SongPart, render_song
from musearoo.bridge.imagining.model_takes import CEILING_DB, end_softly
from musearoo.bridge.imagining.prompt_lexicon import read_lexicon
from musearoo.bridge.imagining.request import ImagineRequest
from musearoo.bridge.imagining.take_contract import TakeSound
from musearoo.bridge.jobs.contract import Report
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.audio.loops.levelling import level
from musearoo.engines.audio.synthesis.loop_tail import wrap_tail
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.engines.prompts.model_text import assemble
from musearoo.engines.prompts.sketch import sketch


class SketchTakeMaker:
    """Make the takes of a complete request with the Roo engines and the installed renderer.

    `own_styles`: the folder of the user's styles.
    """

    device = ""
    precision = ""

    def __init__(self, request: ImagineRequest, own_styles: Path) -> None:
        self._request = request
        self._styles = read_styles(own_styles)
        lexicon = read_lexicon(self._styles)
        self._reading = assemble(request.text, request.facts, request.follow, lexicon).reading

    def make(self, seed: int, report: Report) -> TakeSound:
        """See TakeMaker."""
        request = self._request
        if request.bpm is None:
            raise ValueError("a sketch needs a tempo")
        started = time.perf_counter()
        report(0.0, "composing")
        bar = beats_to_seconds(request.meter.bar_beats, request.bpm)
        bars = request.bars or ceil((request.seconds or 0.0) / bar)
        plan = sketch(self._reading, request.facts, bars, seed, self._styles)
        report(0.2, "playing")
        parts = [SongPart(part.name, part.clip, part.program, part.role) for part in plan.parts]
        rendering = render_song(parts, plan.bpm, request.rate, mix=plan.style.mix)
        report(0.9, "making it loop")
        if request.is_loop:
            samples = wrap_tail(rendering.samples, round(bars * bar * request.rate))
            beats = tuple(beats_to_seconds(beat, request.bpm) for beat in range(ceil(bars * request.meter.bar_beats)))
        else:
            frames = round((request.seconds or 0.0) * request.rate)
            samples, beats = end_softly(rendering.samples[:, :frames], request.rate), ()
        samples = level(samples, request.rate, request.loudness_lufs, CEILING_DB).samples
        remarks = (f"{plan.label}, by {rendering.renderer}.", *plan.messages)
        return TakeSound(samples, beats, None, (time.perf_counter() - started) * 1000, remarks)
