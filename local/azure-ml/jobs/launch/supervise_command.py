"""Runs one shell command in a process group of its own that dies with the process that started it.

Started by job-launcher.ts as the leader of the group, with the command line as its only argument.
Descriptor 0 is a pipe that the parent never writes to: its end means that the parent is gone.
Ends as the command ended: with its exit code, or by the signal that ended it.
"""

import os
import signal
import subprocess
import sys
import threading


def end_with_parent():
    while os.read(0, 64):
        pass
    os.killpg(0, signal.SIGKILL)


def main():
    if os.getpgrp() != os.getpid():
        os.setsid()
    threading.Thread(target=end_with_parent, daemon=True).start()
    shell = "/bin/bash" if os.path.exists("/bin/bash") else "/bin/sh"
    command = subprocess.Popen([shell, "-c", sys.argv[1]], stdin=subprocess.DEVNULL)
    # The group is asked to end as a whole: the command decides how, and this process waits for it.
    signal.signal(signal.SIGTERM, lambda *_: None)
    code = command.wait()
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


main()
