"""The revisions of the vault's tables. They import no records: those are of today, a revision is of its day."""
