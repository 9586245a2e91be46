"""Open sessions: their sets, their clients, and what is done in them, one change after the other."""
