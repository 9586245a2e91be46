"""The face of a device as a picture, and what can be measured of it: does the text fit, is it readable, do things keep apart."""
