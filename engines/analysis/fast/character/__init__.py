"""What is neither rhythm nor harmony: loudness, stereo, bands, register, energy, sections, style, mood, complexity."""
