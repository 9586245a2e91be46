"""MusicGen: audio generation from text, conditioned on a melody, or continuing a sound."""
