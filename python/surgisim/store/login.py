"""Who sits at this machine: the system's account, or a person with a passphrase.

The system's account is the one the process runs under, as the system says it, not an environment
variable that anybody may set. Passphrases are kept as Argon2id hashes (Biryukov, Dinu and
Khovratovich 2016, RFC 9106).
"""

import hashlib
import hmac
import os

from surgisim.errors import StoreError

__all__ = ["fits", "hashed", "login_tag", "system_account"]

_SHORTEST = 10  # letters of a passphrase


def system_account() -> str:
    """Name the account that this process runs under."""
    if os.name == "posix":
        import pwd

        number = os.geteuid()
        try:
            return pwd.getpwuid(number).pw_name
        except KeyError:
            return str(number)  # an account without a name, as in some containers
    return os.getlogin()


def login_tag(key: bytes, account: str) -> str:
    """Return what the store keeps of a system account: a keyed hash."""
    return hmac.new(key, account.encode("utf-8"), hashlib.sha256).hexdigest()


def hashed(passphrase: str) -> str:
    """Hash a passphrase for keeping.

    Raises
    ------
    StoreError
        It is too short.
    """
    from argon2 import PasswordHasher

    if len(passphrase) < _SHORTEST:
        raise StoreError(f"a passphrase has {_SHORTEST} letters or more; choose a longer one.")
    return PasswordHasher().hash(passphrase)


def fits(kept: str | None, passphrase: str) -> bool:
    """Return whether a passphrase is the one that was kept; as slow where none was."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    if kept is None:
        PasswordHasher().hash(passphrase)  # so that the time does not tell who signs in with one
        return False
    try:
        return PasswordHasher().verify(kept, passphrase)
    except (InvalidHashError, VerificationError):
        return False
