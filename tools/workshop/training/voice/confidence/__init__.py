"""Fit the confidence of pocketsphinx's sentences: `python -m tools.workshop.training.voice.confidence`."""
