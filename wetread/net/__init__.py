"""The guarded HTTP client, rates and circuit breakers."""

DOOR = ("addresses", "http_client", "http_headers", "pace", "rates", "web")
"""The modules that other rooms may import."""
