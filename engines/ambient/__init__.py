"""Endless music: steering and presets in, phrases out, one after the other; pure, and the same for the same seed."""
