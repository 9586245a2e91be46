"""Other people's unmodified scripts and their own tests, run in the simulated Live."""
