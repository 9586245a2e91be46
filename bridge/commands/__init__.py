"""The commands of `musearoo`, one module each: `add_to(subparsers)` declares it, its `run(options)` does it."""
