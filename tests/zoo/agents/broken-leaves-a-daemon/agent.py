"""Ends at once and leaves a process behind that goes on by itself."""

import os
import signal

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.pause()
    os._exit(0)
