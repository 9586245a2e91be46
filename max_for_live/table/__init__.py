"""The device as one declarative table: every control, object, cord, parameter, bank and text of it stands here once."""
