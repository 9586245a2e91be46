"""MelodyRoo: a melodist. A plan of phrases, motifs and what becomes of them, then tones found by search."""
