"""Who plays: scripted trainees, and a person at the window.

All of them see what a person sees (`Sight`) and do what a person can (`Action`).
"""

from surgisim.trainees.trainee import Action, Exposed, Sight, Trainee, scripted

__all__ = ["Action", "Exposed", "Sight", "Trainee", "scripted"]
