"""A rater's form as one HTML file: filled in any browser, without a network, saved as a file."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from surgisim.scoring.rating import Scale

__all__ = ["FormData", "rating_form"]

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class FormData:
    """What the form is about.

    Attributes
    ----------
    title, procedure, version
        What was played.
    session
        Its mark, which ties the rating to it.
    scale
        What it is rated on.
    """

    title: str
    procedure: str
    version: str
    session: str
    scale: Scale


def rating_form(data: FormData) -> str:
    """Make the page; the same data gives the same text. It names no trainee.

    The page's only script is allowed by its hash, and it may reach nothing.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = (_HERE / "rating_form.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    template = environment.get_template("rating_form.html.j2")
    own = Markup(script)  # noqa: S704  a file of ours
    return template.render(data=data, script=own, script_hash=f"sha256-{digest}")
