"""Voice: the process that records what is said while Talk is held, and the recognisers that transcribe it."""
