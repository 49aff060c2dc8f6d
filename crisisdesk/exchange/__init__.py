"""Files of others, in and out. Pure: bytes to frozen rows, no window, no database, safe to run on any thread."""
