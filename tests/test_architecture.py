"""The rules of the architecture: who may import whom, and what only one module may do."""

import ast
import importlib
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from cogs import EXTENSIONS

ROOT = Path(__file__).parents[1]
PACKAGES = ("wetread", "cogs", "sandbox")
SOURCES = sorted([ROOT / "bot.py", *(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))])

# The rooms, top floor first: a file imports only from its own room and from rooms below it.
FLOORS = (
    "sandbox",
    "bot",
    "cogs.history",
    "cogs.roles",
    "cogs.exchange",
    "cogs.status",
    "cogs.alerts",
    "cogs.topics",
    "cogs.pace",
    "cogs.welcome",
    "cogs.feeds",
    "cogs.sharing",
    "cogs.help",
    "cogs.lookups",
    "cogs.errors",
    "cogs.suggestions",
    "cogs.posting",
    "cogs.cards",
    "cogs.kit",
    "cogs.client",
    "cogs.lean_cache",
    "cogs",
    "wetread.services",
    "wetread.operations",
    "wetread.storage",
    "wetread.feeds",
    "wetread.bibliography",
    "wetread.isolation",
    "wetread.net",
    "wetread.domain",
    "wetread",
)

FILES = ("cogs.client", "cogs.lean_cache")  # rooms of one file, which is its own door

# Pure modules use the standard library, text and value libraries, and each other.
PURE = (
    "wetread.domain.",
    "wetread.net.addresses",
    "wetread.net.http_headers",
    "wetread.net.web",
    "wetread.bibliography.",
    "wetread.feeds.check_result",
    "wetread.feeds.delivery_plan",
    "wetread.feeds.entry_identity",
    "wetread.feeds.planner",
    "wetread.feeds.schedule",
    "wetread.feeds.windows",
    "wetread.storage.fts",
)
PURE_LIBRARIES = {
    "bibtexparser",
    "citeproc",
    "lxml",
    "pylatexenc",
    "rapidfuzz",
    "rispy",
}  # they have no state and do no I/O

# A library, and the modules (or packages, with a dot at the end) that may import it.
ONLY = {
    "feedparser": ("wetread.feeds.parser", "wetread.feeds.quick", "wetread.feeds.quick_values"),
    "aiohttp": (
        "wetread.net.http_client",
        "wetread.net.resolver",
        "bot",
        "cogs.posting.messenger",
        "cogs.posting.rate_limits",
        "cogs.posting.sending",
        "sandbox.",
    ),
    "sqlite_utils": ("wetread.storage.",),
    "sqlite3": ("wetread.storage.",),
    "discord": ("bot", "cogs.", "sandbox."),
    "simcord": ("sandbox.",),
    "jsonschema_rs": ("sandbox.description",),
}

# Only clock.py asks the machine for the time or waits; the sandbox drives a simulated clock by hand.
CLOCK_CALLS = {
    "datetime.now",
    "datetime.utcnow",
    "time.time",
    "time.monotonic",
    "asyncio.sleep",
    "time.sleep",
}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Return the modules that a file imports, also inside functions and for type checkers only."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute, so that they can be read and checked"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_allowed(module: str, allowed: tuple[str, ...]) -> bool:
    return any(
        module.startswith(entry) or module == entry.rstrip(".") if entry.endswith(".") else module == entry
        for entry in allowed
    )


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_a_library_is_imported_only_where_it_belongs(path: Path) -> None:
    module = module_name(path)
    for imported in imports(path):
        library = imported.partition(".")[0]
        if library in ONLY:
            assert is_allowed(module, ONLY[library]), f"{module} imports {library}"


def room_of(module: str) -> str:
    """Return the room of a module: the longest entry of FLOORS that its name begins with."""
    return max((floor for floor in FLOORS if is_allowed(module, (floor + ".",))), key=len)


def files_imported(path: Path) -> set[str]:
    """Return the modules of this project that a file imports, also for type checkers only."""
    found = set()
    for imported in imports(path):
        if imported.partition(".")[0] in {*PACKAGES, "bot", "tests"}:
            found.add(imported if imported in MODULES else imported.rpartition(".")[0])
    packages = {module for module in found if MODULES.get(module, path).name == "__init__.py"}
    return found - {module_name(path)} - {each for each in packages if each not in ("cogs", "wetread")}


