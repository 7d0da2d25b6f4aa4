"""Learning records for other systems: xAPI statements, kept until a store has taken them.

A session becomes `Statement`s (`statements_of`), an `Outbox` keeps them on disk, and `deliver`
hands them to a learning record store (LRS). Nothing is sent unless a person asks for it, and no
name leaves: whoever played is the pseudonym that the caller gives.

Specification: IEEE 9274.1.1-2023, the Experience API (xAPI) 2.0.
"""

from surgisim.xapi.lrs import Lrs, LrsRefusedError, LrsUnreachableError
from surgisim.xapi.outbox import Outbox, Pending
from surgisim.xapi.sending import Delivery, deliver
from surgisim.xapi.session import Played, statements_of
from surgisim.xapi.statement import Agent, Statement

__all__ = [
    "Agent",
    "Delivery",
    "Lrs",
    "LrsRefusedError",
    "LrsUnreachableError",
    "Outbox",
    "Pending",
    "Played",
    "Statement",
    "deliver",
    "statements_of",
]
