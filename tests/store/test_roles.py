"""Every cell of the table of rights, tried with real people at a real store."""

from collections.abc import Callable
from pathlib import Path

import pytest

from surgisim.errors import RightsError
from surgisim.record.rating import session_mark
from surgisim.store import MATRIX, Reach, Right, Role, Store, open_store

from .making import PASSPHRASE, Clock, rating, result, session_folder

NONE, OWN, OTHERS, UNNAMED, ALL = Reach
TABLE = {  # as docs/records.md shows it: trainee, instructor, designer, admin
    "enter sessions": (OWN, ALL, OWN, ALL),
    "read results": (OWN, ALL, UNNAMED, ALL),
    "open sessions": (OWN, ALL, OWN, OWN),
    "overrule scores": (NONE, OTHERS, NONE, NONE),
    "rate sessions": (NONE, OTHERS, NONE, NONE),
    "write notes": (NONE, ALL, NONE, NONE),
    "read notes": (OWN, ALL, OWN, OWN),
    "export a person": (OWN, OWN, OWN, ALL),
    "erase a person": (NONE, NONE, NONE, ALL),
    "list people": (NONE, ALL, NONE, ALL),
    "manage people": (NONE, NONE, NONE, ALL),
    "read and verify the log": (NONE, ALL, NONE, ALL),
}
COVERS = {
    NONE: {"own": False, "other": False, "script": False},
    OWN: {"own": True, "other": False, "script": True},
    OTHERS: {"own": False, "other": True, "script": True},
    UNNAMED: {"own": True, "other": True, "script": True},
    ALL: {"own": True, "other": True, "script": True},
}
CELLS = [
    (right, role, whose)
    for right in Right
    for role in (*Role, None)
    for whose in ("own", "other", "script")
]


class Class:
    """A store with a person of each role, each with a session, and a script's session."""

    def __init__(self, home: Path) -> None:
        clock = Clock()
        admin = open_store(str(home / "records"), clock=clock)
        self.stores: dict[Role | None, Store] = {}
        self.folder = home / "played"
        for role in Role:
            admin.add_person(role, role, passphrase=PASSPHRASE)
            self.stores[role] = open_store(
                str(home / "records"), sign_in_as=role, passphrase=lambda: PASSPHRASE, clock=clock
            )
        self.other = admin.add_person("somebody", Role.TRAINEE)
        self.marks: dict[int, str] = {}
        self.sessions = {
            who: self._added(admin, session_folder(home / str(who), seed=seed), who)
            for seed, who in enumerate(
                [*(store.pseudonym(role) for role, store in self.stores.items()), self.other]
            )
        }
        script = self._added(admin, session_folder(home / "script", seed=99), None)
        self.script = script
        session_folder(self.folder, seed=100)
        nobody = open_store(str(home / "records"), clock=clock)
        admin.add_person(account_of(nobody), None)  # this account is nobody from now on
        self.stores[None] = open_store(str(home / "records"), clock=clock)

    def _added(self, admin: Store, folder: Path, who: str | None) -> int:
        number = admin.add(folder, result(), "careful" if who is None else "person", who)
        self.marks[number] = session_mark(folder)
        return number


def account_of(store: Store) -> str:
    from surgisim.store.login import system_account

    assert store.actor.role is Role.ADMIN
    return system_account()


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Class:
    home = tmp_path_factory.mktemp("class")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SURGISIM_SITE_KEY", str(home / "keys" / "site.key"))
        return Class(home)


def test_the_documents_show_the_same_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "records.md").read_text(encoding="utf-8")
    shown = page.split("<!-- roles:start -->")[1].split("<!-- roles:end -->")[0]
    rows = [[cell.strip() for cell in row.strip("| ").split("|")] for row in shown.split("\n")]
    assert [row for row in rows if len(row) == 5][2:] == [
        [right, *reaches] for right, reaches in TABLE.items()
    ]


def test_the_table_is_the_published_one() -> None:
    published = {right: dict(zip(Role, reaches, strict=True)) for right, reaches in TABLE.items()}
    assert published == MATRIX


@pytest.mark.parametrize(("right", "role", "whose"), CELLS)
def test_a_right_reaches_as_far_as_the_table_says(
    school: Class, tmp_path: Path, right: Right, role: Role | None, whose: str
) -> None:
    store = school.stores[role]
    who = None if whose == "script" else school.other if whose == "other" else store.actor.person
    if whose == "own" and role is None:
        return  # nobody has nothing
    deed = DEEDS[right](school, store, who, tmp_path)
    if deed is None:
        return  # a script is no person that could be exported
    reach = NONE if role is None else MATRIX[right][role]
    if COVERS[reach][whose] and not (reach is UNNAMED and whose == "other"):
        assert deed() is not False
    else:
        with pytest.raises(RightsError):
            deed()


def _number(school: Class, who: str | None) -> int:
    return school.script if who is None else school.sessions[who]


