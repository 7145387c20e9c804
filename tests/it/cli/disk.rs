//! The disk and other processes: locks, links, limits, copies.

use super::pull::{TOKEN, pull, serve};
use super::support::{Ran, Room, lines, small};
use irforensics::rehearsal::{Fault, Server, Trouble};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A pull that hangs at its second request, with its server.
fn hanging(room: &Room) -> (Child, Server) {
    room.put("token.txt", TOKEN);
    let server = serve(&small(), vec![Fault::once(2, Trouble::Stall)]);
    let url = server.base_url();
    let window = ["--from", "2026-03-01", "--to", "2026-03-02", "--token-file", "token.txt"];
    let words = [
        &["cross-org", "--attacker", "org_a", "--victim", "org_v"],
        &window[..],
        &["--case", "case", "--base-url", &url],
    ];
    let child = room.start(&words.concat());
    let begun = Instant::now();
    let kept = room.path.join("case/evidence/acq-0001/data/pages/000001.body");
    while server.requests().len() < 2 || !kept.exists() {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(5));
    }
    (child, server)
}

fn end(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Runs the program from a shell that first says something else.
fn shell(room: &Room, first: &str, args: &[&str]) -> Ran {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &format!("{first}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_irforensics")]).args(args);
    let output = command.current_dir(&room.path).env_clear().stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn fault_088_a_second_writer_is_refused_and_told_who_is_first() {
    let room = Room::new("disk_lock");
    let (child, server) = hanging(&room);
    let ran =
        pull(&room, &server.base_url(), &["--token-file", "token.txt"]).refuses(7, &["(cross-org) on ", "since 20"]);
    assert!(ran.err.contains(&format!("process {}", child.id())), "{}", ran.err);
    end(child);
    // The file of the dead holder is still there and means nothing.
    assert!(room.text("case/lock").contains("cross-org"));
    pull(&room, &server.base_url(), &["--token-file", "token.txt"]).ends(0);
}

#[test]
fn fault_089_a_case_that_is_copied_while_it_is_written_is_open() {
    let room = Room::new("disk_copied");
    let (child, server) = hanging(&room);
    assert!(Command::new("cp").args(["-r", "case", "copy"]).current_dir(&room.path).status().unwrap().success());
    let ran = room.run(&["verify", "copy"]).ends(3);
    assert!(ran.flat().contains("acq-0001 OPEN"), "{}", ran.out);
    end(child);
    drop(server);
}

#[test]
fn fault_092_links_in_the_case_are_not_followed() {
    let room = Room::new("disk_links");
    room.put("log.ndjson", lines(&small()));
    let asked = ["--input", "log.ndjson", "--case", "case"];
    for name in ["evidence", "lock", "inputs", "reports"] {
        let outside = room.path.join(format!("outside-{name}"));
        let is_file = name == "lock";
        fs::create_dir_all(room.path.join("case")).unwrap();
        if is_file {
            fs::write(&outside, "kept").unwrap();
        } else {
            fs::create_dir(&outside).unwrap();
        }
        let planted = room.path.join("case").join(name);
        symlink(&outside, &planted).unwrap();
        room.put("owners.csv", "record_type,record_id,owner_org\n");
        room.ask(&[&asked[..], &["--catalogue", "owners.csv"]].concat()).ends(7).says(&[name]);
        if is_file {
            assert_eq!(fs::read_to_string(&outside).unwrap(), "kept");
        } else {
            assert_eq!(fs::read_dir(&outside).unwrap().count(), 0, "{name}: something was written outside");
        }
        fs::rename(&planted, room.path.join(format!("was-{name}"))).unwrap();
        fs::rename(room.path.join("case"), room.path.join(format!("case-{name}"))).unwrap();
    }
    // A second name of a file of ours would be written through as well.
    room.put("precious", "kept");
    fs::create_dir_all(room.path.join("case")).unwrap();
    fs::hard_link(room.path.join("precious"), room.path.join("case/lock")).unwrap();
    room.ask(&asked).ends(7).says(&["lock"]);
    assert_eq!(room.text("precious"), "kept");
}

