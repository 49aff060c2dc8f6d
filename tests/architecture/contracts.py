"""The import-linter contract behind the doors in pyproject.toml: an outside library and who may import it."""

from typing import TYPE_CHECKING

from importlinter.contracts.protected import ProtectedContract

if TYPE_CHECKING:
    from grimp import ImportGraph
    from importlinter import ContractCheck


class DoorContract(ProtectedContract):
    """A protected contract that also holds while nobody imports the library yet, or its folder is still empty."""

    type_name = "door"

    def check(self, graph: "ImportGraph", verbose: bool) -> "ContractCheck":  # noqa: FBT001  import-linter's signature
        for field in ("protected_modules", "allowed_importers"):
            there = [module for module in getattr(self, field) if module.expression in graph.modules]
            setattr(self, field, there)
        return super().check(graph, verbose)
