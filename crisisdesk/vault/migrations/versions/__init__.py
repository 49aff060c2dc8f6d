"""One module per revision, numbered; each knows the way up and the way down."""
