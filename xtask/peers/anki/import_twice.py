"""Imports a file of `cargo xtask recall --anki` twice, and says what is then in the collection."""

import sys
import tempfile
from pathlib import Path

from anki.collection import Collection, CsvMetadata, ImportCsvRequest


def import_file(collection: Collection, path: str) -> CsvMetadata:
    metadata = collection.get_csv_metadata(path=path, delimiter=None)
    collection.import_csv(ImportCsvRequest(path=path, metadata=metadata))
    return metadata


def problems(collection: Collection, rows: list[list[str]]) -> list[str]:
    found = []
    count = collection.note_count()
    if count != len(rows):
        found.append(f"{count} notes come of {len(rows)} lines")
    if collection.card_count() != count:
        found.append(f"{collection.card_count()} cards come of {count} notes")
    for guid, deck, front, back in rows:
        ids = collection.db.list("select id from notes where guid = ?", guid)
        if len(ids) != 1:
            found.append(f"{guid} is there {len(ids)} times")
            continue
        note = collection.get_note(ids[0])
        if note.fields != [front, back]:
            found.append(f"{guid} has other fields: {note.fields}")
        (card,) = note.cards()
        if collection.decks.name(card.did) != deck:
            found.append(f"{guid} is in the deck {collection.decks.name(card.did)}")
    return found


def main(path: str) -> None:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        found = []
        for time in ("first", "second"):
            import_file(collection, path)
            found += [f"after the {time} import: {problem}" for problem in problems(collection, rows)]
        collection.close()
    if found:
        sys.exit("\n".join(found))
    print(f"Imported twice: {len(rows)} notes, none of them double.")


main(sys.argv[1])
