"""OAuth2 with Password (and hashing), before the part on JWTs: https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/"""

from typing import Annotated

from fastapi import Depends, HTTPException, status
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

from course import app
from passwords import User, authenticate_user, password_hash, users

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


class Secret(BaseModel):
    message: str


async def get_current_user(token: Annotated[str, Depends(oauth2_scheme)]):
    user = users.get(token)
    if not user:
        raise HTTPException(
            status_code=status.HTTP_401_UNAUTHORIZED,
            detail="Not authenticated",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return user


async def get_current_active_user(current_user: Annotated[User, Depends(get_current_user)]):
    if current_user.disabled:
        raise HTTPException(status_code=400, detail="Inactive user")
    return current_user


@app.post("/token")
async def login(form_data: Annotated[OAuth2PasswordRequestForm, Depends()]):
    user = authenticate_user(form_data.username, form_data.password)
    if not user:
        raise HTTPException(status_code=400, detail="Incorrect username or password")
    return {"access_token": user.username, "token_type": "bearer"}


@app.get("/users/me")
async def read_users_me(current_user: Annotated[User, Depends(get_current_active_user)]) -> User:
    return current_user


@app.get("/items/secret")
async def secret(current_user: Annotated[User, Depends(get_current_active_user)]) -> Secret:
    return Secret(message="This is a protected route!")
