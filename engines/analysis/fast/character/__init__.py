"""Everything but rhythm and harmony: loudness, stereo, bands, register, energy, sections, style, mood, complexity."""