#[test]
fn fault_093_nothing_is_open_to_others_whatever_the_umask() {
    let room = Room::new("disk_umask");
    room.put("log.ndjson", lines(&small()));
    let args = ["cross-org", "--attacker", "org_a", "--victim", "org_v", "--input", "log.ndjson", "--case", "case"];
    let ran = shell(&room, "umask 000", &args).ends(0);
    assert!(!ran.err.contains("warning"), "{}", ran.err);
    let mut open = vec![room.path.join("case")];
    while let Some(path) = open.pop() {
        let meta = path.symlink_metadata().unwrap();
        let expected = if meta.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(meta.permissions().mode() & 0o777, expected, "{}", path.display());
        if meta.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    fs::create_dir(room.path.join("open")).unwrap();
    fs::set_permissions(room.path.join("open"), fs::Permissions::from_mode(0o777)).unwrap();
    let ran = room.ask(&["--input", "log.ndjson", "--case", "open/case"]).ends(0);
    assert!(ran.err.contains("warning: ") && ran.err.contains("every user"), "{}", ran.err);
}

#[test]
fn fault_084_a_quota_ends_with_7_and_the_same_command_goes_on() {
    let room = Room::new("disk_quota");
    let more = "x".repeat(40_000);
    room.put("a.ndjson", lines(&small()));
    room.put("b.ndjson", format!("{{\"note\":\"{more}\"}}\n"));
    let args = ["import", "a.ndjson", "b.ndjson", "--case", "case"];
    // No file longer than 16 KiB, and a refusal instead of the signal.
    let ran = shell(&room, "trap '' XFSZ; ulimit -f 32", &args).ends(7);
    assert!(ran.err.contains("000002.body") && ran.err.contains("intact"), "{}", ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    assert!(room.path.join("case/evidence/acq-0001/data/pages/000001.body").exists());
    room.run(&args).ends(3);
    room.run(&["verify", "case"]).ends(0);
    assert!(!room.path.join("case/evidence/acq-0002").exists(), "it went on where it was");
}

#[test]
fn fault_084_papers_that_find_no_room_leave_nothing_half_written() {
    let room = Room::new("disk_papers");
    room.put("log.ndjson", lines(&small()));
    room.run(&["import", "log.ndjson", "--case", "case"]).ends(0);
    let args = ["cross-org", "--attacker", "org_a", "--victim", "org_v", "--case", "case"];
    let ran = shell(&room, "trap '' XFSZ; ulimit -f 8", &args).ends(7);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    let reports = room.path.join("case/reports/internal");
    assert_eq!(fs::read_dir(reports).unwrap().count(), 0, "no paper is there in part");
    room.run(&["verify", "case"]).ends(0);
    room.run(&args).ends(0);
}

#[test]
fn fault_086_what_cannot_be_a_case_is_refused_at_once() {
    let room = Room::new("disk_refused");
    room.put("log.ndjson", lines(&small()));
    room.put("file", "here");
    room.ask(&["--input", "log.ndjson", "--case", "file"]).refuses(7, &["file"]);
    room.ask(&["--input", "log.ndjson", "--case", "file/below"]).refuses(7, &["file"]);
    room.ask(&["--input", "log.ndjson", "--case", "/proc/case"]).refuses(7, &["/proc/case"]);
}

#[test]
fn fault_097_bit_rot_is_told_before_anything_is_answered() {
    let room = Room::new("disk_rot");
    room.put("log.ndjson", lines(&small()));
    room.ask(&["--input", "log.ndjson", "--case", "case"]).ends(0);
    let page = room.path.join("case/evidence/acq-0001/data/pages/000001.body");
    let mut bytes = fs::read(&page).unwrap();
    bytes[7] ^= 4;
    fs::write(&page, bytes).unwrap();
    room.run(&["cross-org", "--case", "case"]).refuses(4, &["000001.body"]);
    let sums = room.sums("case");
    room.run(&["timeline", "case"]).ends(4);
    assert_eq!(room.sums("case"), sums, "no paper was written from it");
}

#[test]
fn an_import_that_was_killed_goes_on_and_doubles_nothing() {
    let room = Room::new("disk_import");
    room.put("a.ndjson", lines(&small()[..3]));
    room.put("b.ndjson", lines(&small()[3..]));
    let args = ["import", "a.ndjson", "b.ndjson", "--case", "case"];
    room.run(&args).ends(0);
    // As a kill behind the first file leaves it: no seal, one line, a second body without its line.
    let acquisition = room.path.join("case/evidence/acq-0001");
    fs::rename(&acquisition, room.path.join("whole")).unwrap();
    fs::rename(room.path.join("case/custody"), room.path.join("custody_of_the_whole")).unwrap();
    fs::create_dir_all(acquisition.join("data/pages")).unwrap();
    for name in ["request.json", "pages/000001.body", "pages/000001.head", "pages/000002.body"] {
        fs::copy(room.path.join("whole/data").join(name), acquisition.join("data").join(name)).unwrap();
    }
    let journal = room.text("whole/data/journal.jsonl");
    room.put("case/evidence/acq-0001/data/journal.jsonl", journal.lines().next().unwrap().to_owned() + "\n");
    room.put("case/case.toml", "profile = \"native\"\n");
    room.run(&args).ends(0).says(&["goes on with acq-0001"]);
    let next = room.text("case/evidence/acq-0001/data/journal-0002.jsonl");
    assert!(next.contains("\"stray\"") && next.contains("000003.body"), "{next}");
    let ran = room.run(&["query", "SELECT COUNT(*) AS n FROM events", "--case", "case", "--format", "csv"]).ends(0);
    assert_eq!(ran.out.replace("\r\n", "\n"), "n\n6\n");
    room.run(&["verify", "case"]).ends(0);
}
