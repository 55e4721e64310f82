"""Creates a message or a forum post by one request, and says what is known when it fails.

discord.py repeats a request after a 5xx. A message carries a nonce, so a second request is safe; but if the
second is refused, the first may have been carried out all the same. A thread carries none (faults.md M05), so
its request is never repeated.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route

from wetread.domain.errors import DeliveryAmbiguousError


async def create(
    http: HTTPClient, route: Route, payload: Mapping[str, Any] | None, tries: "Tries", **options: Any
) -> int:
    """Send the request and return the id of what Discord created.

    Raises DeliveryAmbiguousError if no usable answer came, and discord.py's errors for a refusal.
    """
    answer = await http.request(route, json=payload, files=tries, raise_for_status=tries.judge, **options)
    try:
        return int(answer["id"])
    except (TypeError, KeyError, ValueError) as error:
        raise DeliveryAmbiguousError("the answer cannot be read") from error


class Tries(Sequence[discord.File]):
    """The tries that discord.py makes of one request.

    Before each try discord.py iterates over the files of a request. This stands in for the files: there are
    none. After a 429 it always may try again, because that says that nothing was done; after anything else
    only if `may_repeat`, else the next try raises.

    `is_unclear`: an earlier try than the last may have been carried out, whatever the last one says.
    """

    def __init__(self, *, may_repeat: bool) -> None:
        self.is_unclear = False
        self._may_repeat = may_repeat
        self._is_open = False  # a try was begun and not refused

    def __iter__(self) -> Iterator[discord.File]:
        if self._is_open:
            self.is_unclear = True
            if not self._may_repeat:
                raise DeliveryAmbiguousError("no usable answer")
        self._is_open = True
        return iter(())

    def __bool__(self) -> bool:
        return True  # or discord.py would not iterate

    def __len__(self) -> int:
        return 0

    def __getitem__(self, index: Any) -> Any:
        raise IndexError(index)

    async def judge(self, response: aiohttp.ClientResponse) -> None:
        """Look at an answer before discord.py does, which would repeat the request after a 5xx."""
        if response.status == 429:
            self._is_open = False
        elif response.status >= 500 and not self._may_repeat:
            response.close()
            raise DeliveryAmbiguousError(f"status {response.status}")
