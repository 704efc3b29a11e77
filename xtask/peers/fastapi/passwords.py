"""The users of `USERS_FILE`, and the tutorial's way to check a password: asked of steps 7 to 9."""

import json
import os

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import BaseModel


class User(BaseModel):
    username: str
    full_name: str
    disabled: bool


class UserInDB(User):
    password_hash: str


# The tutorial takes `PasswordHash.recommended()`; a user whom nobody knows must cost as much as one in the file.
password_hash = PasswordHash([Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1)])
DUMMY_HASH = password_hash.hash("dummypassword")


def read_users():
    with open(os.environ.get("USERS_FILE", "users.json"), encoding="utf-8") as file:
        return {user["username"]: UserInDB(**user) for user in json.load(file)}


users = read_users()


def authenticate_user(username: str, password: str):
    user = users.get(username)
    if not user:
        password_hash.verify(password, DUMMY_HASH)
        return False
    if not password_hash.verify(password, user.password_hash):
        return False
    return user
