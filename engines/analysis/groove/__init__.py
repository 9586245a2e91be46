"""Groove: how the strokes lie against the beat. Swing, microtiming, templates and polyrhythm, in plain Python."""

from musearoo.engines.analysis.groove.feel import Stroke, measure_groove
from musearoo.engines.analysis.groove.polyrhythm import find_polyrhythms

__all__ = ["Stroke", "find_polyrhythms", "measure_groove"]
