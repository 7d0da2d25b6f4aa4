"""Sessions: a procedure, an anatomy, a trainee and a run joined, recorded, scored, debriefed."""

from surgisim.session.debrief import debrief
from surgisim.session.film import film
from surgisim.session.order import Order
from surgisim.session.play import play
from surgisim.session.replay import verify_session

__all__ = ["Order", "debrief", "film", "play", "verify_session"]