def _enter(school: Class, store: Store, who: str | None, _: Path) -> Callable[[], object]:
    return lambda: store.abandon(store.begin("liver_palpation", 1, "mouse", "person", who))


def _read(school: Class, store: Store, who: str | None, _: Path) -> Callable[[], object]:
    if who is None:
        return lambda: bool(store.results(player="careful"))
    return lambda: bool(store.results(person=who))


def _open(school: Class, store: Store, who: str | None, _: Path) -> Callable[[], object]:
    def deed() -> None:
        with store.looking_at(_number(school, who)) as folder:
            assert (folder / "session.mcap").exists()

    return deed


def _overrule(school: Class, store: Store, who: str | None, _: Path) -> Callable[[], object]:
    return lambda: store.overrule(_number(school, who), "found", "seen", points=71.5)


def _rate(school: Class, store: Store, who: str | None, _: Path) -> Callable[[], object]:
    number = _number(school, who)
    return lambda: store.rate(number, rating(school.marks[number]))


def _write(school: Class, store: Store, who: str | None, _: Path) -> Callable[[], object] | None:
    return None if who is None else lambda: store.add_note(who, "left-handed")


def _notes(school: Class, store: Store, who: str | None, _: Path) -> Callable[[], object] | None:
    return None if who is None else lambda: store.notes(who)


def _export(
    school: Class, store: Store, who: str | None, folder: Path
) -> Callable[[], object] | None:
    return None if who is None else lambda: store.export(who, folder / "all.zip")


def _erase(school: Class, store: Store, who: str | None, _: Path) -> Callable[[], object] | None:
    if who is None:
        return None
    if store.actor.role is not Role.ADMIN:
        return lambda: store.erase(who)
    mortal = store.add_person("mortal", Role.TRAINEE)  # the others are still needed
    return lambda: store.erase(mortal)


def _people(school: Class, store: Store, who: str | None, _: Path) -> Callable[[], object] | None:
    return None if who is not None else lambda: bool(store.people())


def _manage(school: Class, store: Store, who: str | None, _: Path) -> Callable[[], object] | None:
    return None if who is None else lambda: store.add_person("somebody", Role.TRAINEE)


def _audit(school: Class, store: Store, who: str | None, _: Path) -> Callable[[], object] | None:
    return None if who is not None else lambda: store.audit() and store.verify()


DEEDS = {
    Right.ENTER: _enter,
    Right.READ_RESULTS: _read,
    Right.OPEN_SESSIONS: _open,
    Right.OVERRULE: _overrule,
    Right.RATE: _rate,
    Right.WRITE_NOTES: _write,
    Right.READ_NOTES: _notes,
    Right.EXPORT: _export,
    Right.ERASE: _erase,
    Right.LIST_PEOPLE: _people,
    Right.MANAGE_PEOPLE: _manage,
    Right.READ_AUDIT: _audit,
}


def test_a_designer_reads_results_and_not_whose_they_are(school: Class) -> None:
    designer = school.stores[Role.DESIGNER]
    school.stores[Role.INSTRUCTOR].overrule(
        school.sessions[school.other], "found", "seen on the video", points=71.5
    )
    found = designer.results()
    assert len(found) == 6
    known = {one.session.person for one in found}
    assert known == {None, designer.actor.person}
    said = [word for one in found for word in one.overrules]
    assert said
    assert {word.reason for word in said} == {""}


def test_a_trainee_sees_what_is_his_own_and_the_scripts(school: Class) -> None:
    trainee = school.stores[Role.TRAINEE]
    assert {one.person for one in trainee.sessions()} == {None, trainee.actor.person}


def test_the_log_is_whole_after_all_that(school: Class) -> None:
    assert school.stores[Role.INSTRUCTOR].verify().problems == ()


def test_somebody_without_a_role_is_told_how_to_get_one(school: Class) -> None:
    with pytest.raises(RightsError, match="nobody known to the store is signed in"):
        school.stores[None].results()


def test_a_refusal_does_not_tell_whose_a_session_is(school: Class) -> None:
    number = school.sessions[school.other]
    for role, told in ((Role.DESIGNER, False), (Role.TRAINEE, False), (Role.ADMIN, True)):
        with (
            pytest.raises(RightsError, match="may not open sessions here") as refused,
            school.stores[role].looking_at(number),
        ):
            pass
        assert (school.other[:8] in str(refused.value)) == told


def test_who_is_in_the_store_is_told_to_those_alone_who_may_list_people(school: Class) -> None:
    for role in (Role.TRAINEE, Role.DESIGNER, None):
        store = school.stores[role]
        for who in ("id:somebody", "id:nobody-at-all", school.other[:8]):
            with pytest.raises(RightsError, match="list people"):
                store.find_person(who)
    for role in (Role.INSTRUCTOR, Role.ADMIN):
        assert school.stores[role].find_person("id:somebody") == school.other
    trainee = school.stores[Role.TRAINEE]
    me = trainee.actor.person
    assert me is not None
    assert trainee.find_person("id:trainee") == trainee.find_person(me[:8]) == me
