"""CrisisDesk: one clinician's clients, referrals and follow-ups in one encrypted file."""

__version__ = "0.1.0"

NAME = "CrisisDesk"
APP_ID = "org.crisisdesk.CrisisDesk"  # AppStream, macOS and Windows' task bar know the program by it
PUBLISHER = "The CrisisDesk project"
SUMMARY = "A crisis clinician's desk: clients, referrals and follow-ups in one encrypted file"
