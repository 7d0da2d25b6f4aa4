"""Runs Ralph's learning record store on the loopback: PYTHON lrs_server.py PORT.

It runs in Ralph's own environment and imports nothing of ours. Ralph keeps statements in a file
here, and refuses to write to a file twice unless told to append; its settings have no key for that.
"""

import sys

import uvicorn
from ralph.backends.data.base import BaseOperationType
from ralph.backends.lrs.fs import FSLRSBackend

FSLRSBackend.default_operation_type = BaseOperationType.APPEND
uvicorn.run("ralph.api:app", host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
