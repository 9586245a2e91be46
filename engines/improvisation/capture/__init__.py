"""Capture the last bars a player played as a clip, with their key, chords, groove and tempo."""
