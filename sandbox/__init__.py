"""Try Wetread without Discord: the real bot in a world on this machine, with journals that are invented."""
