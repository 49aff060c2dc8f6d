"""When the vault locks by itself, and how nothing is lost by it (security.md 3.5)."""
