"""Fits of how recognised sentences are chosen and trusted."""
