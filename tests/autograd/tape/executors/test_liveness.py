"""A place is used again only once nothing reads it any more."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from autograd.tape.executors.liveness import Pool, last_reads


@given(st.lists(st.lists(st.integers(0, 5))))
def test_the_last_reading_is_the_last_line_in_which_a_slot_stands(lines):
    last = last_reads(lines)
    assert last.keys() == {slot for line in lines for slot in line}
    for slot, line in last.items():
        assert slot in lines[line]
        assert all(slot not in later for later in lines[line + 1 :])


@given(st.lists(st.integers(0, 3), max_size=30))
def test_no_place_is_given_to_two_at_once_and_none_is_made_in_vain(choices):
    pool, number = Pool[int](), count()
    taken = []
    most = 0
    for choice in choices:
        if choice and taken:
            pool.give_back([taken.pop(choice % len(taken))])
        else:
            taken.append(pool.take(number.__next__))
        assert len(set(taken)) == len(taken)
        most = max(most, len(taken))
    assert next(number) == most


def test_a_place_serves_results_of_its_own_form_only():
    pool = Pool[str]()
    pool.give_back(["row"], form=(3,))
    assert pool.take(lambda: "new", form=(2, 2)) == "new"
    assert pool.take(lambda: "new", form=(3,)) == "row"
    assert pool.take(lambda: "new", form=(3,)) == "new"
