"""Steps become a function that gives what they give one by one, and lets go of what is done."""

import weakref

import numpy as np

from autograd.tape.executors.straight_line import Output, Step, function_of

ONES = np.ones(3)


def own(slot):
    return Output(slot, is_own=True, is_number=False)


def test_steps_read_what_is_given_held_and_computed():
    filled = np.empty(3)
    steps = [
        Step(np.exp, (0,), 3),
        Step(np.add, (3, 2), 4, "nothing"),
        Step(np.subtract, (4, 1), 5),
    ]
    run = function_of(steps, 2, {2: ONES, 4: filled}, [own(5)])
    (found,) = run(np.zeros(3), np.full(3, 0.5))
    np.testing.assert_array_equal(found, [1.5] * 3)
    np.testing.assert_array_equal(filled, [2.0] * 3)


def test_a_result_that_is_no_array_becomes_one_and_leaves_as_a_number():
    seen = []

    def look(x):
        seen.append(x)
        return x * 2

    steps = [Step(np.sum, (0,), 1, "number"), Step(look, (1,), 2, "number")]
    (found,) = function_of(steps, 1, {}, [Output(2, is_own=False, is_number=True)])(ONES)
    assert isinstance(seen[0], np.ndarray)
    assert isinstance(found, np.float64)
    assert found == 6.0


def test_what_is_not_of_this_run_alone_is_copied():
    run = function_of([], 1, {1: ONES}, [Output(0, False, False), Output(1, False, False)])
    given = np.zeros(3)
    for found, source in zip(run(given), (given, ONES), strict=True):
        assert not np.may_share_memory(found, source)
        np.testing.assert_array_equal(found, source)


def test_an_operand_may_be_read_twice_and_be_an_output():
    steps = [Step(np.exp, (0,), 1), Step(np.add, (1, 1), 2)]
    first, last = function_of(steps, 1, {}, [own(1), own(2)])(np.zeros(3))
    assert list(first) == [1.0] * 3
    assert list(last) == [2.0] * 3


def test_an_array_is_let_go_after_its_last_reading():
    made, alive = [], []

    def step(x):
        alive.append(sum(each() is not None for each in made))
        result = x + 1.0
        made.append(weakref.ref(result))
        return result

    steps = [Step(step, (k,), k + 1) for k in range(20)]
    function_of(steps, 1, {}, [own(20)])(ONES)
    assert max(alive) == 1
