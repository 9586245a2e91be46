"""Text from outside: cut to a length in bytes, and escaped before it is shown."""
