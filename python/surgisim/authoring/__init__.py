"""What helps a person who writes procedures: a start, and a look at what was written.

`begin` writes the text that a new procedure starts from.
"""

from surgisim.authoring.start import begin, beginning

__all__ = ["begin", "beginning"]
