"""Never ends."""

import signal

while True:
    signal.pause()
