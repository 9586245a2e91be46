"""The quality of playing along: note timing, hanging notes, the clock, jam answers, and captured grooves."""
