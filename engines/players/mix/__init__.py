"""MixAroo, the mix engineer: levels from measured loudness, panning, sends, EQ cuts against masking, and a report."""
