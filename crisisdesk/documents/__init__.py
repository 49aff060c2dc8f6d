"""Paper: frozen facts in, PDF bytes out. ReportLab and pikepdf live in this folder and nowhere else."""

from reportlab import rl_config

# Nothing on paper is ever fetched: no address and no file may come in through a text (security.md 3.9).
rl_config.trustedSchemes = []
rl_config.trustedHosts = []
