"""Security, First Steps: https://fastapi.tiangolo.com/tutorial/security/first-steps/"""

from typing import Annotated

from fastapi import Depends
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

from course import app

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


class Secret(BaseModel):
    token: str
    message: str


@app.get("/items/secret")
async def secret(token: Annotated[str, Depends(oauth2_scheme)]) -> Secret:
    return Secret(token=token, message="This is a protected route!")
