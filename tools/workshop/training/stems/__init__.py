"""Training of the stem mask estimation."""
