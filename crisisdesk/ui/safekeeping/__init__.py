"""What she does for the vault's safety: new keys, backups and their return; cards and dialogs."""
