"""What every simulated object stands on: listeners, undo, time, value types, and Boost's conversion of arguments."""
