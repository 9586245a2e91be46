"""MusicGen: audio generation from text, from a tune, or continuing a sound."""
