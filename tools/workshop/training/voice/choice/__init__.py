"""Fits how candidates are chosen and trusted (bridge/speech/recognition/choice.py): `python -m tools.workshop.training.voice.choice`."""
