"""What a player plays in, made into music others can join: chords, key, groove, tempo, and the last bars as notes."""
