"""Stem separation: the contract of all separators, and one that needs no learned model."""
