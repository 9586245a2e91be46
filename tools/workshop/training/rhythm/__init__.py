"""Training of beats, meter and tempo."""
