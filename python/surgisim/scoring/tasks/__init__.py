"""Timed tasks of the FLS kind: their coefficients as data, their formula as one function."""

from surgisim.scoring.tasks.task import Penalty, Task, score_task, tasks, total_score

__all__ = ["Penalty", "Task", "score_task", "tasks", "total_score"]
