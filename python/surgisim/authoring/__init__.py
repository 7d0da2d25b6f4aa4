"""What helps a person who writes procedures: a start, and a look at what was written.

`begin` writes the text that a new procedure starts from; `flow.flow_of` says in words what a
procedure does, `outline` and `picture` show that.
"""

from surgisim.authoring.start import begin, beginning

__all__ = ["begin", "beginning"]
