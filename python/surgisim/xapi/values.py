"""The small values that statements are made of, each with the rule of the specification it obeys.

IEEE 9274.1.1: identifiers are absolute IRIs (RFC 3987); languages are tags (RFC 5646); times are
RFC 3339 with a zone; durations are ISO 8601, of which two digits of the seconds' fraction count.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, PlainSerializer

__all__ = ["Duration", "Extensions", "Iri", "LanguageMap", "Scalar", "Timestamp"]

# Scheme, colon, and no character that RFC 3987 excludes.
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def _iri(text: str) -> str:
    if not _IRI.fullmatch(text):
        raise ValueError(f"{text!r} is no IRI: it needs a scheme, as in urn:x-surgisim:step")
    return text


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise ValueError(f"{text!r} is no language tag, such as en or de-CH")
    return text


def _duration(length: timedelta) -> str:
    """Write a duration in seconds, rounded to the hundredths that the specification compares."""
    seconds = f"{length.total_seconds():.2f}".rstrip("0").rstrip(".")
    return f"PT{seconds}S"


def _not_negative(length: timedelta) -> timedelta:
    if length < timedelta(0):
        raise ValueError("a duration is not below 0")
    return length


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Iri = Annotated[str, AfterValidator(_iri)]
LanguageMap = dict[Annotated[str, AfterValidator(_language)], str]
Duration = Annotated[
    timedelta, AfterValidator(_not_negative), PlainSerializer(_duration, return_type=str)
]
Timestamp = Annotated[AwareDatetime, PlainSerializer(_timestamp, return_type=str)]
Scalar = str | int | float | bool
Extensions = dict[Iri, Scalar | dict[str, dict[str, Scalar]]]
