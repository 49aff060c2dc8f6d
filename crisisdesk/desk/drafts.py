"""What every form's draft has in common: it can be checked, and says what is wrong beside each field."""

from dataclasses import dataclass, field

from crisisdesk.errors import Invalid


@dataclass
class Problems:
    """Sentences for fields that can't be kept yet, collected before anything is written."""

    sentences: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, sentence: str) -> None:
        """Keep the first sentence for a field."""
        self.sentences.setdefault(name, sentence)

    def require(self, name: str, value: object, sentence: str) -> None:
        """Add the sentence if nothing was given."""
        if value is None or (isinstance(value, str) and not value.strip()):
            self.add(name, sentence)

    def raise_any(self) -> None:
        """Raise Invalid if there is any problem."""
        if self.sentences:
            raise Invalid(self.sentences)
