"""`musearoo top`: the figures of the running daemon and server, in the terminal."""
