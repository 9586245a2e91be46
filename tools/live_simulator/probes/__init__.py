"""House probes: a Remote Script that tests our assumptions about Live inside Live."""
