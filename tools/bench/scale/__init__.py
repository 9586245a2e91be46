"""Sets of other sizes: a press in each, the time to mirror them, memory, and how all of it grows."""
