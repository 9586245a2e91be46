"""Analyses of audio clips: run in the daemon or in the worker, cached by content."""
