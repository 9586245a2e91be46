"""The conductor and what it knows: events in, effects out. Pure."""
