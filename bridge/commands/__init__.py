"""The commands of `musearoo`, one module each: `declare` adds its arguments, `run` executes it."""
