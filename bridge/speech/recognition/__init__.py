"""Speech recognition: Moonshine and PocketSphinx, and the search over likely sentences."""
