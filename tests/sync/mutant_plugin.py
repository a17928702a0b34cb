"""For pytest: takes one rule of the exchange out before any test is collected (see `mutants`)."""

import os

from tests.sync import mutants

mutants.take_out(os.environ[mutants.NAME])
