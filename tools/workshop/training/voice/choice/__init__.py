"""Fit how candidates are chosen: `python -m musearoo.tools.workshop.training.voice.choice`."""
