"""Editors of the chart's forms: lists whose last answers are ways of not knowing, and chips of which few are shown."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from crisisdesk.i18n import _
from crisisdesk.records.choice import Choice
from crisisdesk.ui.forms.editors import ChipsEditor, ChoiceEditor
from crisisdesk.ui.widgets.chips import Chip, Option

_MORE = "more"


class KnownEditor(ChoiceEditor):
    """One of a list that ends with the three ways of not knowing; "Not asked" is where it starts, and not an answer."""

    def __init__(self, given: type[Choice], parent: QWidget | None = None) -> None:
        super().__init__(given, parent=parent)
        self._unasked = list(given)[-1]
        self.removeItem(0)  # "Choose…" would say the same as "Not asked"
        self.set_value(None)

    def set_value(self, value: object) -> None:
        """Show a choice; none is "Not asked"."""
        self.setCurrentIndex(self.findData(str(value or self._unasked)))

    def is_filled(self) -> bool:
        """Whether there is an answer; the client not knowing is one."""
        return str(self.currentData()) != str(self._unasked)


class FewChips(ChipsEditor):
    """Chips of which the usual ones are shown; the last one, "More…", brings the others."""

    def __init__(
        self,
        given: type[Choice],
        few: Sequence[Choice],
        *,
        many: bool = False,
        numbered: bool = False,
        more: str = "",
    ) -> None:
        self._all = tuple(given)
        self._few = tuple(few)
        self._more = more
        self._is_whole = False
        super().__init__(given, many=many, numbered=numbered)
        self._offer(())

    def set_value(self, value: object) -> None:
        """Show what is chosen; a choice that isn't among the few is shown with them."""
        values = value if isinstance(value, (tuple, list)) else () if value in {None, ""} else (value,)
        self._offer([str(each) for each in values])
        super().set_value(value)

    def show_all(self) -> None:
        """Show every choice."""
        self._is_whole = True
        self._offer(self.chosen())

    def _offer(self, chosen: Sequence[str]) -> None:
        first = [choice for choice in self._few if choice in self._all]
        rest = [choice for choice in self._all if choice not in first]
        shown = [*first, *(choice for choice in rest if self._is_whole or choice.value in chosen)]
        options = [Option(choice.value, choice.label) for choice in shown]
        if len(shown) < len(self._all):
            options.append(Option(_MORE, self._more or _("More…")))
        self.set_options(options)

    def _clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, Chip) and chip.option.value == _MORE:
            self.show_all()
            return
        super()._clicked()
