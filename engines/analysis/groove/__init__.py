"""Groove: swing, microtiming, groove templates and polyrhythm, in plain Python."""

from musearoo.engines.analysis.groove.feel import GrooveOnset, measure_groove
from musearoo.engines.analysis.groove.polyrhythm import find_polyrhythms

__all__ = ["GrooveOnset", "find_polyrhythms", "measure_groove"]
