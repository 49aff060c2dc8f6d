"""Two clocks that a test moves, together or apart."""


class SetClocks:
    """Stands at ``seconds`` on both clocks until it is moved."""

    def __init__(self, seconds: float = 1_000_000.0) -> None:
        self.steadily = self.on_wall = seconds

    def steady(self) -> float:
        return self.steadily

    def wall(self) -> float:
        return self.on_wall

    def go(self, seconds: float) -> None:
        """Let time pass."""
        self.steadily += seconds
        self.on_wall += seconds

    def set_wall(self, seconds: float) -> None:
        """Let somebody set the clock on the wall."""
        self.on_wall += seconds
