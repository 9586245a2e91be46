"""The linter for a device's script: ECMAScript 5, and the scope of each name."""
