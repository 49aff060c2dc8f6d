"""What the house forbids: functions from a file's text to what is wrong in it (layers: the contracts in pyproject)."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

Tree = ast.Module

LONGEST_MODULE = 700  # lines; over 400 is a question for its author
LONGEST_FUNCTION = 60  # lines; over 40 is a question for its author

_EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "logic"}
_MODAL = {"QMessageBox", "QFileDialog", "QInputDialog", "QColorDialog", "QFontDialog", "QErrorMessage"}
_NETWORK = re.compile(r"(?:PySide6\.(?:QtNetwork|QtWeb\w*|QtHttpServer)|urllib\.request|http\.(?:client|server))\b")
_CLOCKS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime"),
    *("QDateTime.currentDateTime", "QDateTime.currentDateTimeUtc", "QDate.currentDate", "QTime.currentTime"),
}
_COLOUR = re.compile(r"(?<![\w&])#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|(?=\d*[a-fA-F])[0-9a-fA-F]{3})(?!\w)")
_TRANSLATORS = {"_", "N_", "ngettext", "gettext"}
_GAP = re.compile(r"\{([^{}]*)\}")
# The desk reads with select, in a session that the vault lends it; who opens the file and writes is the vault.
_VAULTS_OWN = {"insert", "update", "delete", "text", "create_engine", "Engine", "Connection", "sessionmaker"}

# Registries, and places on the machines where CrisisDesk is made. Written so that this line does not find itself.
_ELSEWHERE = re.compile(
    r"py[p]i\.org|python[h]osted|npm[j]s\.(?:org|com)|deb\.[d]ebian|find-[l]inks|index-[u]rl"
    r"|(?<![\w.~-])/(?:work|root|opt)/\w"
)


@lru_cache(maxsize=1024)
def parse(source: str) -> Tree:
    """Return the syntax tree of a file's text. Every rule reads the same files."""
    return ast.parse(source)


