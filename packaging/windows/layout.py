"""How a window of the installer is laid out: from words, boxes and buttons to rows of Windows Installer's tables."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from windows.tables import Row, Table

# Sizes are in dialog units: a twelfth of the height of the letters.
_WIDTH, _HEIGHT = 340, 200
_LEFT, _INNER = 60, 264
_BUTTON = (66, 17)
_BUTTONS_AT = _HEIGHT - 25

_SHOWN, _USABLE, _PLAIN, _CLEAR = 0x1, 0x2, 0x20000, 0x10000  # plain: an & is an &; clear: the window shows through
_ICON_32 = 0x500000  # the file's picture of this size, not stretched
_SMOOTH = 0x10000
_SUNKEN = 0x4
MODAL, MODELESS, ERROR, TRACK_ROOM, _MINIMIZE = 0x3, 0x1, 0x10003, 0x20, 0x4

STYLES: tuple[Row, ...] = (
    ("Body", "Segoe UI", "9", "", ""),
    ("Title", "Segoe UI", "14", "", ""),
)

TITLE = "{heading} - [ProductName] [ProductVersion]"  # a screen reader says first what this window is


@dataclass(frozen=True)
class Event:
    """What a button does, and when."""

    name: str
    argument: str
    condition: str = "1"


@dataclass(frozen=True)
class Button:
    """A button in the bottom line, counted from the right."""

    key: str
    text: str
    events: tuple[Event, ...]
    width: int = _BUTTON[0]


@dataclass(frozen=True)
class Words:
    """A paragraph; ``when`` is the condition on which it is shown."""

    text: str
    y: int
    height: int = 24
    when: str = ""


@dataclass(frozen=True)
class Box:
    """A check box and the property that it sets to 1."""

    key: str
    text: str
    variable: str
    y: int
    when: str = ""


@dataclass(frozen=True)
class Dialog:
    """One window. The first button is the one that Enter presses; ``cancel`` is the one of Escape."""

    key: str
    heading: str
    parts: tuple[Words | Box, ...]
    buttons: tuple[Button, ...]
    cancel: str = ""
    kind: int = MODAL
    # Controls that aren't words, boxes or buttons: type, name, x, y, width, height, attributes, property.
    others: tuple[tuple[str, str, int, int, int, int, int, str], ...] = field(default=())


# What only some windows have. Windows Installer knows the list of open programs by this property.
LIST_OF_PROGRAMS = ("ListBox", "List", _LEFT, 60, _INNER, 46, _SHOWN | _USABLE | _SUNKEN, "FileInUseProcess")
PROGRESS_BAR = ("ProgressBar", "Bar", _LEFT, 68, _INNER, 10, _SHOWN | _SMOOTH, "")
WHAT_IT_DOES = ("Text", "Doing", _LEFT, 84, _INNER, 12, _SHOWN | _USABLE | _PLAIN | _CLEAR, "")
ERROR_TEXT = ("Text", "ErrorText", _LEFT, 44, _INNER, 100, _SHOWN | _USABLE | _PLAIN | _CLEAR, "")


def tables(dialogs: tuple[Dialog, ...]) -> list[Table]:
    """Return the tables of all windows."""
    controls = [row for dialog in dialogs for row in _controls(dialog)]
    return [
        _table("Dialog", _DIALOG, [_dialog(each) for each in dialogs]),
        _table("Control", _CONTROL, controls),
        _table("ControlEvent", _EVENT, [row for each in dialogs for row in _events(each)]),
        _table("ControlCondition", _CONDITION, [row for each in dialogs for row in _conditions(each)]),
        _table(
            "EventMapping",
            _MAPPING,
            [("Progress", "Doing", "ActionText", "Text"), ("Progress", "Bar", "SetProgress", "Progress")],
        ),
        _table("TextStyle", _STYLE, [*STYLES]),
        _table(
            "CheckBox", _CHECK, [(each.variable, "1") for d in dialogs for each in d.parts if isinstance(each, Box)]
        ),
        _table("ListBox", _LIST, []),
    ]


# Columns with their kinds; how many of the first ones are the key.
_Columns = tuple[int, dict[str, str]]
_DIALOG: _Columns = (
    1,
    {
        "Dialog": "s72",
        "HCentering": "i2",
        "VCentering": "i2",
        "Width": "i2",
        "Height": "i2",
        "Attributes": "I4",
        "Title": "L128",
        "Control_First": "s50",
        "Control_Default": "S50",
        "Control_Cancel": "S50",
    },
)
_CONTROL: _Columns = (
    2,
    {
        "Dialog_": "s72",
        "Control": "s50",
        "Type": "s20",
        "X": "i2",
        "Y": "i2",
        "Width": "i2",
        "Height": "i2",
        "Attributes": "I4",
        "Property": "S72",
        "Text": "L0",
        "Control_Next": "S50",
        "Help": "L50",
    },
)
_EVENT: _Columns = (
    5,
    {"Dialog_": "s72", "Control_": "s50", "Event": "s50", "Argument": "s255", "Condition": "S255", "Ordering": "I2"},
)
_CONDITION: _Columns = (4, {"Dialog_": "s72", "Control_": "s50", "Action": "s50", "Condition": "s255"})
_MAPPING: _Columns = (3, {"Dialog_": "s72", "Control_": "s50", "Event": "s50", "Attribute": "s50"})
_STYLE: _Columns = (1, {"TextStyle": "s72", "FaceName": "s32", "Size": "i2", "Color": "I4", "StyleBits": "I2"})
_CHECK: _Columns = (1, {"Property": "s72", "Value": "S64"})
_LIST: _Columns = (2, {"Property": "s72", "Order": "i2", "Value": "s64", "Text": "L64"})


def _table(name: str, columns: _Columns, rows: list[Row]) -> Table:
    keys, kinds = columns
    return Table(name, (*kinds,), (*kinds.values(),), (*kinds,)[:keys], rows)


def _dialog(dialog: Dialog) -> Row:
    first = dialog.buttons[0].key
    default = "" if dialog.kind == ERROR else first
    sizes = ("50", "50", str(_WIDTH), str(_HEIGHT), str(dialog.kind | _MINIMIZE))
    start = "ErrorText" if dialog.kind == ERROR else first
    return (dialog.key, *sizes, TITLE.format(heading=dialog.heading), start, default, dialog.cancel)


def _controls(dialog: Dialog) -> Iterator[Row]:
    words = _SHOWN | _USABLE | _PLAIN | _CLEAR
    yield _row(dialog, ("Icon", "Picture", 16, 14, 24, 24, _SHOWN | _ICON_32, ""), "app")
    yield _row(dialog, ("Text", "Heading", _LEFT, 14, _INNER, 22, words, ""), "{\\Title}" + dialog.heading)
    for number, part in enumerate(dialog.parts):
        if isinstance(part, Box):
            yield _row(
                dialog, ("CheckBox", part.key, _LEFT, part.y, _INNER, 14, _SHOWN | _USABLE, part.variable), part.text
            )
        else:
            yield _row(dialog, ("Text", f"Words{number}", _LEFT, part.y, _INNER, part.height, words, ""), part.text)
    for other in dialog.others:
        yield _row(dialog, other, "Progress" if other[0] == "ProgressBar" else "")
    yield _row(dialog, ("Line", "Line", 0, _BUTTONS_AT - 8, _WIDTH, 0, _SHOWN, ""), "")
    right = _WIDTH - 12
    for button in reversed(dialog.buttons):
        # Windows takes those of an error's seven buttons that it needs and places them itself.
        right = _WIDTH // 2 if dialog.kind == ERROR else right - button.width
        yield _row(
            dialog,
            ("PushButton", button.key, right, _BUTTONS_AT, button.width, _BUTTON[1], _SHOWN | _USABLE, ""),
            button.text,
        )
        right -= 6


def _row(dialog: Dialog, control: tuple[str, str, int, int, int, int, int, str], text: str) -> Row:
    kind, name, x, y, width, height, attributes, variable = control
    sizes = tuple(str(number) for number in (x, y, width, height, attributes))
    return (dialog.key, name, kind, *sizes, variable, text, _after(dialog, name), "")


def _after(dialog: Dialog, name: str) -> str:
    """Return the control to which Tab goes next: boxes, lists, buttons, and round again."""
    boxes = [part.key for part in dialog.parts if isinstance(part, Box)]
    lists = [other[1] for other in dialog.others if other[0] == "ListBox"]
    ring = [*boxes, *lists, *(button.key for button in dialog.buttons)]
    if dialog.kind == ERROR:
        ring = ["ErrorText", *ring]
    return ring[(ring.index(name) + 1) % len(ring)] if name in ring else ""


def _events(dialog: Dialog) -> Iterator[Row]:
    for button in dialog.buttons:
        for order, event in enumerate(button.events, start=1):
            yield (dialog.key, button.key, event.name, event.argument, event.condition, str(order))


def _conditions(dialog: Dialog) -> Iterator[Row]:
    for number, part in enumerate(dialog.parts):
        if part.when:
            name = part.key if isinstance(part, Box) else f"Words{number}"
            yield (dialog.key, name, "Hide", f"NOT ({part.when})")
            yield (dialog.key, name, "Show", part.when)
