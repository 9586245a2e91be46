"""Fit the confidence of pocketsphinx's sentences: `python -m musearoo.tools.workshop.training.voice.confidence`."""
