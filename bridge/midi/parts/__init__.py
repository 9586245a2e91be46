"""What sounds at an output: clips as timed messages, and the ledger of what is on. Pure."""
