"""The kinds of excerpts in a development set."""
