"""Other people's programs must agree: sha256sum and bagit-python on the evidence, DuckDB on the questions.

Usage: peers.py PATH-OF-IRFORENSICS. Fails where a peer is missing.
"""

import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile

import bagit
import duckdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
QUERIES = sorted((ROOT / "queries").glob("*.sql"))

# The columns that are not text.
TYPES = dict.fromkeys(
    ["acquisition", "page", "byte_offset", "byte_len", "time_us", "http_status", "returned_count", "total_count",
     "repeats", "ordinal"],
    "BIGINT",
) | dict.fromkeys(["time_known", "zone_assumed"], "BOOLEAN")


def run(*command, cwd=None):
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=environment, capture_output=True)
    if done.returncode != 0:
        sys.stderr.write(done.stderr.decode(errors="replace"))
        sys.exit(f"peers: {' '.join(map(str, command))} ended with {done.returncode}")
    return done.stdout.decode()


def check_evidence(case):
    bags = sorted((case / "evidence").glob("acq-*"))
    if not bags:
        sys.exit("peers: the case has no acquisition")
    for bag in bags:
        for manifest in ["manifest-sha256.txt", "tagmanifest-sha256.txt"]:
            run("sha256sum", "--check", "--strict", "--quiet", manifest, cwd=bag)
        bagit.Bag(str(bag)).validate()
    # A peer that accepts everything would prove nothing.
    body = next((bags[0] / "data" / "pages").glob("*.body"))
    kept = body.read_bytes()
    body.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    logging.getLogger("bagit").setLevel(logging.CRITICAL)
    try:
        bagit.Bag(str(bags[0])).validate()
        sys.exit("peers: bagit-python accepts a body with one bit changed")
    except bagit.BagValidationError:
        pass
    body.write_bytes(kept)
    print(f"evidence: {len(bags)} bags valid for sha256sum and bagit-python {bagit.VERSION}")


def rows_of(text):
    return [json.loads(line) for line in text.splitlines()]


def check_questions(irforensics, case, folder):
    database = duckdb.connect()
    for table in ["events", "targets"]:
        text = run(irforensics, "query", f"SELECT * FROM {table}", "--case", case, "--format", "ndjson")
        path = folder / f"{table}.ndjson"
        path.write_text(text)
        first = json.loads(text.split("\n", 1)[0])
        columns = {name: TYPES.get(name, "VARCHAR") for name in first}
        database.execute(
            f"CREATE TABLE {table} AS SELECT * FROM read_json($path, format = 'newline_delimited', columns = {columns})",
            {"path": str(path)},
        )
        held = database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
        if held != text.count("\n"):
            sys.exit(f"peers: {table} has {text.count(chr(10))} rows here and {held} in DuckDB")
    answered = 0
    for query in QUERIES:
        cursor = database.execute(query.read_text())
        names = [column[0] for column in cursor.description]
        theirs = [dict(zip(names, row)) for row in cursor.fetchall()]
        ours = rows_of(run(irforensics, "query", f"@{query.stem}", "--case", case, "--format", "ndjson"))
        if ours != theirs:
            differing = next((pair for pair in zip(ours, theirs) if pair[0] != pair[1]), (len(ours), len(theirs)))
            sys.exit(f"peers: @{query.stem} differs: ours {differing[0]}, DuckDB's {differing[1]}")
        answered += len(ours)
    if not QUERIES or not answered:
        sys.exit("peers: no question was answered")
    print(f"questions: {len(QUERIES)} with {answered} rows alike in DuckDB {duckdb.__version__}")


def main():
    irforensics = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        case = folder / "case"
        run(irforensics, "demo", "--out", case, "--quiet")
        check_evidence(case)
        run(irforensics, "verify", case)
        check_questions(irforensics, case, folder)


main()
