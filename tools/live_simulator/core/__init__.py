"""The base of every simulated object: listeners, undo, time, value types, and Boost's argument conversion."""
