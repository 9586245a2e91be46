"""Refine a take: another one, a darker one, only bars 5 to 8, the same rhythm with new notes, another style."""
