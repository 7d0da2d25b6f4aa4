"""What only the holder of a key can read, and nobody can change unnoticed: texts and files.

Everything is sealed with AES-256-GCM (McGrew and Viega 2004). A short text is one message with a
random nonce of 96 bits. A file is read and written in pieces, after the STREAM construction of
Hoang, Reyhanitabar, Rogaway and Vizár (2015):

    file key = HKDF-SHA256(key, salt)           a salt of 128 random bits for each file
    nonce    = number of the piece (88 bit) || 1 for the last piece, else 0 (8 bit)

so that pieces cannot be exchanged, left out or cut off at the end. `context` says what the sealed
thing is and where it belongs; opened as anything else it is refused.
"""

import os
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from surgisim.errors import StoreError

__all__ = ["new_key", "open_file", "open_text", "seal_file", "seal_text"]

MAGIC = b"surgisim-sealed@1\n"
PIECE = 64 * 1024
_SALT = 16
_TAG = 16
_NONCE = 12


def new_key() -> bytes:
    """Draw a key of 256 bits from the system's source."""
    return AESGCM.generate_key(bit_length=256)


def seal_text(key: bytes, text: bytes, context: str) -> bytes:
    """Seal a short text or another key: nonce, then the sealed bytes."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text, context.encode())


def open_text(key: bytes, sealed: bytes, context: str) -> bytes:
    """Open what `seal_text` sealed.

    Raises
    ------
    StoreError
        Another key or context, or changed bytes.
    """
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise StoreError(f"the sealed {context} was changed or belongs to another key.") from error


def seal_file(key: bytes, source: BinaryIO, context: str) -> Iterator[bytes]:
    """Seal a file, piece by piece.

    Parameters
    ----------
    key
        32 bytes.
    source
        Open for reading.
    context
        What it is and where it belongs.

    Yields
    ------
    bytes
        What is to be written.
    """
    salt = os.urandom(_SALT)
    cipher = AESGCM(_file_key(key, salt))
    yield MAGIC + salt
    number, piece = 0, source.read(PIECE)
    while True:
        following = source.read(PIECE)
        yield cipher.encrypt(_nonce(number, last=not following), piece, context.encode())
        if not following:
            return
        number, piece = number + 1, following


def open_file(key: bytes, source: BinaryIO, context: str) -> Iterator[bytes]:
    """Open what `seal_file` sealed, piece by piece; no byte is yielded that was changed.

    Raises
    ------
    StoreError
        Another key or context, changed bytes, or an end that was cut off.
    """
    head = source.read(len(MAGIC) + _SALT)
    if not head.startswith(MAGIC) or len(head) != len(MAGIC) + _SALT:
        raise StoreError(f"the sealed {context} was changed: it does not begin as one.")
    cipher = AESGCM(_file_key(key, head[len(MAGIC) :]))
    number, piece = 0, source.read(PIECE + _TAG)
    while True:
        following = source.read(PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), piece, context.encode())
        except (InvalidTag, ValueError) as error:
            raise StoreError(
                f"the sealed {context} was changed, cut off, or belongs to another key."
            ) from error
        if not following:
            return
        number, piece = number + 1, following


def _file_key(key: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"surgisim file").derive(key)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NONCE - 1, "big") + bytes([last])
