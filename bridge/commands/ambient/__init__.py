"""`musearoo ambient`: endless music through the sound card or into a file, steered by keys."""
