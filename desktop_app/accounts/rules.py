"""What is true of staff; pure functions."""


def initials(name: str) -> str:
    """The short form of a name for a corner of the window: the last two characters."""
    return name[-2:]
