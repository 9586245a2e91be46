"""A device's face as a picture, and what can be measured of it: does the text fit, can it be read, is all in line."""
