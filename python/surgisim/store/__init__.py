"""The store of records: who played what, and what it was worth, over many sessions and people.

```python
from surgisim.store import open_store

with open_store() as store:
    for result in store.results(person=store.pseudonym("4711"), procedure="liver_palpation"):
        print(result.session.begun_at, result.session.score, result.metrics["time"].value)
```

People are pseudonyms, session files are sealed with a key of their person, every deed is in a log
that cannot be changed unnoticed, and what nobody was allowed to do is denied. In words:
``docs/records.md``.
"""

from surgisim.store.desk import Actor
from surgisim.store.people import Person
from surgisim.store.place import Place, is_there
from surgisim.store.results import StoredResult, StoredSession, Wanted
from surgisim.store.roles import MATRIX, Reach, Right, Role
from surgisim.store.sessions import OpenSession
from surgisim.store.store import Store, open_store
from surgisim.store.verifying import Verdict
from surgisim.store.words import Note

__all__ = [
    "MATRIX",
    "Actor",
    "Note",
    "OpenSession",
    "Person",
    "Place",
    "Reach",
    "Right",
    "Role",
    "Store",
    "StoredResult",
    "StoredSession",
    "Verdict",
    "Wanted",
    "is_there",
    "open_store",
]
