"""`musearoo bench engines`: how fast the engines play, and how their music compares with people's."""
