"""Fit the confidence of pocketsphinx's sentences: `python -m tools.voice_confidence`."""
