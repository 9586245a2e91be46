"""What is learned from drummers: feel, measures by style, and what a style is told by."""
