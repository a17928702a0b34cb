"""`python -m desktop_app.cli`, which the window uses for long work."""

import sys

from desktop_app.cli import main

sys.exit(main())
