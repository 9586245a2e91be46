"""Upkeep of the store: migrations, backup, restore, move to another database, retention, a user's own data."""
