"""Decides tempo, beats, downbeats, meter and loop length."""

from engines.brainaroo.hearing.rhythm.cues import RhythmCues, RhythmHints, find_sounding
from engines.brainaroo.hearing.rhythm.decision import find_rhythm

__all__ = ["RhythmCues", "RhythmHints", "find_rhythm", "find_sounding"]
