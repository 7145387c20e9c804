"""Every system call of a pull is killed once; the same command again must give the same answer, nothing lost or doubled.

Usage: kill_points.py PATH-OF-IRFORENSICS [POINTS [SECONDS]]. POINTS are spread evenly over all calls by name and number
(default 500; 10000 takes all there are). Needs strace; fails without it. Cases lie in a memory file system.
"""

import csv
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

TOKEN = "tok-kill-points"
PAGES, LIMIT = 25, 4
# What no program can be killed at before it runs, or what would only wait.
LEFT_OUT = {"execve", "exit", "exit_group"}
# Errors are put where files are written; sockets and pipes are another test's.
ERRORS = {
    "fsync": ["EIO", "ENOSPC"],
    "fdatasync": ["EIO", "ENOSPC"],
    "rename": ["ENOSPC", "EACCES"],
    "mkdir": ["EROFS", "ENOSPC"],
}


def events():
    """The victim's log, newest first: as many pages as asked for."""
    found = []
    for n in range(PAGES * LIMIT):
        found.append({
            "id": f"e{n:04}", "timestamp": f"2026-03-01T{n // 60:02}:{n % 60:02}:00Z", "org_id": "org_v",
            "actor": {"id": "u_a", "type": "user", "org_id": "org_a", "credential_id": "c1"},
            "action": "invoice.read", "resource": {"type": "invoice", "id": f"inv_{n % 70}", "org_id": "org_v"},
            "outcome": "success", "http": {"method": "GET", "path": "/invoices/{id}", "status": 200},
            "request_id": f"rq{n}", "source_ip": "203.0.113.7", "user_agent": "curl/8",
        })
    return found[::-1]


