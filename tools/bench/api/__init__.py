"""The server's answers, one at a time: what they cost beside the engine alone, their bytes, its start and memory."""
