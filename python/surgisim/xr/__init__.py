"""A headset through OpenXR: session, frames, input.

Imported only where a headset is asked for. `session`, `caps`, `pose`, `bindings`, `loss`,
`prediction` and `vibration` are plain data and functions; the other modules talk to a runtime
through pyopenxr, which `library.load` imports.
"""
