"""Endless music outside of the daemon: the process that plays it, the sound card, files."""
