"""The guarded HTTP client, rates and circuit breakers."""

DOOR = (
    "addresses",
    "circuit_breaker",
    "http_client",
    "http_headers",
    "polite_fetch",
    "rate_limiter",
    "resolver",
    "web",
)
"""The modules that other rooms may import."""
