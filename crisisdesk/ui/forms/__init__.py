"""Forms: labelled fields with problems beside them, kept as a draft while she types."""

from crisisdesk.ui.forms.editors import (
    CheckEditor,
    ChipsEditor,
    ChoiceEditor,
    DateEditor,
    Editor,
    LineEditor,
    NumberEditor,
    PhoneEditor,
    SegmentsEditor,
    TextEditor,
    TimeEditor,
)
from crisisdesk.ui.forms.form import FieldBox, Form, Section

__all__ = [
    "CheckEditor",
    "ChipsEditor",
    "ChoiceEditor",
    "DateEditor",
    "Editor",
    "FieldBox",
    "Form",
    "LineEditor",
    "NumberEditor",
    "PhoneEditor",
    "Section",
    "SegmentsEditor",
    "TextEditor",
    "TimeEditor",
]
