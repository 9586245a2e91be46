"""BassaRoo, the bass player: rhythm from the style's line and the kick, then pitches from the chords."""
