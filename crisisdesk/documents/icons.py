"""The window's icons on paper: an SVG path of ours, drawn as lines."""

import math
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.platypus import Flowable

from crisisdesk.resources import resource

_BOX = 20.0  # the icons' own size
_STROKE = 1.75
_PATH = re.compile(r'<path[^>]*? d="([^"]+)"')
_TOKEN = re.compile(r"([MLHVCSAZ])|([-+]?(?:\d+\.?\d*|\.\d+))", re.IGNORECASE)
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "A": 7, "Z": 0}

Point = tuple[float, float]


class Icon(Flowable):
    """One of the program's icons, by the name of its file, in black."""

    def __init__(self, name: str, size: float) -> None:
        super().__init__()
        self._name = name
        self.width = self.height = size

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw its lines with round ends, y upwards as on paper."""
        canvas = self.canv
        scale = self.width / _BOX
        canvas.saveState()
        canvas.translate(0, self.height)
        canvas.scale(scale, -scale)
        canvas.setLineWidth(_STROKE)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        path = canvas.beginPath()
        for data in _read(self._name):
            _Pen(path).follow(data)
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.restoreState()


@lru_cache(maxsize=64)
def _read(name: str) -> tuple[str, ...]:
    return tuple(_PATH.findall(resource("icons", f"{name}.svg").read_text(encoding="utf-8")))


class _Pen:
    """Follows the commands of an SVG path."""

    def __init__(self, path: PDFPathObject) -> None:
        self._path = path
        self._at: Point = (0.0, 0.0)
        self._start: Point = (0.0, 0.0)
        self._handle: Point | None = None  # the second handle of the curve before, for S

    def follow(self, data: str) -> None:
        """Draw a path."""
        draw: dict[str, Callable[[list[float], float, float], None]] = {
            "M": self._move,
            "L": self._line,
            "C": self._curve,
            "S": self._curve,
            "A": self._arc,
        }
        for letter, numbers in _commands(data):
            command = letter.upper()
            x, y = self._at if letter.islower() else (0.0, 0.0)
            if command == "Z":
                self._path.close()
                self._at = self._start
            elif command == "H":
                self._line([numbers[0], 0.0 if letter.islower() else self._at[1]], x, y)
            elif command == "V":
                self._line([0.0 if letter.islower() else self._at[0], numbers[0]], x, y)
            else:
                draw[command](numbers, x, y)
            if command not in "CS":
                self._handle = None

    def _move(self, to: list[float], x: float, y: float) -> None:
        self._at = self._start = (x + to[0], y + to[1])
        self._path.moveTo(*self._at)

    def _line(self, to: list[float], x: float, y: float) -> None:
        self._at = (x + to[0], y + to[1])
        self._path.lineTo(*self._at)

    def _curve(self, numbers: list[float], x: float, y: float) -> None:
        points = [(x + a, y + b) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
        if len(points) == 2:  # noqa: PLR2004  S: the first handle mirrors the one before
            before = self._handle or self._at
            points.insert(0, (2 * self._at[0] - before[0], 2 * self._at[1] - before[1]))
        first, self._handle, self._at = points
        self._path.curveTo(*first, *self._handle, *self._at)

    def _arc(self, numbers: list[float], x: float, y: float) -> None:
        """Draw an arc of a circle as curves of at most a quarter turn; none of our icons has an ellipse."""
        radius, wide, sweep = numbers[0], bool(numbers[3]), bool(numbers[4])
        end = (x + numbers[5], y + numbers[6])
        centre, radius = _centre(self._at, end, radius, is_left=wide != sweep)
        begin = math.atan2(self._at[1] - centre[1], self._at[0] - centre[0])
        turn = math.atan2(end[1] - centre[1], end[0] - centre[0]) - begin
        turn %= 2 * math.pi
        turn -= 0 if sweep else 2 * math.pi
        parts = max(1, math.ceil(abs(turn) / (math.pi / 2) - 1e-9))
        step = turn / parts
        reach = 4 / 3 * math.tan(step / 4) * radius
        for part in range(parts):
            a, b = begin + part * step, begin + (part + 1) * step
            start = (centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a))
            stop = (centre[0] + radius * math.cos(b), centre[1] + radius * math.sin(b))
            one = (start[0] - reach * math.sin(a), start[1] + reach * math.cos(a))
            two = (stop[0] + reach * math.sin(b), stop[1] - reach * math.cos(b))
            self._path.curveTo(*one, *two, *stop)
        self._at = end


def _centre(start: Point, end: Point, radius: float, *, is_left: bool) -> tuple[Point, float]:
    """Return the centre of the circle through two points, and its radius (larger if they lie too far apart)."""
    half = math.dist(start, end) / 2
    radius = max(radius, half)
    away = math.sqrt(max(radius**2 - half**2, 0.0)) / (half or 1.0) * (1 if is_left else -1)
    dx, dy = (end[0] - start[0]) / 2, (end[1] - start[1]) / 2
    return (start[0] + dx - away * dy, start[1] + dy + away * dx), radius


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each command with its numbers; a command that is given more numbers is repeated."""
    letter, numbers = "", list[float]()
    for command, number in _TOKEN.findall(data):
        if command:
            letter = command
            if letter in "Zz":
                yield letter, []
        else:
            numbers.append(float(number))
        if numbers and len(numbers) == _TAKES[letter.upper()]:
            yield letter, numbers
            numbers = []
            letter = {"M": "L", "m": "l"}.get(letter, letter)
