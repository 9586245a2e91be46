"""Fits how candidates are chosen and trusted (bridge/voice/choosing.py): `python -m tools.voice_choice`."""
