"""The Live Set: song, tracks, scenes, clip slots, clips and the transport."""
