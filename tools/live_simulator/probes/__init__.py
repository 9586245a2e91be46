"""House probes: a Remote Script that tries, inside Live, what we believe of Live."""
