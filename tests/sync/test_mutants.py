"""The rules that can be taken out stand where they are looked for; what notices them is run by hand (`mutants`)."""

import ast

import pytest

from tests.sync import mutants


@pytest.mark.parametrize("name", mutants.MUTANTS)
def test_a_rule_that_can_be_taken_out_is_there_and_what_is_left_is_still_a_program(name):
    module, text = mutants.text_without(name)
    ast.parse(text, str(module.__file__))
    assert [one for one in mutants.MUTANTS[name][3:] if not (mutants.TESTS / one).exists()] == []
