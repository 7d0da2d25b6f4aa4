import numpy as np

from surgisim.report.cusum_plot import _line, cusum_svg
from surgisim.scoring.proficiency import CusumRule


def test_the_line_begins_again_where_the_rule_does() -> None:
    bad = [False] * 3
    never = CusumRule(0.1, 0.3, 0.1, 0.1, "never").chart(bad)
    assert not np.isnan(_line(never)[1]).any()
    again = CusumRule(0.1, 0.3, 0.1, 0.1, "unacceptable").chart(bad)
    runs, sums = _line(again)
    gap = int(np.flatnonzero(np.isnan(sums))[0])
    assert runs[gap - 1] == runs[gap + 1]
    assert sums[gap - 1] >= again.rule.h1 - 1e-9
    assert sums[gap + 1] == 0.0


def test_the_chart_names_its_rule_and_is_the_same_again() -> None:
    chart = CusumRule(0.05, 0.15, 0.1, 0.1).chart([True] * 5)
    svg = cusum_svg("one", chart)
    assert "p0 5 %, p1 15 %, alpha 10 % and beta 10 %" in svg
    assert "acceptable: 5 % fail" in svg
    assert "not acceptable: 15 % fail" in svg
    assert svg == cusum_svg("one", chart)
