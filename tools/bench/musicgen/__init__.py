"""MusicGen measured beside the loops that others have for it."""
