"""Forms: labelled fields with problems beside them, kept as a draft while she types."""
