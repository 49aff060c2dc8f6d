"""Credential stores of every temper, behind the product's own wrapper."""

import threading
from typing import ClassVar

from crisisdesk.vault.device import Backend, CredentialStore

QUICKLY = 0.05  # seconds: the limit where a test waits for it


class MemoryKeyring:
    """Keeps secrets in this process; made anew for each call, as the real ones are."""

    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class NullKeyring(MemoryKeyring):
    """Takes everything and keeps nothing, as keyring.backends.null does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Forget it."""

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002  the backends' signature
        return None


class BrokenKeyring(MemoryKeyring):
    """Raises, with what it was given in its words."""

    problem: Exception = RuntimeError("the bus is gone")

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002  as above
        raise self.problem

    def set_password(self, service: str, username: str, password: str) -> None:  # noqa: ARG002  as above
        raise RuntimeError(password)


class SlowKeyring(MemoryKeyring):
    """Answers only when it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.let_go.wait()
        return super().get_password(service, username)


def store_of(backend: Backend, *, limit: float = 5.0) -> CredentialStore:
    """Return the product's store over a backend, which is empty."""
    MemoryKeyring.kept.clear()
    return CredentialStore(lambda: backend, "the computer's keyring", limit=limit)
