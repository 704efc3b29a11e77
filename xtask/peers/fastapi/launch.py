"""What the checks start, as launch.py FOLDER STEP [hash PASSWORD]: has the nursery in FOLDER fork a server, and ends with it."""

import json
import os
import socket
import sys

folder, *arguments = sys.argv[1:]
environment = {name: os.environ[name] for name in ["PORT", "USERS_FILE", "JWT_SECRET"] if name in os.environ}
asked = {"arguments": arguments, "folder": os.getcwd(), "environment": environment}
os.chdir(folder)
with socket.socket(socket.AF_UNIX) as nursery:
    nursery.connect("nursery")
    socket.send_fds(nursery, [json.dumps(asked).encode()], [1, 2])
    status = nursery.recv(1)
sys.exit(status[0] if status else 1)
