"""Help: the guide, what is new, and about the program. Nothing here is secret, so the locked window has it too."""
