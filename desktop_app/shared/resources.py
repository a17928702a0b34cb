"""Where the files that come with the program lie."""

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2] / "resources"


def resource(*parts: str) -> Path:
    """A file or folder under `resources/`."""
    return _ROOT.joinpath(*parts)
