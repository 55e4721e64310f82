"""Settings of the property tests: a busy machine is no counter-example."""

from hypothesis import settings

settings.register_profile("cogs", deadline=None)
settings.load_profile("cogs")
