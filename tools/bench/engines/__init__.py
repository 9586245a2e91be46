"""`musearoo bench engines`: the engines' speed, and their music compared with human playing."""
