"""Simple OAuth2 with Password and Bearer, its first half: https://fastapi.tiangolo.com/tutorial/security/simple-oauth2/"""

from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordRequestForm

from step_03 import app

passwords = {"alice": "wonderland", "carol": "christmas"}


@app.post("/token")
async def login(form_data: Annotated[OAuth2PasswordRequestForm, Depends()]):
    password = passwords.get(form_data.username)
    if not password or form_data.password != password:
        raise HTTPException(status_code=400, detail="Incorrect username or password")
    return {"access_token": form_data.username, "token_type": "bearer"}
