"""The builder of the Max for Live devices: from the table in `max_for_live/table` to the files that Live loads."""
