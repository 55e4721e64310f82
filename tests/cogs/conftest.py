"""Settings of the property tests: no time limit per example, because a busy machine is slow."""

from hypothesis import settings

settings.register_profile("cogs", deadline=None)
settings.load_profile("cogs")
