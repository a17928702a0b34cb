"""`python -m central_server` is `linli-central`."""

import sys

from central_server.cli import main

sys.exit(main())
