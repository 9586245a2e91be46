"""Chord progressions for a scene: composed in a style, or harmonised from a given melody."""
