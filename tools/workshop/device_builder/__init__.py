"""The builder of the Max for Live devices: from the table in `max_for_live/table` to what Live loads."""
