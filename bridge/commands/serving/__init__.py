"""The server and the page, and who may use them: their commands."""
