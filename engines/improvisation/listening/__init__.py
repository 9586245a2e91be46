"""Following the player live: sounding notes, the held chord, the last minutes."""
