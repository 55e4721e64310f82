"""docs/words.md: everything that Wetread says, built from its real code."""
