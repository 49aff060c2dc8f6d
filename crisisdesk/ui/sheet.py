"""The style sheet, made from the tokens: by ``look``, ``role`` and ``state``, never by object names (look.md 5)."""

from crisisdesk.ui.theme import hexed, points, px
from crisisdesk.ui.tokens import TOKENS, Role, State

_SHEET = """
QToolTip {{ background: {text}; color: {surface}; border: 0; padding: {p4}px {p8}px; }}
QLabel {{ background: transparent; color: {text}; }}
QLabel[ink="text2"] {{ color: {text2}; }}  QLabel[ink="text3"] {{ color: {text3}; }}
QLabel[ink="accent"] {{ color: {accent}; }}
QLabel[role="title"] {{ font-size: {title}pt; font-weight: 600; }}
QLabel[role="stamp"] {{ font-size: {stamp}pt; font-weight: 600; }}
QLabel[role="section"] {{ font-size: {section}pt; font-weight: 600; }}
QLabel[role="name"] {{ font-weight: 600; }}
QLabel[role="small"] {{ font-size: {small}pt; }}
QLabel[role="small_name"] {{ font-size: {small}pt; font-weight: 600; }}
QFrame[look="card"] {{ background: {surface}; border: 1px solid {line}; border-radius: {p8}px; }}
QDialog {{ background: {surface}; }}
QFrame[look="popup"] {{ background: {surface}; border: 1px solid {control}; border-radius: {p8}px; }}
QFrame[look="dialog"] {{ background: {surface}; border: 1px solid {line}; border-radius: {p10}px; }}
QFrame[look="strip"] {{ background: {sunk}; border: 0; border-radius: {p6}px; }}
QFrame[look="line"] {{ background: {line}; border: 0; }}
QFrame[look="frame"] {{ background: {frame}; border: 0; }}
QPushButton {{ background: {surface}; color: {text}; border: 1px solid {control}; border-radius: {p6}px;
  padding: 0 {p13}px; min-height: {h30}px; }}
QPushButton:hover {{ background: {sunk}; }}  QPushButton:pressed, QPushButton:open {{ background: {line}; }}
QPushButton:disabled {{ background: {sunk}; color: {text3}; border-color: {line}; }}
QPushButton[look="primary"] {{ background: {accent}; color: {on_accent}; border-color: {accent}; font-weight: 600; }}
QPushButton[look="primary"]:hover, QPushButton[look="primary"]:pressed {{
  background: {accent_hi}; border-color: {accent_hi}; }}
QPushButton[look="primary"]:disabled {{ background: {sunk}; color: {text3}; border-color: {line}; font-weight: 400; }}
QPushButton[look="quiet"] {{ background: transparent; border-color: transparent; min-height: {h26}px; }}
QPushButton[look="row"] {{ background: {sunk}; border-color: {line}; padding: 0 {p10}px; min-height: {h26}px; }}
QPushButton[look="row"]:hover, QPushButton[look="row"]:pressed {{ border-color: {control}; }}
QPushButton[look="danger"] {{ color: {danger}; border-color: {danger}; font-weight: 600; }}
QPushButton[look="danger"]:hover, QPushButton[look="danger"]:pressed {{ background: {danger_tint}; }}
QPushButton[look="chip"] {{ color: {text2}; border-radius: {h14}px; padding: 0 {p11}px;
  min-height: {h26}px; background: transparent; }}
QPushButton[look="chip"]:hover {{ background: {sunk}; }}
QPushButton[look="chip"]:checked {{ background: {accent_tint}; color: {text};
  border-color: {accent}; font-weight: 600; }}
QPushButton[scale="small"] {{ min-height: {h26}px; padding: 0 {p10}px; }}
QPushButton[scale="large"] {{ min-height: {h38}px; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: {p6}px; padding: {p5}px; }}
QToolButton:hover {{ background: {accent_tint}; }}  QToolButton:pressed {{ background: {line}; }}
QToolButton:disabled {{ color: {text3}; }}  QToolButton::menu-indicator {{ image: none; }}
QToolButton[look="boxed"] {{ background: {surface}; border-color: {control}; padding: {p3}px; }}
QToolButton[look="boxed"]:hover {{ background: {sunk}; }}
QToolButton[look="segment"] {{ color: {text2}; border: 0; border-radius: 0; padding: 0 {p13}px; min-height: {h30}px; }}
QToolButton[look="segment"]:checked {{ color: {text}; font-weight: 600; background: transparent; }}
QToolButton[look="segment"]:hover {{ background: transparent; }}
QAbstractScrollArea {{ background: transparent; border: 0; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {{ background: {surface}; color: {text};
  border: 1px solid {control}; border-radius: {p6}px; selection-background-color: {accent};
  selection-color: {on_accent}; }}
QLineEdit, QComboBox, QAbstractSpinBox {{ min-height: {h30}px; padding: 0 {p7}px; }}
QLineEdit[scale="large"] {{ min-height: {h38}px; }}
QPlainTextEdit, QTextEdit {{ padding: {p4}px {p5}px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{
  background: {sunk}; color: {text3}; border-color: {line}; }}
QLineEdit[problem="true"], QPlainTextEdit[problem="true"], QComboBox[problem="true"] {{ border-color: {danger}; }}
QLineEdit[look="bare"] {{ border: 0; background: transparent; }}
QComboBox::drop-down {{ border: 0; width: {p28}px; }}  QComboBox::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{ background: {surface}; border: 1px solid {line}; outline: 0; padding: {p4}px; }}
QCheckBox, QRadioButton {{ background: transparent; color: {text}; spacing: {p8}px; min-height: {p20}px; }}
QMenu {{ background: {surface}; color: {text}; border: 1px solid {control}; padding: {p4}px; }}
QMenu::item {{ min-height: {p20}px; padding: {p6}px {p28}px {p6}px {p10}px; border-radius: {p4}px; }}
QMenu::icon {{ padding-left: {p8}px; }}
QMenu::item:selected {{ background: {accent_tint}; color: {text}; }}  QMenu::item:disabled {{ color: {text3}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: {p4}px {p8}px; }}
QAbstractItemView {{ background: {surface}; color: {text}; border: 0; outline: 0;
  selection-background-color: {accent_tint}; selection-color: {text}; }}
QListView[look="rail"] {{ background: transparent; }}
QHeaderView {{ background: {surface}; border: 0; }}
QHeaderView::section {{ background: transparent; border: 0; }}
QScrollBar:vertical {{ width: 10px; background: transparent; margin: 0; }}
QScrollBar:horizontal {{ height: 10px; background: transparent; margin: 0; }}
QScrollBar::handle {{ background: {scroll}; border-radius: 3px; margin: 2px; min-height: 32px; min-width: 32px; }}
QScrollBar::handle:hover {{ background: {control}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {line}; border: 0; border-radius: 2px; min-height: 4px; max-height: 4px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
"""

_STATE = """
QLabel[state="{state}"], QCheckBox[state="{state}"] {{ color: {ink}; }}
QFrame[state="{state}"] {{ background: {tint}; border: 1px solid {ink}; border-radius: {p6}px; }}
"""


def style_sheet() -> str:
    """Return the sheet for the scheme and the text size in use."""
    gaps = {name: hexed(name) for name in TOKENS}
    gaps |= {f"p{n}": str(px(n)) for n in (3, 4, 5, 6, 7, 8, 10, 11, 13, 20, 28)}
    gaps |= {f"h{n}": str(px(n)) for n in (26, 30, 38)}
    gaps["h14"] = str((px(26) + 2) // 2)  # half a chip's height with its border; one pixel more and Qt squares it
    gaps |= {role.name.lower(): f"{points(role):g}" for role in (Role.TITLE, Role.STAMP, Role.SECTION, Role.SMALL)}
    states = (
        _STATE.format(state=state.value, ink=hexed(state.value), tint=hexed(state.tint), p6=px(6)) for state in State
    )
    return _SHEET.format(**gaps) + "".join(states)
