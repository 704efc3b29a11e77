"""In FastAPI this step is no step: document and page are there from the first line on."""

from pydantic import BaseModel

from course import app


class Message(BaseModel):
    message: str


@app.get("/items/secret")
async def secret() -> Message:
    return Message(message="This is not a secret yet.")
