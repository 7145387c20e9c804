"""Other people's programs must agree: sha256sum, bagit-python and ssh-keygen on the evidence, DuckDB on the questions.

Usage: peers.py PATH-OF-IRFORENSICS [FOLDER-OF-PACKAGES]. Fails where a peer is missing. The packages are those that
`cargo test legal` leaves in the folder that IRFORENSICS_PACKAGES names.
"""

import datetime
import json
import logging
import os
import pathlib
import shutil
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


NAMESPACE = "irforensics-evidence"


def ended(*command, cwd=None, stdin=b""):
    return subprocess.run([str(word) for word in command], cwd=cwd, input=stdin, capture_output=True).returncode


def check_signatures(irforensics, case, folder):
    """What ssh-keygen signs is accepted here, what is signed here ssh-keygen makes too, and strangers pass nowhere."""
    for name in ["ours", "theirs"]:
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"{name}@example.org", "-f", folder / name)
    allowed = folder / "allowed_signers"
    allowed.write_text(f'ours@example.org namespaces="{NAMESPACE}" {(folder / "ours.pub").read_text()}')
    # Every acquisition of the case is signed: the pull, and the reading that it was held against.
    every = sorted((case / "evidence").glob("acq-*/tagmanifest-sha256.txt"))
    tags = every[0]
    signature = pathlib.Path(f"{tags}.sig")
    texts = []
    for hashes in ["sha256", "sha512"]:
        for tag in every:
            pathlib.Path(f"{tag}.sig").unlink(missing_ok=True)
            run("ssh-keygen", "-q", "-Y", "sign", "-O", f"hashalg={hashes}", "-f", folder / "ours", "-n", NAMESPACE, tag)
        run(irforensics, "verify", case, "--signer", allowed)
        run(irforensics, "verify", case, "--signer", folder / "ours.pub")
        if ended(irforensics, "verify", case, "--signer", folder / "theirs.pub") != 4:
            sys.exit("peers: a signature by a stranger is accepted")
        texts.append(signature.read_bytes())
    # The same key and the same bytes: the same signature, to the byte.
    log = folder / "log.ndjson"
    log.write_text(next((ROOT / "queries" / "samples").glob("*/found.ndjson")).read_text())
    signed = folder / "signed"
    run(irforensics, "import", log, "--case", signed, "--sign-key", folder / "ours", "--quiet")
    tags = signed / "evidence" / "acq-0001" / "tagmanifest-sha256.txt"
    made = pathlib.Path(f"{tags}.sig")
    ours = made.read_bytes()
    made.unlink()
    run("ssh-keygen", "-q", "-Y", "sign", "-f", folder / "ours", "-n", NAMESPACE, tags)
    if made.read_bytes() != ours:
        sys.exit("peers: ssh-keygen signs the same bytes with another text")
    accepts = ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "ours@example.org", "-n", NAMESPACE, "-s", made]
    if ended(*accepts, stdin=tags.read_bytes()) or not ended(*accepts, stdin=tags.read_bytes() + b"x"):
        sys.exit("peers: ssh-keygen does not verify what is signed here, or verifies anything")
    for tag in every:
        pathlib.Path(f"{tag}.sig").unlink()
    print(f"signatures: {len(texts) + 1} alike for ssh-keygen and here")


def check_moved(irforensics, case, folder):
    """Packed, unpacked elsewhere, and verified there."""
    for form in ["zip", "gztar"]:
        away = folder / f"unpacked {form}"
        shutil.unpack_archive(shutil.make_archive(str(folder / "packed"), form, case), away)
        run(irforensics, "verify", away)
    print("moved: a zip and a tar of a case verify where they were unpacked")


def check_packages(packages):
    """Every package that `verify` accepts, others accept."""
    bags = sorted(packages.glob("*/evidence/acq-*"))
    if len(bags) < 500:
        sys.exit(f"peers: {packages} holds only {len(bags)} bags")
    script = 'for bag; do (cd "$bag" && sha256sum --check --strict --quiet manifest-sha256.txt tagmanifest-sha256.txt) || exit 1; done'
    run("bash", "-c", script, "bash", *bags)
    for bag in bags:
        bagit.Bag(str(bag)).validate()
    allowed = packages / "allowed_signers"
    signed = [bag for bag in bags if (bag / "tagmanifest-sha256.txt.sig").exists()]
    if not 0 < len(signed) < len(bags):
        sys.exit("peers: the packages are not of both kinds, signed and unsigned")
    key = json.loads((signed[0] / "seal.json").read_text())["signer"]
    allowed.write_text(f"me {key}\n")
    script = f'for bag; do ssh-keygen -Y verify -f "$0" -I me -n {NAMESPACE} -s "$bag/tagmanifest-sha256.txt.sig" < "$bag/tagmanifest-sha256.txt" || exit 1; done'
    run("bash", "-c", script, allowed, *signed)
    print(f"packages: {len(bags)} bags valid for sha256sum and bagit-python, {len(signed)} signatures for ssh-keygen")


