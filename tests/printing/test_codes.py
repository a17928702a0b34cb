"""QR codes can be read from the printed page and hold nothing personal."""

from collections.abc import Callable

import pytest

from desktop_app.printing.codes import holds_personal_data, qr_code
from desktop_app.printing.sheet import A4, Sheet
from desktop_app.shared.errors import AppError


@pytest.mark.parametrize("text", ["tel:07146200000", "江山社区服务热线0714-6200000", "https://example.org/江山"])
def test_a_code_is_read_back_from_the_page(text: str, measured: Callable) -> None:
    sheet = Sheet("码")
    sheet.page(A4)
    sheet.qr(30, 40, 25, text)
    ((read, corner),) = measured(sheet.finish()).codes()
    assert read == text
    modules = qr_code(text).modules
    assert corner == pytest.approx((30 + 4 * 25 / (modules + 8), 40 + 4 * 25 / (modules + 8)), abs=0.5)


@pytest.mark.parametrize("text", ["tel:13900000001", "王某 42029919500305001X", "13900000001"])
def test_personal_data_is_refused(text: str) -> None:
    assert holds_personal_data(text)
    with pytest.raises(AppError, match="没有生成"):
        qr_code(text)


@pytest.mark.parametrize("text", ["0714-6200000", "420299001001", "https://example.org/13900000001234"])
def test_public_numbers_are_not_personal_data(text: str) -> None:
    assert not holds_personal_data(text)


def test_more_than_a_code_holds_is_refused_in_words() -> None:
    with pytest.raises(AppError, match="太长"):
        qr_code("江" * 3000)
