"""Scheduled parts: clips as timed messages, and the ledger of sounding notes. Pure."""
