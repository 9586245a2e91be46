"""Takes the last bars out of what the device's ring has recorded, and finds the beats to the sample."""
