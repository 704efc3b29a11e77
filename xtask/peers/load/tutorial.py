"""The same API in FastAPI, after its own OAuth2 tutorial, with the same users, routes, hashes and tokens."""

import os
import time

import jwt
from fastapi import Depends, FastAPI, HTTPException, Response, status
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

SECRET = os.environ["JWT_SECRET"]
LIFETIME = 900
hashes = PasswordHash([Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1)])
users = {"alice": {"username": "alice", "full_name": "Alice Liddell", "disabled": False}}
stored = {"alice": hashes.hash("wonderland")}
nobodys = hashes.hash("nobody knows this")
scheme = OAuth2PasswordBearer(tokenUrl="token")
app = FastAPI()


@app.get("/items")
async def items():
    return [{"id": 1, "name": "Teapot"}, {"id": 2, "name": "Lantern"}]


@app.post("/token")
def token(response: Response, form: OAuth2PasswordRequestForm = Depends()):
    known = form.username in stored
    if not hashes.verify(form.password, stored.get(form.username, nobodys)) or not known:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "Incorrect username or password")
    claims = {"sub": form.username, "exp": int(time.time()) + LIFETIME}
    response.headers["cache-control"] = "no-store"
    return {"access_token": jwt.encode(claims, SECRET, "HS256"), "token_type": "bearer"}


async def current_user(bearer: str = Depends(scheme)):
    refused = HTTPException(
        status.HTTP_401_UNAUTHORIZED,
        "Could not validate credentials",
        {"WWW-Authenticate": "Bearer"},
    )
    try:
        claims = jwt.decode(bearer, SECRET, ["HS256"], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        raise refused from None
    user = users.get(claims["sub"])
    if user is None or user["disabled"]:
        raise refused
    return user


@app.get("/users/me")
async def me(user: dict = Depends(current_user)):
    return user
