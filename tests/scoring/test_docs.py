"""docs/scoring.md says what is computed: this keeps it true."""

import re
from pathlib import Path

from surgisim.procedure import METRICS
from surgisim.scoring.proficiency import CusumRule

DOC = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text(encoding="utf-8")


def test_measures_have_their_rows_with_their_units() -> None:
    table = DOC[DOC.index("| word | unit |") :].split("\n\n")[0]
    told: dict[str, str] = {}
    for words, unit in re.findall(r"^\| (`[^|]*`) \| ([^|]+) \|", table, re.MULTILINE):
        told |= dict.fromkeys(re.findall(r"`([\w.]+)`", words), unit.strip())
    plain = {"0 to 1": "1", "0 to 0.71": "1", "0 to 0.58": "1"}
    for name, unit in told.items():
        assert METRICS[name].unit == plain.get(unit, unit), name
    assert set(told) == set(METRICS)


def test_the_table_of_cusum_rules() -> None:
    table = DOC[DOC.index("| p0 | p1 |") :].split("\n\n")[0]
    rows = re.findall(
        r"\| (\d+) % \| (\d+) % \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| −([\d.]+) \| (\d+) \|", table
    )
    assert len(rows) == 6
    for p0, p1, alpha, beta, s, h0, least in rows:
        rule = CusumRule(float(p0) / 100, float(p1) / 100, float(alpha), float(beta))
        assert (f"{rule.s:.4f}", f"{rule.h0:.3f}", str(rule.shortest)) == (s, h0, least)
