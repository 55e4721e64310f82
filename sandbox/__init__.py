"""Try Wetread without Discord: the real bot in a simulated Discord, with invented journals, all local."""
