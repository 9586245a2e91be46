"""Live's browser: its places, what an edition of Live has in them, and loading from there."""
