"""A standing in words."""

from surgisim.course.standing import CourseStanding, ModuleStanding, titles

__all__ = ["doing", "progress"]


def progress(one: ModuleStanding) -> str:
    """Say in a phrase how far somebody is with a module."""
    runs = len(one.counted)
    if one.state == "done":
        return f"proficient with run {one.done_at}"
    if one.state == "locked":
        return f"needs {titles(one.waits_for)}"
    so_far = f"{_times(runs, 'run')}, {_times(sum(run.success for run in one.counted), 'success')}"
    if one.state == "spent":
        return f"{so_far}: no run is left, ask your teacher"
    return "; ".join([so_far, *_missing(one)])


def doing(found: CourseStanding) -> str:
    """Say what to do next."""
    if found.next is not None:
        module = found.next.module
        return f"next: surgisim run {module.procedure} ({module.title})"
    spent = [one.module.title for one in found.modules if one.state == "spent"]
    return f"no module is open: '{spent[0]}' has no run left, ask your teacher"


def _missing(one: ModuleStanding) -> list[str]:
    """Say what the rules still ask for."""
    told = []
    rule, repeat = one.module.proficient.repeat, one.repeat
    if rule is not None and repeat is not None:
        in_all = max(rule.in_a_row + rule.more - repeat.successes, 0)
        in_a_row = 0 if repeat.longest >= rule.in_a_row else rule.in_a_row - repeat.row
        if max(in_all, in_a_row):
            row = f", {in_a_row} of them in a row" if in_a_row > 1 else ""
            told.append(f"{_times(max(in_all, in_a_row), 'more success')} needed{row}")
    if one.cusum is not None and one.cusum.proficient_at is None:
        last = one.cusum.sums[-1] if one.cusum.sums else 0.0
        told.append(f"CUSUM at {last:.2f}, acceptable at {-one.cusum.rule.h0:.2f}")
    return told


def _times(count: int, what: str) -> str:
    if count == 1:
        return f"1 {what}"
    return f"{count} {what}{'es' if what.endswith('s') else 's'}"
