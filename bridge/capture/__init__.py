"""Captures of audio from the device's ring buffer."""
