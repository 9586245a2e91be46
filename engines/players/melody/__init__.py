"""MelodyRoo, the melodist: a plan of phrases, motifs and their development, then pitches found by search."""
