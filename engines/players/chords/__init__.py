"""The chords that a scene plays to: progressions of a style, and chords for a given melody."""
