"""Forks a server for every launcher that asks: the checks start hundreds, and a fork is many times quicker than an import.

Each server imports its step anew, with the folder, the environment and the output of its launcher, and dies with it.
"""

import importlib
import json
import os
import signal
import socket
import sys
import threading
import traceback

# Imported once for all.
import fastapi.security
import jwt
import pwdlib.hashers.argon2
import uvicorn


def main():
    if os.path.exists("nursery"):
        os.unlink("nursery")
    # Who has ended needs no farewell.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("nursery")
        listener.listen(64)
        print("Listening on nursery", flush=True)
        while True:
            launcher, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                be_born(launcher)
            launcher.close()


def be_born(launcher):
    message, output, _, _ = socket.recv_fds(launcher, 65536, 2)
    asked = json.loads(message)
    for number, handle in enumerate(output, start=1):
        os.dup2(handle, number)
        os.close(handle)
    os.chdir(asked["folder"])
    os.environ.update(asked["environment"])
    threading.Thread(target=die_with, args=[launcher], daemon=True).start()
    status = 0
    try:
        live(*asked["arguments"])
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    launcher.send(bytes([status]))
    os._exit(status)


def die_with(launcher):
    launcher.recv(1)
    os._exit(0)


def live(name, *arguments):
    step = importlib.import_module(name)
    match arguments:
        case ["hash", password]:
            print(step.password_hash.hash(password))
        case []:
            serve(step.app)


def serve(app):
    listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
    print(f"Listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])


main()
