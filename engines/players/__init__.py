"""The players: engines that write the parts of a band, and what they share."""
