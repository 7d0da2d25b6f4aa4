"""A learning record store (LRS) as this program talks to it: statements in, and one looked up.

IEEE 9274.1.1, "Communication": ``POST statements`` takes a list and answers 200 with their ids; 409
says that one of the ids is known with another content; ``GET statements?statementId=`` returns one.
Every request carries ``X-Experience-API-Version``.
"""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from surgisim.errors import RecordError

__all__ = ["Lrs", "LrsRefusedError", "LrsUnreachableError"]

_VERSION = "2.0.0"
_WAIT_S = 20.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_LATER = {408, 425, 429}
_UNWELCOME = {401, 403, 404, 405}


class LrsUnreachableError(RecordError):
    """The store does not answer, or not now, or not to us: nothing was lost, try again later."""


class LrsRefusedError(RecordError):
    """The store refuses what it was sent; `status` is the answer's."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Lrs:
    """A store at an address.

    Parameters
    ----------
    url
        Of its endpoint, which ``/statements`` is added to.
    user, password
        For HTTP Basic authentication.

    Raises
    ------
    RecordError
        The address is none, or would send the password in the clear over a network.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        import requests

        no_address = f"'{url}' is no address of a store; give one such as https://host/xapi"
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise RecordError(no_address) from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RecordError(no_address)
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise RecordError(
                f"'{url}' would send the password in the clear; give an address with https"
            )
        self._statements = url.rstrip("/") + "/statements"
        self._failure = requests.RequestException
        self._session = requests.Session()
        self._session.auth = (user, password)
        self._session.headers["X-Experience-API-Version"] = _VERSION
        self.host = parts.hostname

    def post(self, statements: list[dict[str, Any]]) -> None:
        """Hand over statements; the store has all of them when this returns.

        Raises
        ------
        LrsUnreachableError
            Not now.
        LrsRefusedError
            One of them at least will never be taken as it is.
        """
        self._ask("POST", json=statements)

    def stored(self, identity: UUID) -> dict[str, Any] | None:
        """Return the statement that the store has under this id, None where it shows none.

        So it is with one that was voided. Raises as `post` does.
        """
        answer = self._ask("GET", fine=(200, 404), params={"statementId": str(identity)})
        if answer.status_code == 404:
            return None
        found: dict[str, Any] = answer.json()
        return found

    def _ask(self, method: str, fine: tuple[int, ...] = (200, 204), **content: Any) -> Any:
        try:
            answer = self._session.request(
                method, self._statements, timeout=_WAIT_S, allow_redirects=False, **content
            )
        except self._failure as error:
            reason = type(error).__name__
            raise LrsUnreachableError(
                f"the store at {self.host} does not answer ({reason})"
            ) from error
        status = answer.status_code
        if status in fine:
            return answer
        if status >= 500 or status in _LATER:
            raise LrsUnreachableError(f"the store at {self.host} cannot answer now ({status})")
        if status in _UNWELCOME or 300 <= status < 400:
            raise LrsUnreachableError(
                f"the store at {self.host} turns this program away ({status}); check the address, "
                "the user and the password"
            )
        raise LrsRefusedError(status, answer.text[:500])
