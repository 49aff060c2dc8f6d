"""Checks that the program makes of itself: what ``crisisdesk selftest`` and the fault campaigns run."""
