//! The tables that a database owner would hand over, as CSV.

use super::cast::Record;
use crate::model::Moment;

/// Who owned a record, and when; an open end is `None`.
pub(super) struct CatalogueRow {
    pub(super) record: Record,
    pub(super) owner: String,
    pub(super) from: Option<Moment>,
    pub(super) to: Option<Moment>,
}

/// Who was given a record, and when.
pub(super) struct GrantRow {
    pub(super) grantee: String,
    pub(super) record: Record,
    pub(super) from: Option<Moment>,
    pub(super) to: Option<Moment>,
}

/// `record_type,record_id,owner_org,valid_from,valid_to`.
pub(super) fn catalogue(rows: &[CatalogueRow]) -> String {
    let header = ["record_type", "record_id", "owner_org", "valid_from", "valid_to"].map(str::to_owned);
    let cells = |row: &CatalogueRow| {
        [row.record.kind.to_owned(), row.record.id.clone(), row.owner.clone(), time(row.from), time(row.to)]
    };
    csv(std::iter::once(header).chain(rows.iter().map(cells)))
}

/// `org_id,record_type,record_id,valid_from,valid_to`.
pub(super) fn grants(rows: &[GrantRow]) -> String {
    let header = ["org_id", "record_type", "record_id", "valid_from", "valid_to"].map(str::to_owned);
    let cells = |row: &GrantRow| {
        [row.grantee.clone(), row.record.kind.to_owned(), row.record.id.clone(), time(row.from), time(row.to)]
    };
    csv(std::iter::once(header).chain(rows.iter().map(cells)))
}

fn time(moment: Option<Moment>) -> String {
    moment.map(|m| m.to_string()).unwrap_or_default()
}

fn csv(rows: impl Iterator<Item = [String; 5]>) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        if writer.write_record(&row).is_err() {
            // Memory takes every write and all rows are equally wide, so this never happens.
            return String::new();
        }
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}
