"""OAuth2 scopes: https://fastapi.tiangolo.com/advanced/security/oauth2-scopes/"""

from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, Security, status
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm, SecurityScopes
from jwt.exceptions import InvalidTokenError
from pydantic import BaseModel, ValidationError

from course import Item, app
from passwords import User, authenticate_user, password_hash, users
from tokens import ALGORITHM, SECRET_KEY, Token, create_access_token

oauth2_scheme = OAuth2PasswordBearer(
    tokenUrl="token", scopes={"me": "Read who you are", "items": "Read your items"}
)


class TokenData(BaseModel):
    username: str | None = None
    scopes: list[str] = []


class OwnItem(Item):
    owner: str


class Secret(BaseModel):
    message: str


async def get_current_user(
    security_scopes: SecurityScopes, token: Annotated[str, Depends(oauth2_scheme)]
):
    authenticate_value = "Bearer"
    if security_scopes.scopes:
        authenticate_value = f'Bearer scope="{security_scopes.scope_str}"'
    credentials_exception = HTTPException(
        status_code=status.HTTP_401_UNAUTHORIZED,
        detail="Could not validate credentials",
        headers={"WWW-Authenticate": authenticate_value},
    )
    try:
        payload = jwt.decode(token, SECRET_KEY, algorithms=[ALGORITHM])
        username = payload.get("sub")
        if username is None:
            raise credentials_exception
        scope: str = payload.get("scope", "")
        token_data = TokenData(scopes=scope.split(" "), username=username)
    except (InvalidTokenError, ValidationError):
        raise credentials_exception
    user = users.get(token_data.username)
    if user is None:
        raise credentials_exception
    for scope in security_scopes.scopes:
        if scope not in token_data.scopes:
            raise HTTPException(
                status_code=status.HTTP_401_UNAUTHORIZED,
                detail="Not enough permissions",
                headers={"WWW-Authenticate": authenticate_value},
            )
    return user


async def get_current_active_user(
    current_user: Annotated[User, Security(get_current_user, scopes=["me"])],
):
    if current_user.disabled:
        raise HTTPException(status_code=400, detail="Inactive user")
    return current_user


@app.post("/token")
async def login(form_data: Annotated[OAuth2PasswordRequestForm, Depends()]) -> Token:
    user = authenticate_user(form_data.username, form_data.password)
    if not user:
        raise HTTPException(status_code=400, detail="Incorrect username or password")
    scope = " ".join(form_data.scopes)
    access_token = create_access_token({"sub": user.username, "scope": scope})
    return Token(access_token=access_token, token_type="bearer")


@app.get("/users/me")
async def read_users_me(current_user: Annotated[User, Depends(get_current_active_user)]) -> User:
    return current_user


@app.get("/users/me/items")
async def read_own_items(
    current_user: Annotated[User, Security(get_current_active_user, scopes=["items"])],
) -> list[OwnItem]:
    return [OwnItem(id=1, name="Teapot", owner=current_user.username)]


@app.get("/items/secret")
async def secret(current_user: Annotated[User, Depends(get_current_user)]) -> Secret:
    return Secret(message="This is a protected route!")