def rows_of(text):
    return [json.loads(line) for line in text.splitlines()]


# What the questions are told on the rehearsed incident; a sample brings its own.
TOLD = {"actor": "usr_kai_332dd8", "credential": "cred_9afcd44d14cf", "from_us": "1772668800000000"}


def parameters(query):
    line = next(line for line in query.read_text().splitlines() if line.startswith("-- parameters: "))
    names = line.removeprefix("-- parameters: ").split(", ")
    return [] if names == ["none"] else names


def load(irforensics, case, folder):
    """The two tables of a case in DuckDB."""
    database = duckdb.connect()
    for table in ["events", "targets"]:
        text = run(irforensics, "query", f"SELECT * FROM {table}", "--case", case, "--format", "ndjson")
        path = folder / f"{table}.ndjson"
        path.write_text(text)
        # A table without rows still has its columns: they stand in the header of the CSV.
        header = run(irforensics, "query", f"SELECT * FROM {table} LIMIT 0", "--case", case, "--format", "csv")
        columns = {name: TYPES.get(name, "VARCHAR") for name in header.strip().split(",")}
        database.execute(
            f"CREATE TABLE {table} AS SELECT * FROM read_json($path, format = 'newline_delimited', columns = {columns})",
            {"path": str(path)},
        )
        held = database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
        if held != text.count("\n"):
            sys.exit(f"peers: {table} has {text.count(chr(10))} rows here and {held} in DuckDB")
    return database


def alike(irforensics, case, database, query, told):
    """Asks one question of both, and gives the number of rows on which they agree."""
    flags = [word for name, value in told.items() for word in ["--param", f"{name}={value}"]]
    ours = rows_of(run(irforensics, "query", f"@{query.stem}", "--case", case, "--format", "ndjson", *flags))
    database.execute("DROP TABLE IF EXISTS params")
    if told:
        # Times may be given as dates; what the question is told are microseconds.
        values = [microseconds(value) if name.endswith("_us") else value for name, value in told.items()]
        columns = ", ".join(f"{name} VARCHAR" for name in told)
        database.execute(f"CREATE TABLE params ({columns})")
        database.execute(f"INSERT INTO params VALUES ({', '.join('?' for _ in told)})", values)
    cursor = database.execute(query.read_text())
    names = [column[0] for column in cursor.description]
    theirs = [dict(zip(names, row)) for row in cursor.fetchall()]
    if ours != theirs:
        differing = next((pair for pair in zip(ours, theirs) if pair[0] != pair[1]), (len(ours), len(theirs)))
        sys.exit(f"peers: @{query.stem} on {case.name} differs: ours {differing[0]}, DuckDB's {differing[1]}")
    return len(ours)


def microseconds(text):
    if text.isdigit():
        return text
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)
    return str(int(moment.timestamp()) * 1_000_000)


def check_questions(irforensics, case, folder):
    database = load(irforensics, case, folder)
    answered = {}
    for query in QUERIES:
        told = {name: TOLD[name] for name in parameters(query)}
        answered[query.stem] = alike(irforensics, case, database, query, told)
    if not QUERIES or not any(answered.values()):
        sys.exit("peers: no question was answered")
    total = sum(answered.values())
    print(f"questions: {len(QUERIES)} with {total} rows alike in DuckDB {duckdb.__version__} on the incident")


def check_samples(irforensics, folder):
    total = 0
    for query in QUERIES:
        sample = ROOT / "queries" / "samples" / query.stem
        lines = (sample / "params.txt").read_text().splitlines() if parameters(query) else []
        told = dict(line.split("=", 1) for line in lines)
        for events in ["found", "near-miss"]:
            case = folder / f"{query.stem}-{events}"
            run(irforensics, "import", sample / f"{events}.ndjson", "--case", case, "--quiet")
            rows = alike(irforensics, case, load(irforensics, case, folder), query, told)
            if events == "found" and not rows:
                sys.exit(f"peers: @{query.stem} finds nothing in its sample")
            total += rows
    print(f"samples: {total} rows alike on both sides of {len(QUERIES)} questions")


def main():
    irforensics = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        case = folder / "case"
        run(irforensics, "demo", "--out", case, "--quiet")
        check_evidence(case)
        run(irforensics, "verify", case)
        check_signatures(irforensics, case, folder)
        check_moved(irforensics, case, folder)
        if len(sys.argv) > 2:
            check_packages(pathlib.Path(sys.argv[2]))
        check_questions(irforensics, case, folder)
        check_samples(irforensics, folder)


main()
