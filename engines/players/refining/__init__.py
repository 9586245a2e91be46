"""Changing a take: another one, a darker one, only bars 5 to 8, the rhythm kept and the notes new, in another style."""
