"""ArrangementRoo: the plan of a song: its form, its energy, its key, who plays when, and on what."""
