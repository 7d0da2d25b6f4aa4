"""Who plays: scripted trainees, and a person at the window.

All of them see what a person sees (`Sight`) and do what a person can (`Action`).
"""

from surgisim.trainees.register import SCRIPTED, scripted
from surgisim.trainees.skill import Skill
from surgisim.trainees.trainee import Action, Exposed, Sight, Trainee

__all__ = ["SCRIPTED", "Action", "Exposed", "Sight", "Skill", "Trainee", "scripted"]
