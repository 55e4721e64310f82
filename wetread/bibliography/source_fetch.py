"""Sends a request to a record source; every failure becomes a RecordSourceError with the source's name."""

from collections.abc import Collection

from wetread.domain.errors import FetchError, RecordSourceError
from wetread.net.http_headers import retry_after
from wetread.net.web import Fetch, HttpRequest, HttpResponse

NOT_FOUND = frozenset({404})


async def fetch_answer(
    source: str, fetch: Fetch, request: HttpRequest, *, accept: Collection[int] = ()
) -> HttpResponse:
    """Send `request` and return the answer if its status is 200 or in `accept`.

    Raises RecordSourceError with a FetchFailure's value, "throttled" (429), "server" (5xx) or "status".
    """
    try:
        response = await fetch(request)
    except FetchError as error:
        raise RecordSourceError(source, error.kind) from error
    if response.status == 200 or response.status in accept:
        return response
    if response.status == 429:
        kind = "throttled"
    elif response.status >= 500:
        kind = "server"
    else:
        kind = "status"
    raise RecordSourceError(source, kind, status=response.status, retry_after=retry_after(response.headers))
