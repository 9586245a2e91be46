"""The sets of sessions: Live's, watched through the daemon, and small ones in the store."""
