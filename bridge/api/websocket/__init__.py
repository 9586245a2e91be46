"""WebSocket: the session live, in both directions, by subprotocol musearoo.v1."""
