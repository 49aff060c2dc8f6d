"""What pages are made of: cards, chips, marks, banners, fields and dialogs."""
