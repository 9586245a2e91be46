"""From a sound as a model made it to a loop of whole bars: in time, in the set's tempo, without a seam."""
