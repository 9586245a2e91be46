"""The live connection of a session by WebSocket: events as they happen, and requests without a new connection."""
