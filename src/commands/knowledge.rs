//! What the responder knows and the log does not: tables from CSV files, kept with the case.

use super::facts::Facts;
use super::status::Failure;
use crate::evidence::Case;
use crate::model::{Moment, OrgId, RecordKey};
use crate::normalize::time;
use crate::profile::Profile;
use crate::reconstruct::{AllowRow, CatalogueRow, GrantRow, Knowledge, MemberRow, Validity};
use crate::report::escape::csv::unguard;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Under which name our own credentials stay with the case.
const OWN: &str = "own_credentials";

/// Files given on the command line.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    pub(super) catalogue: Option<PathBuf>,
    pub(super) members: Option<PathBuf>,
    pub(super) grants: Option<PathBuf>,
    pub(super) allow: Option<PathBuf>,
    /// Not a file, but known as these are.
    pub(super) own_credentials: Vec<String>,
}

/// Ids of our own credentials: given ones stay with the case.
pub(super) fn own_credentials(given: &[String], facts: &mut Facts) -> BTreeSet<String> {
    if !given.is_empty() {
        facts.set_texts(OWN, given);
    }
    facts.texts(OWN).into_iter().filter(|id| !id.is_empty()).collect()
}

/// Reads the tables; a file not given again comes from the case, a given one is kept there.
pub(super) fn load(files: &Files, case: &Case, facts: &mut Facts, profile: &Profile) -> Result<Knowledge, Failure> {
    let mut knowledge = Knowledge::default();
    knowledge.own.credentials = own_credentials(&files.own_credentials, facts);
    for row in rows("catalogue", files.catalogue.as_ref(), case, facts)? {
        knowledge.catalogue.extend(row.catalogue(profile)?);
    }
    for row in rows("members", files.members.as_ref(), case, facts)? {
        let org = row.org("org_id")?;
        knowledge.members.push(MemberRow { actor_id: row.required("actor_id")?, org, valid: row.validity()? });
    }
    for row in rows("grants", files.grants.as_ref(), case, facts)? {
        let RecordKey { record_type, record_id } = row.record(profile)?;
        knowledge.grants.push(GrantRow { org: row.org("org_id")?, record_type, record_id, valid: row.validity()? });
    }
    for row in rows("allow", files.allow.as_ref(), case, facts)? {
        let allow = AllowRow {
            actor_id: row.get("actor_id"),
            credential_id: row.get("credential_id"),
            action: row.get("action"),
        };
        if [&allow.actor_id, &allow.credential_id, &allow.action].iter().all(|value| value.is_empty()) {
            return Err(row.bad("names neither actor_id, credential_id nor action, and would expect everything"));
        }
        knowledge.allow.push(allow);
    }
    Ok(knowledge)
}

fn rows(kind: &str, given: Option<&PathBuf>, case: &Case, facts: &mut Facts) -> Result<Vec<Row>, Failure> {
    let (name, bytes) = match (given, facts.text(kind)) {
        (Some(path), _) => {
            let unreadable = |error| Failure::usage(format!("cannot read the {kind} {}: {error}", path.display()));
            let bytes = std::fs::read(path).map_err(unreadable)?;
            let kept = case.keep_input(kind, "csv", &bytes)?;
            facts.set_text(kind, &kept);
            (path.display().to_string(), bytes)
        }
        (None, Some(kept)) => (kept.clone(), case.input(&kept)?),
        (None, None) => return Ok(Vec::new()),
    };
    parse(&name, &bytes)
}

fn parse(name: &str, bytes: &[u8]) -> Result<Vec<Row>, Failure> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(bytes);
    let bad = |error: csv::Error| Failure::usage(format!("{name}: {error}"));
    let headers: Vec<String> = reader.headers().map_err(bad)?.iter().map(|h| h.trim().to_owned()).collect();
    // Our own papers guard cells against spreadsheets; a table from elsewhere is taken as it is.
    let guarded = headers.iter().any(|h| h == "why") && headers.iter().any(|h| h == "access_count");
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(bad)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().map(|cell| if guarded { unguard(cell) } else { cell.to_owned() });
        rows.push(Row { place: format!("{name}, line {line}"), cells: headers.iter().cloned().zip(cells).collect() });
    }
    Ok(rows)
}

struct Row {
    place: String,
    cells: Vec<(String, String)>,
}

impl Row {
    fn get(&self, column: &str) -> String {
        self.cells.iter().find(|(name, _)| name == column).map(|(_, cell)| cell.clone()).unwrap_or_default()
    }

    fn bad(&self, problem: &str) -> Failure {
        Failure::usage(format!("{}: {problem}", self.place))
    }

    fn required(&self, column: &str) -> Result<String, Failure> {
        match self.get(column) {
            empty if empty.is_empty() => Err(self.bad(&format!("the column {column} is missing or empty"))),
            cell => Ok(cell),
        }
    }

    fn org(&self, column: &str) -> Result<OrgId, Failure> {
        OrgId::new(self.required(column)?).ok_or_else(|| self.bad("an organisation id is empty"))
    }

    fn moment(&self, column: &str) -> Result<Option<Moment>, Failure> {
        let cell = self.get(column);
        if cell.is_empty() {
            return Ok(None);
        }
        let reading = time::read(&cell, 0).map(|reading| reading.moment);
        let day = || Moment::parse_rfc3339(&format!("{cell}T00:00:00Z"));
        reading.or_else(day).map(Some).ok_or_else(|| self.bad(&format!("{column} is not a time")))
    }

    fn validity(&self) -> Result<Validity, Failure> {
        Ok(Validity { from: self.moment("valid_from")?, to: self.moment("valid_to")? })
    }

    /// A catalogue row; one whose owner is not filled in yet says nothing.
    fn catalogue(&self, profile: &Profile) -> Result<Option<CatalogueRow>, Failure> {
        let Some(owner) = OrgId::new(self.get("owner_org")) else { return Ok(None) };
        let record = self.record(profile)?;
        let valid = self.validity()?;
        let (created, deleted) = (self.moment("created_at")?, self.moment("deleted_at")?);
        Ok(Some(CatalogueRow {
            record,
            owner,
            has_lifetime: valid.from.or(created).is_some(),
            valid: Validity { from: valid.from.max(created), to: [valid.to, deleted].into_iter().flatten().min() },
            parent_id: profile.canonical("", self.get("parent_id")),
            categories: self.list("data_categories"),
            subjects: self.list("subject_id"),
        }))
    }

    /// The record that a row names, its id as the profile compares it.
    fn record(&self, profile: &Profile) -> Result<RecordKey, Failure> {
        let record_type = self.required("record_type")?;
        Ok(RecordKey { record_id: profile.canonical(&record_type, self.required("record_id")?), record_type })
    }

    /// The values of a cell, joined by `;`.
    fn list(&self, column: &str) -> Vec<String> {
        let cell = self.get(column);
        cell.split(';').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
    }
}
