"""`musearoo doctor`: what can be wrong on this machine, and how to mend it."""
