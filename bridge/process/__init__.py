"""Child processes, and what keeps this one responsive."""
