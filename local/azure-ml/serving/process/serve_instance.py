"""Runs Azure ML's own inference server as one instance that only loopback can reach and that dies with its parent.

Started by python-launcher.ts as the leader of a process group of its own, with the scoring script as argument.
Descriptor 0 is a pipe that the parent never writes to: its end means that the parent is gone.
Descriptor 3 is a pipe that takes the chosen port, once, as a line.
"""

import os
import signal
import socket
import sys
import threading
import time

GRACE_SECONDS = 5
# Where socket activation (sd_listen_fds) puts the first inherited socket.
LISTEN_DESCRIPTOR = 3
BACKLOG = 128


def end_with_parent(parent_pipe):
    while os.read(parent_pipe, 64):
        pass
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


def watch_parent():
    if os.getpgrp() != os.getpid():
        os.setsid()
    parent_pipe = os.dup(0)
    # A scoring script that reads its standard input must not swallow the end of the pipe.
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=end_with_parent, args=(parent_pipe,), daemon=True).start()


def listen_on_loopback():
    """The server itself binds to every address; with an activated socket it uses that one and binds nothing."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(BACKLOG)
    port = listener.getsockname()[1]
    os.write(LISTEN_DESCRIPTOR, b"%d\n" % port)
    os.dup2(listener.fileno(), LISTEN_DESCRIPTOR)
    listener.close()
    os.environ["LISTEN_PID"] = str(os.getpid())
    os.environ["LISTEN_FDS"] = "1"
    return port


def main():
    watch_parent()
    port = listen_on_loopback()
    given = os.environ.get("GUNICORN_CMD_ARGS", "")
    # The control socket lies at one path per user: instances would take it from each other.
    os.environ["GUNICORN_CMD_ARGS"] = f"{given} --no-control-socket".strip()
    sys.argv = ["azmlinfsrv", "--entry_script", sys.argv[1], "--port", str(port)]
    from azureml_inference_server_http.amlserver import run

    run()


main()
