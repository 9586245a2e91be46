"""Tempo, beats, downbeats, meter and loop length."""

from musearoo.engines.analysis.fast.rhythm.cues import RhythmCues, RhythmHints, find_sounding
from musearoo.engines.analysis.fast.rhythm.decision import find_rhythm

__all__ = ["RhythmCues", "RhythmHints", "find_rhythm", "find_sounding"]
