"""The fixture check_gradients, in test suites of its own."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[2]

WRONG = """
    from autograd import Op, exp

    crooked = Op(
        name="crooked", forward=lambda x: x**3, vjps=(lambda g, y, x: g * 2 * x,),
        latex="{0}^3", doc="A wrong slope.",
    )

    def test_crooked(check_gradients):
        check_gradients(lambda x: exp(crooked(x)), 0.5)
"""


@pytest.fixture
def suite(pytester, monkeypatch):
    """Run a file of tests in a process of its own, with no other plugin."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def run(source, *options, plugins=("autograd.pytest_plugin",)):
        pytester.makepyfile(test_suite=source)
        chosen = [word for plugin in plugins for word in ("-p", plugin)]
        return pytester.runpytest_subprocess(*chosen, "-W", "error", *options)

    return run


def saved(result):
    """The files that a failure report names, once each: the summary may repeat it."""
    lines = re.findall(r"saved: (\S+)", result.stdout.str())
    return [Path(path) for path in dict.fromkeys(lines)]


def test_a_check_that_passes_gives_its_report(suite):
    result = suite("""
        from autograd import tanh

        def test_tanh(check_gradients):
            assert [verdict.order for verdict in check_gradients(tanh, 0.5)] == [1]
    """)
    result.assert_outcomes(passed=1)


def test_a_check_that_fails_leaves_its_graph_as_text_and_as_a_picture(suite):
    result = suite(WRONG)
    result.assert_outcomes(failed=1)
    text, picture = saved(result)
    assert text.parent == picture.parent
    assert text.parent.name == "test_suite.py_test_crooked"
    assert "wrong: first derivative by x = 0.5" in text.read_text(encoding="utf-8")
    assert "exp(v₁)" in text.read_text(encoding="utf-8")
    svg = picture.read_text(encoding="utf-8").rstrip()
    assert svg.endswith("</svg>")
    assert svg.count("its rule is wrong") == 1
    assert "crooked(x)" in svg.partition("its rule is wrong")[0].rpartition('class="node"')[2]
    assert "engine 1.13315, reference 0.849861" in svg


def test_without_viz_there_is_a_plain_listing(suite, pytester):
    pytester.makepyfile(viz="raise ImportError('there is none')")
    result = suite(WRONG)
    result.assert_outcomes(failed=1)
    (text,) = saved(result)
    assert "Value(0.5, name='x')" in text.read_text(encoding="utf-8")


def test_a_picture_of_an_earlier_run_does_not_stay(suite, pytester):
    _, picture = saved(suite(WRONG))
    pytester.makepyfile(viz="raise ImportError('there is none')")
    suite(WRONG)
    assert not picture.exists()


def test_the_command_line_says_up_to_which_order(suite, pytester):
    pytester.makeini("[pytest]\ngrad_order = 3")
    result = suite(
        """
        from autograd import tanh

        def test_both(check_gradients):
            assert [verdict.order for verdict in check_gradients(tanh, 0.5)] == [1, 2]
            assert len(check_gradients(tanh, 0.5, order=1)) == 1

        def test_a_pair_has_a_first_derivative_only(check_gradients):
            assert len(check_gradients((lambda x: x * x, lambda x: 2 * x), 3.0)) == 1
        """,
        "--grad-order=2",
    )
    result.assert_outcomes(passed=2)


def test_the_settings_say_so_for_all_runs(suite, pytester):
    pytester.makeini("[pytest]\ngrad_order = 2")
    result = suite("""
        from autograd import tanh

        def test_it(check_gradients):
            assert [verdict.order for verdict in check_gradients(tanh, 0.5)] == [1, 2]
    """)
    result.assert_outcomes(passed=1)
    pytester.makeini("[pytest]\ngrad_order = second")
    assert "grad_order: got 'second'. Give 1, 2 or 3." in suite("").stderr.str()


def test_of_examples_of_hypothesis_a_picture_is_drawn_of_the_smallest_alone(suite, pytester):
    pytester.makeconftest("""
        from autograd import pytest_plugin

        drawn, draw = [], pytest_plugin._drawn
        pytest_plugin._drawn = lambda *given: drawn.append(given) or draw(*given)

        def pytest_unconfigure():
            print(f"drawn {len(drawn)} times")
    """)
    result = suite(
        """
        import pytest
        from hypothesis import given, settings
        from hypothesis.strategies import sampled_from
        from autograd import GradientError, exp

        @given(sampled_from([1.0, 2.0, 3.0]))
        @settings(database=None)
        def test_detached(check_gradients, x):
            check_gradients(lambda x: exp(x) * x.data, x)

        def test_that_it_fails(check_gradients):
            with pytest.raises(GradientError):
                check_gradients(lambda x: exp(x) * x.data, 0.5)
        """,
        "-s",
        plugins=("autograd.pytest_plugin", "_hypothesis_pytestplugin"),
    )
    result.assert_outcomes(failed=1, passed=1)
    assert "drawn 1 times" in result.stdout.str()
    text, _ = saved(result)
    assert "by x = 1:" in text.read_text(encoding="utf-8")


def test_ops_of_one_file_of_tests_are_nothing_to_another(suite, pytester):
    made = """
        import pickle
        import pytest
        from autograd import OPS, Op
        from autograd.strategies import ROWS

        rule = lambda g, y, x: {0} * g
        row = dict(forward=lambda x: {0} * x, vjps=(rule,), latex="{{0}}", doc="It.")
        mine = Op(name="mine", **row)

        def test_it_is_there_and_can_be_pickled():
            assert OPS["mine"] is mine is pickle.loads(pickle.dumps(mine))
            assert mine(1.0) == {0}
            Op(name="made within", **row)

        def test_what_a_test_makes_is_gone():
            assert "made within" not in OPS
            assert "tanh" in OPS
            assert OPS["ours"](1.0) == 7
            assert OPS["mine"] is mine
    """
    pytester.makepyfile(
        ours="""
        from autograd import Op

        rule = lambda g, y, x: 7 * g
        Op(name="ours", forward=lambda x: 7 * x, vjps=(rule,), latex="{0}", doc="It.")
        """,
        test_other=made.format(2) + "\n        import ours\n",
        test_none="""
        def test_nothing():
            import autograd
            assert "mine" not in autograd.OPS and "ours" in autograd.OPS
        """,
    )
    # Examples are looked for first, and import the files.
    suite(made.format(3), "--doctest-modules").assert_outcomes(passed=5)


def test_no_other_order_is_accepted(suite):
    result = suite("", "--grad-order=4")
    assert "--grad-order" in result.stderr.str()


def test_without_the_cache_a_check_fails_all_the_same(suite):
    result = suite(WRONG, "-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    assert "GradientError: wrong" in result.stdout.str()
    assert not saved(result)


def test_a_suite_that_does_not_use_it_is_left_alone(suite):
    result = suite("""
        import sys

        def test_nothing():
            assert "viz" not in sys.modules
            assert "hypothesis" not in sys.modules
    """)
    result.assert_outcomes(passed=1)


def test_the_plugin_is_found_by_its_entry_point():
    assert 'stepgrad = "autograd.pytest_plugin"' in (ROOT / "pyproject.toml").read_text()
