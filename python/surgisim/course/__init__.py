"""Courses: modules, gates and repetitions as text, and where a trainee stands in one.

`load` reads a file into a `Course` or says every mistake of it with line and column; `standing`
judges the results of sessions in their order. A course names procedures; it does not play them.
"""

from surgisim.course.load import find, load, problems_of, shipped
from surgisim.course.model import Course, Module, json_schema
from surgisim.course.standing import CourseStanding, ModuleStanding, Run, RunResult, standing

__all__ = [
    "Course",
    "CourseStanding",
    "Module",
    "ModuleStanding",
    "Run",
    "RunResult",
    "find",
    "json_schema",
    "load",
    "problems_of",
    "shipped",
    "standing",
]