MODULES = {module_name(path): path for path in SOURCES}


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_imports_go_down(path: Path) -> None:
    floor = FLOORS.index(room_of(module_name(path)))
    for imported in files_imported(path):
        assert imported in MODULES, f"{module_name(path)} imports {imported}"
        assert FLOORS.index(room_of(imported)) >= floor, f"{module_name(path)} imports {imported}, above it"


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = {module: files_imported(path) for module, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


@pytest.mark.parametrize("room", [floor for floor in FLOORS if floor.count(".") == 1 and floor not in FILES])
def test_a_room_is_entered_by_its_door(room: str) -> None:
    """`DOOR` in a room's `__init__.py` names the modules that other rooms may import, and no others."""
    door: set[str] = set(importlib.import_module(room).DOOR)
    entered = {
        imported.removeprefix(room + ".")
        for module, path in MODULES.items()
        if room_of(module) != room
        for imported in files_imported(path)
        if room_of(imported) == room
    }
    assert entered == door


def test_a_cog_is_imported_by_nobody_and_asks_for_no_other() -> None:
    for module, path in MODULES.items():
        assert not files_imported(path) & set(EXTENSIONS), module
        for node in ast.walk(tree(path)):
            assert not (isinstance(node, ast.Attribute) and node.attr == "get_cog"), module


@pytest.mark.parametrize("path", [p for p in SOURCES if is_allowed(module_name(p), PURE)], ids=module_name)
def test_pure_modules_import_only_pure_modules(path: Path) -> None:
    for imported in imports(path):
        library = imported.partition(".")[0]
        if library != "wetread":
            assert library in sys.stdlib_module_names | PURE_LIBRARIES, f"{module_name(path)}: {library}"
    for imported in files_imported(path):
        assert is_allowed(imported, PURE), f"{module_name(path)} imports {imported}"


def test_only_the_clock_knows_the_time() -> None:
    for path in SOURCES:
        module = module_name(path)
        if module == "wetread.domain.clock" or module.startswith("sandbox"):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                assert name not in CLOCK_CALLS, f"{module} calls {name}"


def test_only_one_module_asks_for_random_numbers() -> None:
    product = [path for path in SOURCES if not module_name(path).startswith("sandbox")]
    users = {module_name(path) for path in product if "random" in imports(path)}
    assert users == {"wetread.domain.chance"}


COLUMN_MAKERS = {"insert_all", "upsert", "upsert_all", "create_table", "add_column", "create_column"}

# Functions whose SQL depends on an argument, and why no user can choose that argument.
SQL_OF_ARGUMENTS = {
    "changes.put_back": "tables of its module, and columns that the table has",
    "deliveries.skip": "its callers write the condition themselves",
    "compaction.finish": "the folder of the database, quoted: a pragma takes no parameters",
    "inspection.damage_seen": "quick_check or integrity_check",
    "notices._is_well": "one of this module's statements, by the kind of the notice",
    "search.search": "the query decides on the clauses; its words are values",
    "search.latest": "one of three statements",
    "preprints._naming": "question marks, one a key",
}


@pytest.mark.row("S18")
def test_feedparser_is_given_bytes_only() -> None:
    """faults.md M04, S18: given a text, feedparser opens it as a file or an address."""
    calls = [
        node
        for node in ast.walk(tree(ROOT / "wetread" / "feeds" / "parser.py"))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "feedparser.parse"
    ]
    assert calls
    for call in calls:
        assert ast.unparse(call.args[0]).startswith("io.BytesIO("), ast.unparse(call)


@pytest.mark.row("S30")
@pytest.mark.parametrize("path", sorted((ROOT / "wetread" / "storage").glob("*.py")), ids=module_name)
def test_no_name_of_a_table_or_column_comes_from_outside(path: Path) -> None:
    """faults.md S30: no library turns keys into columns, and SQL contains only text from its own module."""
    for function, call in calls_in_functions(path):
        if isinstance(call.func, ast.Attribute) and call.func.attr in COLUMN_MAKERS:
            raise AssertionError(f"{path.name}: {ast.unparse(call)}")
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"execute", "executemany"}:
            is_known = f"{path.stem}.{function.name}" in SQL_OF_ARGUMENTS
            assert is_known or not foreign_words(function, call), f"{path.name}: {ast.unparse(call)}"


@pytest.mark.row("S31")
@pytest.mark.parametrize("path", [p for p in SOURCES if "sandbox" not in p.parts], ids=module_name)
def test_nobody_outside_writes_a_regular_expression(path: Path) -> None:
    """faults.md S31: no pattern contains an argument of a function, so no filter becomes a pattern."""
    for function, call in calls_in_functions(path):
        name = ast.unparse(call.func)
        if name.startswith("re.") and name != "re.escape":
            assert foreign_words(function, call) == set(), f"{path.name}: {ast.unparse(call)}"


def calls_in_functions(path: Path) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, ast.Call]]:
    for function in ast.walk(tree(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from ((function, node) for node in ast.walk(function) if isinstance(node, ast.Call))


def foreign_words(function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call) -> set[str]:
    """Return the function's arguments, and names made from them, in the first argument of a call."""
    arguments = function.args
    foreign = {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    for node in ast.walk(function):  # in the order of the source; loops do not matter here
        if isinstance(node, ast.Assign) and names_in(node.value) & foreign:
            foreign |= {name for target in node.targets for name in names_in(target)}
    return names_in(call.args[0]) & foreign if call.args else set()


def names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