class Api(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: the delayed acknowledgement of the first would cost 40 ms a page.
    wbufsize = -1
    disable_nagle_algorithm = True
    log = {"org_v": events(), "org_a": []}

    def do_GET(self):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        found = [e for e in self.log[query["org_id"]] if query["from"] <= e["timestamp"] < query["to"]]
        at, limit = int(query.get("cursor", 0)), int(query["limit"])
        more = str(at + limit) if at + limit < len(found) else None
        body = json.dumps({"data": found[at:at + limit], "next_cursor": more}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A killed client leaves its connection; that is what is tried here."""


class Trial:
    def __init__(self, binary, url, room):
        self.binary, self.room = binary, room
        self.words = [
            "cross-org", "--attacker", "org_a", "--victim", "org_v", "--from", "2026-03-01", "--to", "2026-03-02",
            "--profile", "small.toml", "--token-file", "token.txt", "--no-verify-walk", "--quiet", "--case", "case",
            "--base-url", url,
        ]
        self.environment = {"PATH": os.environ["PATH"], "RAYON_NUM_THREADS": "2", "POLARS_MAX_THREADS": "1"}

    def run(self, before=(), verb=None):
        command = [*before, self.binary, *(verb or self.words)]
        return subprocess.run(command, cwd=self.room, env=self.environment, capture_output=True, timeout=120)

    def fresh(self):
        shutil.rmtree(self.room / "case", ignore_errors=True)

    def calls(self):
        """How often each call is made, at most by one thread: that is how strace counts."""
        self.fresh()
        done = self.run(["strace", "-f", "-qq", "-o", "trace"])
        assert done.returncode == 0, done.stderr.decode()
        counts = {}
        for line in (self.room / "trace").read_text(errors="replace").splitlines():
            match = re.match(r"(\d+) +(\w+)\(", line)
            if match:
                counts.setdefault(match[2], {}).setdefault(match[1], 0)
                counts[match[2]][match[1]] += 1
        return {name: max(threads.values()) for name, threads in counts.items() if name not in LEFT_OUT}

    def answer(self):
        """The papers without the places in the evidence."""
        found = []
        for paper in ["records.csv", "accesses.csv", "actors.csv", "attempts.csv", "bulk.csv", "unresolved.csv"]:
            with open(self.room / "case/reports/internal" / paper, newline="") as file:
                rows = [{k: v for k, v in row.items() if k != "evidence_refs"} for row in csv.DictReader(file)]
            found.append(rows)
        return found

    def delivered(self):
        """Ids of all events on the pages that count."""
        found = []
        for bag in sorted((self.room / "case/evidence").iterdir()):
            for journal in sorted((bag / "data").glob("journal*.jsonl")):
                for line in journal.read_bytes().split(b"\n"):
                    try:
                        entry = json.loads(line)
                    except ValueError:
                        continue
                    if entry["kind"] == "page":
                        found += [e["id"] for e in json.loads((bag / entry["path"]).read_bytes())["data"]]
        return sorted(found)

    def check(self, expected, where):
        done = self.run()
        said = done.stderr.decode(errors="replace")
        # All was done when the blow came: then there is nothing to go on with.
        finished = done.returncode == 7 and "--again" in said
        if not (done.returncode == 0 or finished):
            sys.exit(f"kill points: {where}: the same command again ended with {done.returncode}: {said}")
        if self.answer() != expected[0]:
            sys.exit(f"kill points: {where}: another answer")
        if self.delivered() != expected[1]:
            sys.exit(f"kill points: {where}: events lost or doubled")
        verified = self.run(verb=["verify", "case"])
        if verified.returncode != 0:
            sys.exit(f"kill points: {where}: verify ended with {verified.returncode}: {verified.stdout.decode()}")

    def blow(self, inject):
        return self.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={inject}"])


def spread(points, wanted):
    if len(points) <= wanted:
        return points
    return [points[k * len(points) // wanted] for k in range(wanted)]


def main():
    binary, wanted = str(pathlib.Path(sys.argv[1]).resolve()), int(sys.argv[2]) if len(sys.argv) > 2 else 500
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else float("inf")
    if shutil.which("strace") is None:
        sys.exit("kill points: strace is missing")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    server = Server(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        room = pathlib.Path(folder)
        native = (pathlib.Path(__file__).resolve().parents[2] / "src/profile/native.toml").read_text()
        (room / "small.toml").write_text(native.replace("limit_max = 1000", f"limit_max = {LIMIT}"))
        (room / "token.txt").write_text(TOKEN)
        trial = Trial(binary, f"http://127.0.0.1:{server.server_address[1]}", room)
        counts = trial.calls()
        expected = trial.answer(), trial.delivered()
        assert len(expected[1]) == PAGES * LIMIT and len(set(expected[1])) == PAGES * LIMIT
        points = [(name, k) for name in sorted(counts) for k in range(1, counts[name] + 1)]
        begun, killed, tried, twice = time.monotonic(), 0, 0, 0
        for name, k in spread(points, wanted):
            if time.monotonic() - begun > seconds:
                sys.exit(f"kill points: only {tried} of {wanted} in {seconds:.0f} s")
            trial.fresh()
            done = trial.blow(f"{name}:signal=KILL:when={k}")
            tried += 1
            # strace ends as its child ended.
            killed += done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
            if tried % 5 == 0:
                # The recovery is killed as well.
                trial.blow(f"{name}:signal=KILL:when={max(1, k // 2)}")
                twice += 1
            trial.check(expected, f"{name}, call {k}")
        failed = 0
        for name, errors in ERRORS.items():
            for k in spread(range(1, counts.get(name, 0) + 1), 6):
                for error in errors:
                    trial.fresh()
                    done = trial.blow(f"{name}:error={error}:when={k}")
                    said = done.stderr.decode(errors="replace")
                    if done.returncode not in (0, 7) or "panicked" in said:
                        sys.exit(f"kill points: {error} at {name}, call {k}: ended with {done.returncode}: {said}")
                    failed += done.returncode == 7
                    trial.check(expected, f"{error} at {name}, call {k}")
        # An interrupted call is made again; nobody notices. (Not `write`: it also wakes tokio, which counts on that.)
        for name in ["openat", "fsync", "fdatasync"]:
            trial.fresh()
            done = trial.blow(f"{name}:error=EINTR:when=40+40")
            if done.returncode not in (0, 7):
                sys.exit(f"kill points: EINTR at {name}: {done.returncode}: {done.stderr.decode()}")
            trial.check(expected, f"EINTR at {name}")
        if killed * 2 < tried or tried < min(wanted, 500):
            sys.exit(f"kill points: only {killed} of {tried} blows hit")
        print(f"kill points: {killed} kills at {tried} of {len(points)} calls of {len(counts)} names, {twice} of them twice, "
              f"{failed} refused writes: 0 lost, 0 doubled, {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
