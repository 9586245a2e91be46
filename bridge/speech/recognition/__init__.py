"""Speech recognition: Moonshine and PocketSphinx, and the search over sentences that are likely."""
