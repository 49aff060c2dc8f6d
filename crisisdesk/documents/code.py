"""A code on paper, big: six numbered groups of five, each sign in a cell of its own."""

from reportlab.platypus import Flowable

from crisisdesk.documents import fonts
from crisisdesk.documents.press import HAIRLINE

_GROUP, _GROUPS, _PER_ROW = 5, 6, 3
_SIGNS = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")  # Crockford's base 32: no I, L, O, U
_CELL, _SIZE = 24.0, 27.0  # points: each sign has the same room, as on a typewriter
_ROW = 58.0


def read_code(code: str) -> str:
    """Return the 30 signs of a code. Raises ValueError if it can't be one."""
    signs = code.replace(" ", "").replace("-", "").upper()
    if len(signs) != _GROUP * _GROUPS or not _SIGNS.issuperset(signs):
        raise ValueError("not a recovery code")  # and not a word of what it was
    return signs


class Code(Flowable):
    """The signs, three groups in a row, with their numbers over them."""

    def __init__(self, signs: str, width: float) -> None:
        super().__init__()
        self._groups = [signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP)]
        self.width, self.height = width, _ROW * _GROUPS / _PER_ROW - 10

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the groups."""
        canvas = self.canv
        wide = _CELL * _GROUP
        gap = (self.width - _PER_ROW * wide) / (_PER_ROW - 1)
        for index, group in enumerate(self._groups):
            left = (wide + gap) * (index % _PER_ROW)
            top = self.height + 4 - _ROW * (index // _PER_ROW)
            canvas.setFont(fonts.REGULAR, 10.5)
            canvas.drawString(left + 4, top - 12, str(index + 1))
            canvas.setFont(fonts.BOLD, _SIZE)
            for place, sign in enumerate(group):
                canvas.drawCentredString(left + _CELL * (place + 0.5), top - 40, sign)
            canvas.setLineWidth(HAIRLINE)
            canvas.line(left, top - 47, left + wide, top - 47)
