"""What a player plays, as it comes: sounding notes, the held chord, the last minutes."""
