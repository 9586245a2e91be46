"""Analysis of audio clips, in the daemon or in the worker, cached by content."""
