"""The store: users, sessions, takes and all else that the server remembers, in SQLite or PostgreSQL."""
