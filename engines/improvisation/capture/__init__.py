"""The last bars that a player played, as a clip, with the key, chords, groove and tempo they show."""
