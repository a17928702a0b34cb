"""`python setup/shrink_pictures.py FOLDER`: pictures of the window in few colours, small enough for the repository."""

import sys
from math import dist
from pathlib import Path

from PIL import Image

COLOURS = 160


def main() -> None:
    """Writes every PNG of the folder anew that has not been shrunk yet."""
    for path in sorted(Path(sys.argv[1]).glob("*.png")):
        with Image.open(path) as picture:
            if picture.mode == "P":
                continue
            few = _few_colours(picture.convert("RGB"))
        few.save(path, optimize=True)


def _few_colours(picture: Image.Image) -> Image.Image:
    """The colours there is most of stay exactly as they are: one ground in all pictures of the window."""
    counted = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)
    palette = [colour for _, colour in counted[:COLOURS]]
    nearest = {
        colour: at if at < COLOURS else min(range(len(palette)), key=lambda one: dist(palette[one], colour))
        for at, (_, colour) in enumerate(counted)
    }
    few = Image.new("P", picture.size)
    few.putpalette([part for colour in palette for part in colour])
    few.putdata([nearest[colour] for colour in picture.get_flattened_data()])
    return few


if __name__ == "__main__":
    main()
