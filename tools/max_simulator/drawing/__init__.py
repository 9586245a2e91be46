"""Draw a device's user interface, and measure it: text that overflows, low contrast, misaligned edges."""
