"""Capturing audio from the device's ring buffer."""
