"""The site's secret: from it come pseudonyms, the keys of what is sealed, and signatures.

A person is known in the store by a pseudonym only:

    pseudonym = HMAC-SHA256(site key, local id), its first 128 bits

Without the site key nobody can tell from a local id (a staff number, a name) which pseudonym is
its own, not even by trying all of them; with it the same id gives the same pseudonym for ever.
Every other use has a key of its own, HKDF-SHA256(site key, purpose) (Krawczyk 2010, RFC 5869), so
that nothing shown for one purpose serves another.

The key lies in a file of its own outside the store. Whoever loses it loses what it seals: notes,
session files, and the way from a local id to its pseudonym.
"""

import base64
import binascii
import hashlib
import hmac
import os
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from surgisim.errors import StoreError
from surgisim.record.files import sync_folder

__all__ = ["SiteKey", "same_spelling"]

_FORM = "surgisim-site-key@1"
_BYTES = 32
_LONGEST_ID = 200  # letters


@dataclass(frozen=True, slots=True)
class SiteKey:
    """The site's secret, 32 bytes."""

    secret: bytes = field(repr=False)

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a key and keep it in a new file that only its owner may read.

        Raises
        ------
        StoreError
            The file cannot be written, or is there already.
        """
        secret = os.urandom(_BYTES)
        text = f"{_FORM} {base64.urlsafe_b64encode(secret).decode('ascii')}\n"
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(descriptor, "w", encoding="ascii") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
            except BaseException:
                path.unlink(missing_ok=True)  # half a key would be taken for a lost one
                raise
            sync_folder(path.parent)
        except OSError as error:
            raise StoreError(
                f"the site key {path} cannot be written: {error.strerror or error}; name another "
                "place in SURGISIM_SITE_KEY."
            ) from error
        return cls(secret)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the key.

        Raises
        ------
        StoreError
            There is none, others may read it, or the file holds something else.
        """
        try:
            mode = path.stat().st_mode
            text = path.read_text(encoding="ascii")
        except FileNotFoundError as error:
            raise StoreError(
                f"the site key {path} is missing, and without it the store cannot be read; "
                "restore it from its backup, or name its place in SURGISIM_SITE_KEY."
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"the site key {path} cannot be read: {error}.") from error
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise StoreError(
                f"the site key {path} can be read by others; take their rights away: "
                f"chmod 600 {path}"
            )
        return cls(_decoded(path, text))

    def derive(self, purpose: str) -> bytes:
        """Derive the key of a purpose, 32 bytes."""
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"surgisim {purpose}".encode())
        return kdf.derive(self.secret)

    def pseudonym(self, local_id: str) -> str:
        """Return the pseudonym of a local id: 32 hexadecimal digits.

        Raises
        ------
        StoreError
            No id: empty, too long, or with characters that cannot be seen.
        """
        text = same_spelling(local_id).encode("utf-8")
        return hmac.new(self.secret, text, hashlib.sha256).digest()[:16].hex()

    @property
    def id(self) -> str:
        """Tells this key from others and gives nothing of it away: 16 hexadecimal digits."""
        return self.derive("key id")[:8].hex()


def same_spelling(local_id: str) -> str:
    """Write an id as all its spellings are: without outer blanks, case and forms of letters."""
    text = unicodedata.normalize("NFKC", local_id).strip().casefold()
    if not text or len(text) > _LONGEST_ID or not text.isprintable():
        raise StoreError(
            f"a local id has 1 to {_LONGEST_ID} letters that can be seen, such as a staff number; "
            "give another."
        )
    return text


def _decoded(path: Path, text: str) -> bytes:
    form, _, secret = text.strip().partition(" ")
    try:
        decoded = base64.b64decode(secret, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    if form != _FORM or len(decoded) != _BYTES:
        raise StoreError(
            f"{path} holds no site key; restore it from its backup, or name its place in "
            "SURGISIM_SITE_KEY."
        )
    return decoded
