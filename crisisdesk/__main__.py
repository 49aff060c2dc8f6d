"""``python -m crisisdesk``: open the window."""

import sys

from crisisdesk.app import main

if __name__ == "__main__":
    sys.exit(main())
