"""Whatever a message says, and however it is packed: an answer in words, nothing half done, nothing lost.

More of them: `make fuzz`.
"""

import pytest

from tests.fuzz import at_client, at_desk, at_server


def test_whatever_a_desk_says_the_server_answers_in_words_and_a_refusal_changes_nothing(tmp_path):
    seen = at_server.play(tmp_path, 0, 700)
    assert seen["/v1/sync taken"] > 50, "some of it is near enough to the truth to be taken"
    assert seen["/v1/sync BAD_REQUEST"] > 50


def test_whatever_a_server_answers_a_question_ends_in_words():
    seen = at_client.play(0, 2000)
    assert not [what for what in seen if what.endswith("without words")]
    assert seen["sync in words"] > seen["sync taken"] > 50


@pytest.mark.parametrize("seed", [3, 41])
def test_a_desk_that_is_lied_to_is_set_right_by_a_server_that_tells_the_truth(seed):
    seen = at_desk.play(seed)
    assert seen["lies"]
    assert seen["in order"]
