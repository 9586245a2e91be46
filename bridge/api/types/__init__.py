"""What the server and its clients send each other: one set of types for REST, WebSocket and `musearoo.client`."""
