//! `case.toml`: scope and human facts, so that a later question need not give them again.

use super::status::{Failure, Status};
use crate::evidence::{Case, Inspection, Known};
use crate::model::Moment;
use toml::{Table, Value};

/// Where the newest seal is noted, so that an acquisition taken away is missed.
const ROOT: &str = "evidence_root";
/// Where the newest entry of the custody chain is noted, for the same reason.
const CUSTODY: &str = "custody_head";

/// The facts of a case. What a human adds stays where it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    table: Table,
}

impl Facts {
    pub(super) fn load(case: &Case) -> Result<Self, Failure> {
        let Some(text) = case.facts()? else { return Ok(Self::default()) };
        let bad = |error: toml::de::Error| {
            Failure::usage(format!("{}/case.toml cannot be read: {error}", case.root().display()))
        };
        Ok(Self { table: text.parse::<Table>().map_err(bad)? })
    }

    pub(super) fn save(&self, case: &Case) -> Result<(), Failure> {
        let internal = |error: toml::ser::Error| Failure::new(Status::Internal, error.to_string());
        let text = toml::to_string_pretty(&self.table).map_err(internal)?;
        if case.facts()?.as_deref() != Some(text.as_str()) {
            case.write_facts(&text)?;
        }
        Ok(())
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.table.get(key).and_then(Value::as_str).map(str::to_owned)
    }

    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        let list = self.table.get(key).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub(super) fn moment(&self, key: &str) -> Option<Moment> {
        self.text(key).and_then(|text| Moment::parse_rfc3339(&text))
    }

    /// What the case remembers of its evidence.
    pub(super) fn known(&self) -> Known {
        Known { seal: self.text(ROOT), custody_head: self.text(CUSTODY), signers: None }
    }

    /// Remembers evidence in which nothing is wrong.
    pub(super) fn remember(&mut self, inspection: &Inspection) {
        if let Some(newest) = inspection.proof.seals.last().filter(|_| inspection.findings.is_empty()) {
            self.set_text(ROOT, newest);
            self.remember_custody(inspection.custody.head());
        }
    }

    pub(super) fn remember_custody(&mut self, head: &str) {
        if !head.is_empty() {
            self.set_text(CUSTODY, head);
        }
    }

    pub(super) fn set_text(&mut self, key: &str, value: &str) {
        self.table.insert(key.to_owned(), Value::from(value));
    }

    pub(super) fn set_texts(&mut self, key: &str, values: &[String]) {
        let values = values.iter().map(|value| Value::from(value.as_str())).collect();
        self.table.insert(key.to_owned(), Value::Array(values));
    }

    pub(super) fn set_moment(&mut self, key: &str, value: Option<Moment>) {
        match value {
            Some(moment) => self.set_text(key, &moment.to_string()),
            None => {
                self.table.remove(key);
            }
        }
    }
}
