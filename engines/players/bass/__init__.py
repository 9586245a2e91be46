"""BassaRoo: a bass player. Rhythm from the style's line and the drummer's kick, then tones from the chords."""
