"""A report is true where there is nothing to say, and tells all else together."""

from preflights import CLASSES, net, with_column

from nn import Softmax, check


def test_faults_of_different_kinds_are_told_together():
    report = check(net(3, Softmax()), with_column(3.0), CLASSES)
    assert len(report.findings) == 2
    assert repr(report).startswith("2 findings\n- column 2")
