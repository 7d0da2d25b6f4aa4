"""Rehearsals: many seeded runs of a procedure by scripted trainees, before any person plays it."""

from surgisim.rehearsal.plan import Plan, Run, make_plan
from surgisim.rehearsal.rehearse import Rehearsal, rehearse

__all__ = ["Plan", "Rehearsal", "Run", "make_plan", "rehearse"]
