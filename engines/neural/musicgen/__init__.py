"""MusicGen: music from words, from a tune, or from what was played before."""