@lru_cache(maxsize=1024)
def nodes(tree: Tree) -> tuple[ast.AST, ...]:
    """Return all that is in a tree. Walking through it costs more than any rule does there."""
    return tuple(ast.walk(tree))


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` for such an expression, else the last name of it, else nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def calls(tree: Tree) -> Iterator[tuple[ast.Call, str]]:
    """Yield every call and what it calls."""
    for node in nodes(tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def imports(tree: Tree) -> Iterator[tuple[int, str]]:
    """Yield the line and the full name of everything imported."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


# --- sizes and names -------------------------------------------------------------------------------------------------


def long_module(source: str) -> Iterator[str]:
    """Refuse a module that nobody reads whole any more."""
    lines = source.count("\n")
    if lines > LONGEST_MODULE:
        yield f"1: {lines} lines; cut it in two by what it is for (at most {LONGEST_MODULE})"


def long_functions(source: str) -> Iterator[str]:
    """Refuse a function that does not fit on a screen."""
    for node in nodes(parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.lineno}: {node.name} has {lines} lines (at most {LONGEST_FUNCTION})"


def empty_names(source: str, path: str = "") -> Iterator[str]:
    """Refuse folders, modules and classes whose name says nothing about what is inside."""
    for part in path.removesuffix(".py").split("/"):
        if _EMPTY_NAMES & set(part.split("_")):
            yield f"1: '{part}' says nothing about what is inside"
    for node in nodes(parse(source)):
        if isinstance(node, ast.ClassDef):
            words = re.findall(r"[A-Z][a-z]*", node.name)
            if words and words[-1].lower() in _EMPTY_NAMES:
                yield f"{node.lineno}: class {node.name} says nothing about what it is"


# --- words -----------------------------------------------------------------------------------------------------------


def broken_words(source: str) -> Iterator[str]:
    """Refuse texts that can't be translated: put together before ``_()``, or with a gap that has no name."""
    for call, name in calls(parse(source)):
        if name.split(".")[-1] in _TRANSLATORS:
            for message in call.args[: 2 if name.endswith("ngettext") else 1]:
                yield from (f"{call.lineno}: {problem}" for problem in _broken_message(message))


def _broken_message(message: ast.expr) -> Iterator[str]:
    match message:
        case ast.JoinedStr() | ast.BinOp():
            yield "the text was put together before it is translated; use _('... {gap}').format(gap=...)"
        case ast.Call(func=ast.Attribute(attr="format")):
            yield ".format() belongs after the translation, not inside"
        case ast.Constant(value=str(text)):
            for gap in _GAP.findall(text):
                if not gap.split(":")[0].isidentifier():
                    yield f"the gap {{{gap}}} needs a name, such as {{count}}"


# --- doors -----------------------------------------------------------------------------------------------------------


def modal_dialogs(source: str) -> Iterator[str]:
    """Refuse modal dialogs and nested event loops; ui/ask.py has the ones there are."""
    tree = parse(source)
    for line, name in imports(tree):
        if name.split(".")[-1] in _MODAL:
            yield f"{line}: {name.split('.')[-1]} belongs in ui/ask.py"
    for call, name in calls(tree):
        if name.split(".")[-1] in {"exec", "exec_"} and isinstance(call.func, ast.Attribute):
            yield f"{call.lineno}: {name}() opens a modal loop; ask through ui/ask.py"


def processed_events(source: str) -> Iterator[str]:
    """Refuse processEvents: it lets her click into the middle of an act."""
    for node in nodes(parse(source)):
        if isinstance(node, ast.Attribute) and node.attr == "processEvents":
            yield f"{node.lineno}: processEvents; use a Job"


def other_clocks(source: str) -> Iterator[str]:
    """Refuse a second source of time; clock.py is the one that tests can stop."""
    for call, name in calls(parse(source)):
        if ".".join(name.split(".")[-2:]) in _CLOCKS:
            yield f"{call.lineno}: {name}(); time comes from crisisdesk.clock"


def other_places(source: str) -> Iterator[str]:
    """Refuse a second source of paths, and temporary files, in which a record could be left behind."""
    tree = parse(source)
    for line, name in imports(tree):
        if name.split(".")[0] == "tempfile" or name.endswith(".QStandardPaths"):
            yield f"{line}: {name}; paths come from crisisdesk.paths, and nothing lies about in between"
    for node in nodes(tree):
        if isinstance(node, ast.Attribute) and dotted(node) in {
            "Path.home",
            "os.environ",
            "os.getenv",
            "os.path.expanduser",
        }:
            yield f"{node.lineno}: {dotted(node)}; paths come from crisisdesk.paths"


def other_shortcuts(source: str) -> Iterator[str]:
    """Refuse a key that the table of commands does not know."""
    for call, name in calls(parse(source)):
        verb = name.split(".")[-1]
        has_key = any(isinstance(argument, ast.Constant) for argument in call.args)
        if verb == "QShortcut" or (verb in {"QKeySequence", "setShortcut"} and has_key):
            yield f"{call.lineno}: {verb}; keys stand in ui/commands.py"


def colours(source: str) -> Iterator[str]:
    """Refuse a colour outside the theme."""
    tree = parse(source)
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (f"{node.lineno}: colour {found}" for found in _COLOUR.findall(node.value))
    for call, name in calls(tree):
        makes_one = name.split(".")[-1] in {"QColor", "HexColor"} and call.args
        if makes_one and all(isinstance(argument, ast.Constant) for argument in call.args):
            yield f"{call.lineno}: {name} with a colour of its own"


def network(source: str) -> Iterator[str]:
    """Refuse the parts of allowed libraries that talk to a network; pyproject's contracts refuse the others."""
    for line, name in imports(parse(source)):
        if _NETWORK.match(name):
            yield f"{line}: {name} talks to a network"


def writes_around_the_door(source: str) -> Iterator[str]:
    """Refuse whatever in SQLAlchemy opens the file or writes, outside the vault."""
    for line, name in imports(parse(source)):
        if name.startswith("sqlalchemy") and name.split(".")[-1] in _VAULTS_OWN:
            yield f"{line}: {name}; only the vault opens and writes"


def sessions(source: str) -> Iterator[str]:
    """Refuse a session where there should be plain records."""
    for line, name in imports(parse(source)):
        if name.startswith("sqlalchemy") and name.endswith("Session"):
            yield f"{line}: {name}; records know no session"


def paragraphs(source: str) -> list[str]:
    """Return the functions that call ReportLab's Paragraph: the door at which typed text is escaped."""
    return [
        node.name
        for node in nodes(parse(source))
        if isinstance(node, ast.FunctionDef)
        if any(name.split(".")[-1] == "Paragraph" for _, name in calls(ast.Module([node], [])))
    ]


def elsewhere(source: str) -> Iterator[str]:
    """Refuse the name of a package registry and a place on a machine, in any kind of text file."""
    for number, line in enumerate(source.splitlines(), start=1):
        yield from (f"{number}: {found}" for found in _ELSEWHERE.findall(line))


# --- which rule holds where ------------------------------------------------------------------------------------------

Rule = Callable[[str], Iterator[str]]

# rule: the paths under crisisdesk/ that it does not hold for, each with its reason.
PRODUCT_RULES: dict[Rule, tuple[str, ...]] = {
    long_module: (),
    long_functions: ("vault/migrations/versions/",),  # a migration is one list of steps
    broken_words: ("i18n.py",),  # defines them
    modal_dialogs: ("ui/ask.py", "app.py", "ui/lock/trial.py"),  # the door itself; the program's own loops
    processed_events: (),
    other_clocks: ("clock.py", "ui/lock/watch.py"),  # the door itself; a lock counts on both of the computer's clocks
    # The door itself; the self-tests' scratch folders, where no record is; the switch that shows the vault refusing;
    # what is forgotten before anything reads it; which session of the system this is; where dialogs for files begin.
    other_places: (
        "paths.py",
        "selftest/",
        "vault/engine.py",
        "hardening.py",
        "ui/lock/linux.py",
        "ui/lock/trial.py",
        "ui/ask.py",
    ),
    other_shortcuts: ("ui/commands.py",),  # the table itself
    colours: ("ui/theme.py", "ui/tokens.py"),  # the theme, and the table it is made from
    network: (),
    writes_around_the_door: ("vault/",),  # the door itself
    sessions: ("vault/", "desk/"),  # who opens one, and who is lent one to read in
}
