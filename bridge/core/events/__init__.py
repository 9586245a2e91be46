"""What goes into the conductor, and what comes out of it: frozen data."""
