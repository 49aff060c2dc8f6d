"""CrisisDesk: one clinician's clients, referrals and follow-ups in one encrypted file."""

__version__ = "0.1.0"
