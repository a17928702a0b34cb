"""`python setup/shrink_pictures.py FOLDER`: pictures of the window in few colours, small enough for the repository."""

import sys
from pathlib import Path

from PIL import Image

COLOURS = 128


def main() -> None:
    """Writes every PNG of the folder anew that has not been shrunk yet."""
    for path in sorted(Path(sys.argv[1]).glob("*.png")):
        with Image.open(path) as picture:
            if picture.mode == "P":
                continue
            few = picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(path, optimize=True)


if __name__ == "__main__":
    main()
