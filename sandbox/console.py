"""The console: commands that change the simulated world around Wetread."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import simcord

from sandbox import mishaps, typed
from sandbox.library import SampleJournal
from sandbox.stage import Stage
from sandbox.text import modal_text

HELP = """\
The world:
  new-article [JOURNAL]    publish an article now (otherwise one appears every 20 seconds)
  break-feed [JOURNAL]     make the journal's server fail; mend-feed [JOURNAL] repairs it
  move-feed [JOURNAL]      move the journal's feed to another address, which the old one names
  retract [DOI]            retract an article (otherwise the newest)
  stop-pubmed              make the databases of articles fail; start-pubmed repairs them
  forbid PERMISSION [#CHANNEL]
                           take a permission away from Wetread, for example `forbid embed links #papers`;
                           allow PERMISSION [#CHANNEL] gives it back
  fill-disk                make Wetread's disk full; free-disk makes room again
  tick SECONDS             let time pass
  restart                  stop the bot and start it again with the same database
You:
  switch CHANNEL           go to papers, journal-club, interventional, pain, moderators, announcements,
                           library, interventional-pain or another thread
  as moderator|reader      become the moderator or the reader
  press LABEL              press the newest button with that label
  choose LABEL             choose this entry in the newest menu
  submit NAME=VALUE …      fill in the open form
  help, quit
Journals: {journals}"""


class Console:
    """Runs console commands and reports each result through `tell`."""

    def __init__(self, stage: Stage, tell: Callable[[str], None]) -> None:
        self.stage = stage
        self.tell = tell
        self.has_quit = False
        self.view_changed = False  # True = open the page again: the channel, person or bot changed
        self._form: simcord.InteractionResult | None = None
        self._commands: dict[str, Callable[[str], Awaitable[None]]] = {
            "switch": self._switch,
            "tick": self._tick,
            "new-article": self._new_article,
            "break-feed": self._break_feed,
            "mend-feed": self._mend_feed,
            "move-feed": self._move_feed,
            "retract": self._retract,
            "stop-pubmed": self._stop_pubmed,
            "start-pubmed": self._start_pubmed,
            "forbid": self._forbid,
            "allow": self._allow,
            "fill-disk": self._fill_disk,
            "free-disk": self._free_disk,
            "restart": self._restart,
            "as": self._as,
            "press": self._press,
            "choose": self._choose,
            "submit": self._submit,
            "help": self._help,
            "quit": self._quit,
        }

    async def run(self, line: str) -> None:
        """Run one command; errors are reported, not raised."""
        name, _, rest = line.strip().partition(" ")
        command = self._commands.get(name)
        if command is None:
            self.tell(f"There is no command {name!r}. `help` lists all commands.")
            return
        await self.doing(command(rest.strip()))

    async def doing(self, action: Awaitable[object]) -> None:
        """Do what a person does and show a form if one opens; errors are reported, not raised."""
        try:
            result = await action
        except (typed.TypedError, simcord.SetupError, simcord.BackendError) as error:
            self.tell(f"That is not possible: {error}")
            return
        except TimeoutError:
            self.tell("This takes longer than the sandbox waits. To see the result later: `tick 1`.")
            return
        if isinstance(result, str):
            self.tell(f"(opens {result})")
        elif isinstance(result, simcord.InteractionResult):
            if result.modal is not None:
                self._form = result
                self.tell(modal_text(result.modal))
            elif not result.acknowledged:
                self.tell("(no answer came)")

    async def _switch(self, rest: str) -> None:
        channel = self.stage.find_channel(rest)
        if channel is None:
            raise typed.TypedError(
                f"there is no channel {rest!r}. There are: {', '.join(self.stage.channels)}."
            )
        self.stage.channel = channel
        self.view_changed = True
        self.tell(f"You are in #{channel.name}.")

    async def _as(self, rest: str) -> None:
        people = {"moderator": self.stage.moderator, "reader": self.stage.reader}
        if rest not in people:
            raise typed.TypedError("type `as moderator` or `as reader`.")
        self.stage.person = people[rest]
        self.view_changed = True
        self.tell(f"You are the {rest}.")

    async def _tick(self, rest: str) -> None:
        try:
            seconds = float(rest or "1")
        except ValueError:
            raise typed.TypedError("type a number of seconds, for example `tick 60`.") from None
        for article in await self.stage.tick(seconds):
            self.tell(f"({article.journal.abbreviation} has published “{article.title}”)")
        self.tell(f"It is {self.stage.moment}.")

    async def _new_article(self, rest: str) -> None:
        article = self.stage.library.publish(self._journal(rest) if rest else None)
        self.tell(f"{article.journal.title} has published “{article.title}” ({article.doi}).")

    async def _break_feed(self, rest: str) -> None:
        journal = self._journal(rest)
        self.stage.library.broken.add(journal.key)
        self.tell(f"The server of {journal.title} fails now. To repair it: `mend-feed {journal.key}`.")

    async def _mend_feed(self, rest: str) -> None:
        journal = self._journal(rest)
        self.stage.library.broken.discard(journal.key)
        self.tell(f"The server of {journal.title} works again.")

    async def _move_feed(self, rest: str) -> None:
        journal = self._journal(rest)
        self.stage.library.moved.add(journal.key)
        self.tell(f"{journal.title} has moved its feed. The old address leads to the new one.")

    async def _retract(self, rest: str) -> None:
        article = await mishaps.retract(self.stage, rest)
        self.tell(
            f"{article.journal.title} has retracted “{article.title}” ({article.doi}). "
            "Wetread asks for retractions within half a minute: `tick 60`."
        )

    async def _stop_pubmed(self, _rest: str) -> None:
        self.stage.library.databases_are_down = True
        self.tell("PubMed and Crossref fail now. To repair them: `start-pubmed`.")

    async def _start_pubmed(self, _rest: str) -> None:
        self.stage.library.databases_are_down = False
        self.tell("PubMed and Crossref work again.")

    async def _forbid(self, rest: str) -> None:
        permission, channel = mishaps.set_permission(self.stage, rest, is_allowed=False)
        self.tell(f"Wetread no longer has “{permission}” in #{channel.name}. `allow {rest}` gives it back.")

    async def _allow(self, rest: str) -> None:
        permission, channel = mishaps.set_permission(self.stage, rest, is_allowed=True)
        self.tell(f"Wetread has “{permission}” in #{channel.name} again.")

    async def _fill_disk(self, _rest: str) -> None:
        await mishaps.fill_disk(self.stage, is_full=True)
        self.tell("The disk is full now. To make room: `free-disk`.")

    async def _free_disk(self, _rest: str) -> None:
        await mishaps.fill_disk(self.stage, is_full=False)
        self.tell("There is room on the disk again.")

    async def _restart(self, _rest: str) -> None:
        await self.stage.restart()
        self.view_changed = True
        self.tell("The bot was restarted. Its feeds and old buttons still work.")

    async def _press(self, rest: str) -> None:
        await self.doing(typed.press(self.stage, rest))

    async def _choose(self, rest: str) -> None:
        await self.doing(typed.choose(self.stage, rest))

    async def _submit(self, rest: str) -> None:
        if self._form is None:
            raise typed.TypedError("no form is open.")
        form, self._form = self._form, None
        await self.doing(typed.submit(self.stage, form, rest))

    async def _help(self, _rest: str) -> None:
        names = ", ".join(f"{journal.key} = {journal.title}" for journal in self.stage.library.journals)
        self.tell(HELP.format(journals=names))

    async def _quit(self, _rest: str) -> None:
        self.has_quit = True

    def _journal(self, word: str) -> SampleJournal:
        library = self.stage.library
        journal = library.find(word) if word else library.journals[0]
        if journal is None:
            raise typed.TypedError(
                f"there is no {word!r}. There are: {', '.join(j.key for j in library.journals)}."
            )
        return journal


def quietly(text: str) -> None:
    """Write a line to the console at once; a closed pipe is ignored."""
    with suppress(BrokenPipeError):
        print(text, flush=True)
