//! A small case made by the locker itself, held in memory, copied and broken at will.

use irforensics::evidence::{
    Asked, Body, Case, Finding, Inspection, Known, Locker, OPEN_FORMAT, RequestRecord, Signers, SigningKey, WayRecord,
    inspect,
};
use irforensics::model::{Gap, Moment, OrgId, Window};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of a case by their paths.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// A case folder that only this test knows.
pub(super) struct Package {
    pub(super) root: PathBuf,
    /// What `case.toml` would know.
    pub(super) known: Known,
}

/// A key of these tests alone; it opens nothing.
pub(crate) const KEY: &str = "-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACBuo2GtzsNfPaQ3vWy6gY5feiHbVQr0JyPsAOyPqosyTQAAAJgp/TkcKf05
HAAAAAtzc2gtZWQyNTUxOQAAACBuo2GtzsNfPaQ3vWy6gY5feiHbVQr0JyPsAOyPqosyTQ
AAAEAolSTaIm3Dw/3WaMyq2tDkze9muiDlG8u2aCVUd2kHGm6jYa3Ow189pDe9bLqBjl96
IdtVCvQnI+wA7I+qizJNAAAADm1lQGV4YW1wbGUub3JnAQIDBAUGBw==
-----END OPENSSH PRIVATE KEY-----
";
/// Its public half.
pub(crate) const PUBLIC: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG6jYa3Ow189pDe9bLqBjl96IdtVCvQnI+wA7I+qizJN me@example.org";

/// A folder in memory where the system has one: these tests write many small files.
pub(super) fn folder(name: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { PathBuf::from(env!("CARGO_TARGET_TMPDIR")) };
    let folder = base.join(format!("irforensics-evidence-{}", std::process::id())).join(name);
    empty(&folder);
    // Another test may take the folder of this run away, just when it is empty.
    let made = (0..100).find(|_| fs::create_dir_all(&folder).is_ok());
    assert!(made.is_some(), "no folder {}", folder.display());
    folder
}

/// Takes a test's own folder away.
#[expect(clippy::disallowed_methods, reason = "a test empties its own folder")]
pub(super) fn empty(folder: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
        // The folder of this run goes with the last in it.
        let run = folder.parent().filter(|run| run.to_string_lossy().contains("irforensics-evidence-"));
        drop(run.map(fs::remove_dir));
    }
}

/// Takes a file away.
#[expect(clippy::disallowed_methods, reason = "the test does what an intruder does")]
pub(super) fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}

impl Drop for Package {
    fn drop(&mut self) {
        empty(&self.root);
    }
}

pub(super) fn at(second: i64) -> Moment {
    Moment::from_micros(1_772_000_000_000_000 + second * 1_000_000)
}

pub(super) fn request() -> RequestRecord {
    RequestRecord {
        way: WayRecord::default(),
        source: "http://127.0.0.1:8080".to_owned(),
        orgs: vec![OrgId::new("org_a").unwrap()],
        window: Window::new(Some(at(0)), Some(at(60))).unwrap(),
        profile: "native".to_owned(),
        token_fingerprints: vec!["0123456789ab".to_owned()],
        started_at: at(100),
        tool_version: "0.1.0",
        format: OPEN_FORMAT,
        verifies: None,
        reading: None,
        asked: Asked::default(),
    }
}

/// One acquisition with pages and an attempt.
pub(super) fn acquire(case: &Case, pages: usize) -> String {
    let mut locker = Locker::create(case, &request()).unwrap();
    for page in 1..=pages {
        let bytes = format!("{{\"data\":[{{\"id\":\"e{page}\"}}],\"next_cursor\":null}}");
        locker
            .keep(&Body { bytes: bytes.as_bytes(), status: 200, org: "org_a".to_owned(), ..Body::default() })
            .unwrap();
    }
    let attempt = Some("status 503".to_owned());
    locker.keep(&Body { bytes: b"busy", attempt, status: 503, org: "org_a".to_owned(), ..Body::default() }).unwrap();
    let gap = Gap { log_org: OrgId::new("org_a"), from: Some(at(1)), to: Some(at(2)), reason: "status 503".to_owned() };
    locker.seal(&[], &[gap], at(200)).unwrap()
}

impl Package {
    /// A case with one acquisition for each number of pages.
    pub(super) fn new(name: &str, acquisitions: &[usize]) -> Self {
        Self::with_key(name, acquisitions, false)
    }

    /// The same, signed.
    pub(super) fn signed(name: &str, acquisitions: &[usize]) -> Self {
        Self::with_key(name, acquisitions, true)
    }

    fn with_key(name: &str, acquisitions: &[usize], signed: bool) -> Self {
        let root = folder(name);
        fs::write(root.join("key"), KEY).unwrap();
        let key = signed.then(|| SigningKey::read(&root.join("key")).unwrap());
        let case = Case::open_or_create(&root).unwrap().signing(key);
        for pages in acquisitions {
            acquire(&case, *pages);
        }
        let mut package = Self { root, known: Known::default() };
        package.remember();
        package
    }

    /// Takes what there is for what is known.
    pub(super) fn remember(&mut self) {
        let seen = self.inspect();
        assert_eq!(seen.findings, []);
        self.known.seal = seen.proof.seals.last().cloned();
        self.known.custody_head = Some(seen.custody.head().to_owned());
    }

    /// Expects signers, as `--signer` would.
    pub(super) fn expecting(mut self, signers: &str) -> Self {
        let path = self.root.join("signers");
        fs::write(&path, signers).unwrap();
        self.known.signers = Some(Signers::read(&path).unwrap());
        self
    }

    /// The same files in another folder.
    pub(super) fn copy(&self, name: &str) -> Self {
        let copy = Self { root: folder(name), known: self.known.clone() };
        copy_folder(&self.root, &copy.root);
        copy
    }

    pub(super) fn inspect(&self) -> Inspection {
        inspect(&Case::open(&self.root).unwrap(), &self.known, None).unwrap()
    }

    /// Findings as lines.
    pub(super) fn told(&self) -> Vec<String> {
        let line = |f: &Finding| format!("{} {}", f.path, f.problem);
        self.inspect().findings.iter().map(line).collect()
    }

    /// A path in the first acquisition.
    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.root.join("evidence/acq-0001").join(path)
    }

    pub(super) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    pub(super) fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.at(path), bytes).unwrap();
    }

    /// Everything below evidence and custody, by path relative to the case.
    pub(super) fn files(&self) -> Files {
        let mut files = self.below("evidence");
        files.append(&mut self.below("custody"));
        files
    }

    /// The files below a folder.
    pub(super) fn below(&self, folder: &str) -> Files {
        let mut files = Files::new();
        let mut open = vec![self.root.join(folder)];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(&self.root).unwrap().to_string_lossy().into_owned();
                    files.insert(name, fs::read(path).unwrap());
                }
            }
        }
        files
    }
}

pub(super) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
