"""The server: REST and WebSocket for other programs. A process of its own; the daemon imports nothing of it."""
