"""Fits how sure pocketsphinx's sentences are (bridge/voice/sphinx_evidence.py): `python -m tools.voice_confidence`."""
