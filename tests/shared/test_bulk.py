"""Work on many things at once: identifiers by the thousand, and a collector that rests and wakes again."""

import gc
import sys
from itertools import islice

import pytest

from desktop_app.shared.bulk import beside, collecting_later, fresh_ids
from desktop_app.shared.ids import new_id


def test_fresh_identifiers_are_like_any_other_and_stay_in_order():
    before = new_id()
    made = list(islice(fresh_ids(), 5000))
    assert len(set(made)) == 5000
    assert [before, *made] == sorted([before, *made])
    assert {(len(one), one[12], one[16] in "89ab") for one in made} == {(32, "7", True)}
    assert new_id() > made[-1]


def test_the_collector_works_again_after_bulk_work_even_after_an_error():
    with pytest.raises(ZeroDivisionError), collecting_later():
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()


def test_bulk_work_inside_bulk_work_does_not_wake_the_collector():
    with collecting_later():
        with collecting_later():
            pass
        assert not gc.isenabled()


def test_threads_take_their_usual_turns_again_after_work_beside_work_that_overlapped():
    usual, first, second = sys.getswitchinterval(), beside(int), beside(int)
    first.__enter__()
    second.__enter__()
    assert sys.getswitchinterval() < usual
    first.__exit__(None, None, None)
    assert sys.getswitchinterval() < usual, "the second one is still at work"
    second.__exit__(None, None, None)
    assert sys.getswitchinterval() == usual
