"""How hypothesis runs here: without a time limit for an example, since the machine may be busy with other things."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
