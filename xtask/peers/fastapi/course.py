"""What every step has: the app as the course describes it, and its open route."""

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI(
    title="Items API",
    version="1.0.0",
    description="The workshop's API: two items and a secret.",
    license_info={"name": "MIT OR Apache-2.0"},
)


class Item(BaseModel):
    id: int
    name: str


@app.get("/items")
async def items() -> list[Item]:
    return [Item(id=1, name="Teapot"), Item(id=2, name="Lantern")]
