"""The console: what the person who tries Wetread can do to the world around it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import simcord

from sandbox import typed
from sandbox.library import SampleJournal
from sandbox.stage import Stage
from sandbox.text import modal_text

HELP = """\
The world:
  new-article [JOURNAL]    a journal publishes now (by itself one does every 20 seconds)
  break-feed [JOURNAL]     its server answers with errors; mend-feed [JOURNAL] repairs it
  tick SECONDS             let time pass
  restart                  stop the bot and start it again on its database
You:
  switch CHANNEL           papers, journal-club, announcements, library, interventional-pain, a thread
  as moderator|reader      who you are
  press LABEL              press the newest button with that label
  choose LABEL             choose from the newest menu
  submit NAME=VALUE …      fill in the form that was shown
  help, quit
Journals: {journals}"""


class Console:
    """Carries out console commands and tells what came of them through `tell`."""

    def __init__(self, stage: Stage, tell: Callable[[str], None]) -> None:
        self.stage = stage
        self.tell = tell
        self.has_quit = False
        self.view_changed = False  # whether the page has to be opened anew: channel, person or bot changed
        self._form: simcord.InteractionResult | None = None
        self._commands: dict[str, Callable[[str], Awaitable[None]]] = {
            "switch": self._switch,
            "tick": self._tick,
            "new-article": self._new_article,
            "break-feed": self._break_feed,
            "mend-feed": self._mend_feed,
            "restart": self._restart,
            "as": self._as,
            "press": self._press,
            "choose": self._choose,
            "submit": self._submit,
            "help": self._help,
            "quit": self._quit,
        }

    async def run(self, line: str) -> None:
        """Carry out one command; what cannot be done is told, not raised."""
        name, _, rest = line.strip().partition(" ")
        command = self._commands.get(name)
        if command is None:
            self.tell(f"There is no command {name!r}; `help` lists them.")
            return
        await self.doing(command(rest.strip()))

    async def doing(self, action: Awaitable[object]) -> None:
        """Do something a person does; a form that comes is shown, what cannot be done is told."""
        try:
            result = await action
        except (typed.TypedError, simcord.SetupError, simcord.BackendError) as error:
            self.tell(f"That is not possible: {error}")
            return
        except TimeoutError:
            self.tell("This takes longer than the sandbox waits. It goes on: `tick 1` looks again.")
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
            raise typed.TypedError("be `moderator` or `reader`.")
        self.stage.person = people[rest]
        self.view_changed = True
        self.tell(f"You are the {rest}.")

    async def _tick(self, rest: str) -> None:
        try:
            seconds = float(rest or "1")
        except ValueError:
            raise typed.TypedError("say how many seconds, `tick 60`.") from None
        for article in await self.stage.tick(seconds):
            self.tell(f"({article.journal.abbreviation} has published “{article.title}”)")
        self.tell(f"It is {self.stage.moment}.")

    async def _new_article(self, rest: str) -> None:
        article = self.stage.library.publish(self._journal(rest) if rest else None)
        self.tell(f"{article.journal.title} has published “{article.title}” ({article.doi}).")

    async def _break_feed(self, rest: str) -> None:
        journal = self._journal(rest)
        self.stage.library.broken.add(journal.key)
        self.tell(f"The server of {journal.title} is down now. `mend-feed {journal.key}` repairs it.")

    async def _mend_feed(self, rest: str) -> None:
        journal = self._journal(rest)
        self.stage.library.broken.discard(journal.key)
        self.tell(f"The server of {journal.title} works.")

    async def _restart(self, _rest: str) -> None:
        await self.stage.restart()
        self.view_changed = True
        self.tell("The bot has been restarted; buttons and feeds go on where they were.")

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
    """Write a line to the console at once, also into a pipe that somebody may have closed."""
    with suppress(BrokenPipeError):
        print(text, flush=True)
