"""Refine a take: another version, a darker one, only bars 5 to 8, new notes in the same rhythm, another style."""
