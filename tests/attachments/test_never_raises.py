"""A damaged file is refused in words, whatever is wrong with it; nothing else comes out of looking at it."""

from random import Random

import pytest

from desktop_app.attachments import actions
from desktop_app.shared.errors import AppError
from tests.attachments.pictures import jpeg, pdf, png, tiff_with_a_place

SAMPLES = (jpeg(160, 120), png(), png(mode="P"), pdf(), tiff_with_a_place())


def harmed(random: Random, data: bytes) -> bytes:
    """Some bytes changed, taken out or put in."""
    body = bytearray(data)
    for _ in range(random.choice((1, 2, 5, 20))):
        at = random.randrange(len(body))
        match random.randrange(3):
            case 0:
                body[at] = random.randrange(256)
            case 1:
                del body[at : at + random.randrange(1, 50)]
            case _:
                body[at:at] = random.randbytes(random.randrange(1, 20))
    return bytes(body)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("seed", range(len(SAMPLES)))
def test_a_harmed_file_is_taken_or_refused_in_words(seed):
    random = Random(seed)  # noqa: S311 reproducible damage, not secrets
    for _ in range(60):
        try:
            made, data = actions._prepared(harmed(random, SAMPLES[seed]), "", "", None)
        except AppError:
            continue
        assert made.size == len(data)
        assert len(made.thumb or "") <= 8192
