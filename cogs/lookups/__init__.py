"""Look-ups of articles: abstract, search, latest, journals, cite, article, export."""

DOOR = ("list_panels", "offer", "query_choices", "references", "search_panel", "showing")
"""The modules that other rooms may import."""
