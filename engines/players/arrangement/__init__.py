"""ArrangementRoo: plans a song, that is its form, energy, key, parts, entries and instruments."""
