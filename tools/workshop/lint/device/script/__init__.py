"""The lint of a device's script: ECMAScript 5, and whose each name is."""
