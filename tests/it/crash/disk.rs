//! A disk in memory. What was not flushed when the power goes may be there, torn, zeroed, or not at all.

use irforensics::evidence::{EvidenceError, FileKind, Files};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Bytes that reach the disk together.
const SECTOR: usize = 512;

/// A number that a seed and a counter fix.
pub(super) fn chance(seed: u64, counter: u64) -> u64 {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(counter).wrapping_add(1);
    for _ in 0..3 {
        x = (x ^ (x >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    x ^ (x >> 29)
}

fn counter(n: usize) -> u64 {
    u64::try_from(n).unwrap()
}

/// The disk; clones share it.
#[derive(Clone, Debug)]
pub(super) struct Model(Arc<Mutex<State>>);

#[derive(Clone, Debug, Default)]
struct State {
    /// Contents by file number: what reads see, and what is flushed.
    now: Vec<Vec<u8>>,
    flushed: Vec<Vec<u8>>,
    /// What lies where: none is a folder.
    names: BTreeMap<PathBuf, Option<usize>>,
    safe_names: BTreeMap<PathBuf, Option<usize>>,
    /// Changes of names that no flush of their folder followed, in order.
    pending: Vec<Change>,
    steps: u64,
    cut_after: u64,
    full_after: u64,
    panic_after: u64,
    fail_append: bool,
    dead: bool,
}

#[derive(Clone, Debug)]
enum Change {
    Made(PathBuf, Option<usize>),
    Moved(PathBuf, PathBuf, usize),
}

impl Change {
    fn folder(&self) -> &Path {
        let (Self::Made(path, _) | Self::Moved(_, path, _)) = self;
        path.parent().unwrap()
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, Option<usize>>) {
        match self {
            Self::Made(path, file) => {
                names.insert(path.clone(), *file);
            }
            Self::Moved(from, to, file) => {
                names.remove(from);
                names.insert(to.clone(), Some(*file));
            }
        }
    }
}

impl Model {
    /// A disk with an empty folder `/case`.
    pub(super) fn new() -> Self {
        let names = BTreeMap::from([(PathBuf::from("/case"), None)]);
        let never = u64::MAX;
        Self(Arc::new(Mutex::new(State {
            safe_names: names.clone(),
            names,
            cut_after: never,
            full_after: never,
            panic_after: never,
            ..State::default()
        })))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Steps so far.
    pub(super) fn steps(&self) -> u64 {
        self.state().steps
    }

    /// The power goes after that many more steps.
    pub(super) fn cut_after(&self, steps: u64) {
        let mut state = self.state();
        state.cut_after = state.steps.saturating_add(steps);
    }

    /// The disk is full after that many steps.
    pub(super) fn full_after(&self, steps: u64) {
        self.state().full_after = steps;
    }

    /// Whoever makes that step panics.
    pub(super) fn panic_after(&self, steps: u64) {
        self.state().panic_after = steps;
    }

    /// The next flush of an append fails; what it wrote may be there.
    pub(super) fn fail_next_append(&self) {
        self.state().fail_append = true;
    }

    pub(super) fn is_dead(&self) -> bool {
        self.state().dead
    }

    /// The disk as the next start finds it.
    pub(super) fn after_the_cut(&self, seed: u64) -> Self {
        let mut state = self.state().clone();
        let mut names = state.safe_names.clone();
        for (k, change) in state.pending.iter().enumerate() {
            // An entry may be lost though a later one is not; one whose folder is lost is lost with it.
            if chance(seed, counter(k)).is_multiple_of(2) && names.contains_key(change.folder()) {
                change.apply(&mut names);
            }
        }
        let lost: Vec<PathBuf> = names
            .keys()
            .filter(|p| p.ancestors().skip(1).any(|a| a.parent().is_some() && !names.contains_key(a)))
            .cloned()
            .collect();
        for path in &lost {
            names.remove(path);
        }
        for file in 0..state.now.len() {
            state.flushed[file] = torn(&state.flushed[file], &state.now[file], chance(seed, 1_000 + counter(file)));
        }
        let model = Self::new();
        *model.state() = State {
            now: state.flushed.clone(),
            flushed: state.flushed,
            safe_names: names.clone(),
            names,
            steps: 0,
            cut_after: u64::MAX,
            full_after: u64::MAX,
            panic_after: u64::MAX,
            ..State::default()
        };
        model
    }

    /// Writes the whole disk below a real folder.
    pub(super) fn pour(&self, folder: &Path) {
        let state = self.state();
        for (path, file) in &state.names {
            let real = folder.join(path.strip_prefix("/").unwrap());
            match file {
                None => std::fs::create_dir_all(&real).unwrap(),
                Some(file) => std::fs::write(&real, &state.now[*file]).unwrap(),
            }
        }
    }
}

/// What is left of a file: what was flushed, then of the rest each sector, zeros in its place, or an end.
fn torn(flushed: &[u8], now: &[u8], seed: u64) -> Vec<u8> {
    if flushed == now || seed.is_multiple_of(4) {
        return flushed.to_vec();
    }
    let common = flushed.iter().zip(now).take_while(|(a, b)| a == b).count();
    if common < flushed.len() {
        // Cut and written anew: either may be found, or nothing.
        return [flushed, now, &[]][usize::try_from(seed % 3).unwrap()].to_vec();
    }
    let mut left = flushed.to_vec();
    let mut at = flushed.len();
    let mut k = 0;
    while at < now.len() {
        let end = ((at / SECTOR + 1) * SECTOR).min(now.len());
        match chance(seed, k) % 4 {
            0 => left.extend(std::iter::repeat_n(0, end - at)),
            1 if seed.is_multiple_of(2) => return left,
            _ => left.extend_from_slice(&now[at..end]),
        }
        (at, k) = (end, k + 1);
    }
    left
}

impl State {
    /// One step; the power may go before it, the disk may be full.
    fn step(&mut self, path: &Path) -> Result<(), EvidenceError> {
        let failed = |kind: std::io::ErrorKind| EvidenceError::Disk { path: path.to_owned(), source: kind.into() };
        self.dead |= self.steps >= self.cut_after;
        if self.dead {
            return Err(failed(std::io::ErrorKind::BrokenPipe));
        }
        if self.steps >= self.full_after {
            return Err(failed(std::io::ErrorKind::StorageFull));
        }
        self.steps += 1;
        assert!(self.steps <= self.panic_after, "the step that panics");
        Ok(())
    }

    fn file(&mut self, path: &Path) -> usize {
        if let Some(Some(file)) = self.names.get(path) {
            return *file;
        }
        assert!(self.names.contains_key(path.parent().unwrap()), "{} has no folder", path.display());
        self.now.push(Vec::new());
        self.flushed.push(Vec::new());
        let file = self.now.len() - 1;
        self.names.insert(path.to_owned(), Some(file));
        self.pending.push(Change::Made(path.to_owned(), Some(file)));
        file
    }
}

impl Files for Model {
    fn make_folder(&self, path: &Path) -> Result<(), EvidenceError> {
        let mut state = self.state();
        state.step(path)?;
        state.names.insert(path.to_owned(), None);
        state.pending.push(Change::Made(path.to_owned(), None));
        Ok(())
    }

    fn sync_folder(&self, path: &Path) -> Result<(), EvidenceError> {
        let mut state = self.state();
        state.step(path)?;
        let (flushed, rest): (Vec<Change>, Vec<Change>) =
            std::mem::take(&mut state.pending).into_iter().partition(|change| change.folder() == path);
        state.pending = rest;
        let mut safe = std::mem::take(&mut state.safe_names);
        for change in &flushed {
            change.apply(&mut safe);
        }
        state.safe_names = safe;
        Ok(())
    }

    fn write(&self, path: &Path, from: &mut dyn Read) -> Result<(), EvidenceError> {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        let mut state = self.state();
        state.step(path)?;
        let file = state.file(path);
        state.now[file].clear();
        // Half of it, then the rest, then the flush: the power may go between.
        let half = bytes.len() / 2;
        for part in [&bytes[..half], &bytes[half..]] {
            state.step(path)?;
            state.now[file].extend_from_slice(part);
        }
        state.step(path)?;
        state.flushed[file] = bytes;
        Ok(())
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> Result<(), EvidenceError> {
        let mut state = self.state();
        state.step(path)?;
        let file = state.file(path);
        state.step(path)?;
        state.now[file].extend_from_slice(bytes);
        if std::mem::take(&mut state.fail_append) {
            // What a failed flush wrote is nothing that may be relied on.
            let kept = state.flushed[file].clone();
            state.now[file] = kept;
            return Err(EvidenceError::Disk { path: path.to_owned(), source: std::io::ErrorKind::Other.into() });
        }
        state.step(path)?;
        let now = state.now[file].clone();
        state.flushed[file] = now;
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), EvidenceError> {
        let mut state = self.state();
        state.step(to)?;
        let file = state.names.remove(from).flatten().unwrap();
        state.names.insert(to.to_owned(), Some(file));
        state.pending.push(Change::Moved(from.to_owned(), to.to_owned(), file));
        Ok(())
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, EvidenceError> {
        let state = self.state();
        match state.names.get(path) {
            Some(Some(file)) => Ok(state.now[*file].clone()),
            _ => Err(EvidenceError::Altered { path: path.to_owned(), problem: "is missing".to_owned() }),
        }
    }

    fn list(&self, path: &Path) -> Result<Vec<(String, FileKind)>, EvidenceError> {
        let state = self.state();
        let inside = state.names.iter().filter(|(name, _)| name.parent() == Some(path));
        let entry = |(name, file): (&PathBuf, &Option<usize>)| {
            let kind = if file.is_some() { FileKind::File } else { FileKind::Folder };
            (name.file_name().unwrap().to_string_lossy().into_owned(), kind)
        };
        Ok(inside.map(entry).collect())
    }

    fn kind(&self, path: &Path) -> Result<Option<FileKind>, EvidenceError> {
        let state = self.state();
        Ok(state.names.get(path).map(|file| if file.is_some() { FileKind::File } else { FileKind::Folder }))
    }
}
