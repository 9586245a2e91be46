"""Alembic's migrations of the store: each brings the tables from one revision to the next, and back."""
