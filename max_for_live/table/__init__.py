"""The device as one declarative table of every control, object, cord, parameter, bank and text."""
