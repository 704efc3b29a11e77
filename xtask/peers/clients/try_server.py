"""Tries one server of the workshop with clients that other people wrote.

Called by `cargo xtask clients` as: try_server.py http://127.0.0.1:PORT
Exit code 0: every client got what it expects. 1: one did not, and says so.
"""

import os
import subprocess
import sys

import requests
from authlib.integrations.requests_client import OAuth2Session
from oauthlib.oauth2 import InvalidGrantError, LegacyApplicationClient
from openapi_spec_validator import validate

FORM = {"content-type": "application/x-www-form-urlencoded"}
LIMIT = 10


def main(server):
    answer = requests.get(f"{server}/openapi.json", timeout=LIMIT)
    if answer.status_code == 404:
        print("  no OpenAPI document yet: nothing to check")
        return
    document = answer.json()
    validate(document)
    print("  openapi-spec-validator: the document is valid")
    token = None
    if "/token" in document["paths"]:
        schemes = document["components"]["securitySchemes"]
        flow = schemes["OAuth2PasswordBearer"]["flows"]["password"]
        token_url = server + flow["tokenUrl"]
        scopes = sorted(flow["scopes"])
        token = log_in_with_oauthlib(token_url, scopes)
        log_in_with_authlib(token_url, scopes)
        read_every_guarded_route(server, document, token)
    run_schemathesis(server, token)


def log_in_with_oauthlib(token_url, scopes):
    client = LegacyApplicationClient(client_id="")

    def post(password):
        body = client.prepare_request_body("alice", password, scope=scopes or None)
        return requests.post(token_url, data=body, headers=FORM, timeout=LIMIT)

    token = client.parse_request_body_response(post("wonderland").text, scope=scopes or None)
    expect("oauthlib: the token's type", token["token_type"].lower(), "bearer")
    expect("oauthlib: a refresh token", "refresh_token" in token, False)
    try:
        client.parse_request_body_response(post("wrong").text)
    except InvalidGrantError as error:
        expect("oauthlib: why", error.description, "Incorrect username or password")
    else:
        fail("oauthlib: a wrong password was no invalid_grant")
    print("  oauthlib: logs in, and understands a refusal")
    return token["access_token"]


def log_in_with_authlib(token_url, scopes):
    session = OAuth2Session(scope=" ".join(scopes) or None)
    token = session.fetch_token(
        token_url, username="alice", password="wonderland", grant_type="password"
    )
    expect("authlib: the token's type", token["token_type"].lower(), "bearer")
    print("  authlib: logs in")


def read_every_guarded_route(server, document, token):
    for path, item in document["paths"].items():
        if item.get("get", {}).get("security"):
            bearer = {"authorization": f"Bearer {token}"}
            answer = requests.get(server + path, headers=bearer, timeout=LIMIT)
            expect(f"GET {path} with the token", answer.status_code, 200)
            answer = requests.get(server + path, timeout=LIMIT)
            expect(f"GET {path} without a token", answer.status_code, 401)
    print("  requests: every guarded route answers with the token, and only with it")


def run_schemathesis(server, token):
    command = [
        os.path.join(os.path.dirname(sys.executable), "schemathesis"),
        "run",
        f"{server}/openapi.json",
        "--checks=all",
        # A wrong password has the right shape, and is refused all the same.
        "--exclude-checks=positive_data_acceptance",
        "--max-examples=50",
        "--seed=1",
        "--no-color",
        "--generation-database=none",
    ]
    if token:
        command.append(f"--header=Authorization: Bearer {token}")
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    cases = [line.strip() for line in done.stdout.splitlines() if " generated, " in line]
    if done.returncode != 0 or not cases:
        fail(f"schemathesis found a fault:\n{done.stdout}{done.stderr}")
    print(f"  schemathesis: {cases[0]}: no 5xx, no undocumented status, no schema violation")


def expect(what, found, expected):
    if found != expected:
        fail(f"{what}: expected {expected!r}, found {found!r}")


def fail(message):
    print(f"  {message}")
    sys.exit(1)


main(sys.argv[1])
