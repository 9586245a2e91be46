"""The demo: a whole session in a simulated Live and Max."""
