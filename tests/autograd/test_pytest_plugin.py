"""The fixture check_gradients, in test suites of its own."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[2]

WRONG = """
    from autograd import Value, exp

    def test_detached(check_gradients):
        check_gradients(lambda x: exp(x) * x.data, 0.5)
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
    assert text.parent.name == "test_suite.py_test_detached"
    assert "wrong: first derivative by x = 0.5" in text.read_text(encoding="utf-8")
    assert "exp(x)" in text.read_text(encoding="utf-8")
    assert picture.read_text(encoding="utf-8").rstrip().endswith("</svg>")


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


def test_the_command_line_says_up_to_which_order(suite):
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


def test_no_other_order_is_accepted(suite):
    result = suite("", "--grad-order=4")
    assert "--grad-order" in result.stderr.str()


def test_hypothesis_may_use_the_fixture(suite):
    result = suite(
        """
        from hypothesis import given, settings
        from autograd import tanh
        from autograd.strategies import values

        @given(values())
        @settings(max_examples=5)
        def test_tanh(check_gradients, x):
            check_gradients(tanh, x)
        """,
        plugins=("autograd.pytest_plugin", "_hypothesis_pytestplugin"),
    )
    result.assert_outcomes(passed=1)


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
