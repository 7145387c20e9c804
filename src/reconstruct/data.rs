//! Rule 7: what the records hold, as far as the catalogue tells.

use super::bulk::plus;
use super::deed::sorted;
use super::question::CatalogueRow;
use crate::model::{
    Access, Bound, CategoryCount, Confidence, DataHeld, LedgerRecord, RecordKey, Standing, Unresolved, wide,
};
use std::collections::{BTreeMap, BTreeSet};

type Rows<'c> = BTreeMap<&'c RecordKey, Vec<&'c CatalogueRow>>;

/// Writes into each record what the catalogue says of it.
pub(super) fn fill(records: &mut [LedgerRecord], accesses: &[Access], catalogue: &[CatalogueRow], per_org: bool) {
    if !tells(catalogue) {
        return;
    }
    let mut rows: Rows<'_> = BTreeMap::new();
    for row in catalogue {
        rows.entry(&row.record).or_default().push(row);
    }
    let mut touched: BTreeMap<&RecordKey, Vec<&Access>> = BTreeMap::new();
    for access in accesses.iter().filter(|access| access.standing == Standing::Direct) {
        touched.entry(&access.record).or_default().push(access);
    }
    for record in records {
        let all = rows.get(&record.record).map(Vec::as_slice).unwrap_or_default();
        let of_owner = |row: &&&CatalogueRow| !per_org || record.owners.iter().any(|org| org == row.owner.as_str());
        let all: Vec<&CatalogueRow> = all.iter().filter(of_owner).copied().collect();
        let accesses = touched.get(&record.record).map(Vec::as_slice).unwrap_or_default();
        let then = |row: &&&CatalogueRow| accesses.iter().any(|access| row.valid.holds(access.time));
        let valid: Vec<&CatalogueRow> = all.iter().filter(then).copied().collect();
        let valid = if valid.is_empty() { all } else { valid };
        record.categories = sorted(valid.iter().flat_map(|row| row.categories.iter().cloned()));
        record.subjects = sorted(valid.iter().flat_map(|row| row.subjects.iter().cloned()));
    }
}

fn tells(catalogue: &[CatalogueRow]) -> bool {
    catalogue.iter().any(|row| !row.categories.is_empty() || !row.subjects.is_empty())
}

/// The counts; none where the catalogue tells nothing.
pub(super) fn held(
    records: &[LedgerRecord],
    unresolved: &[Unresolved],
    bulk: Bound,
    catalogue: &[CatalogueRow],
) -> Option<DataHeld> {
    if !tells(catalogue) {
        return None;
    }
    let unknown = |known: fn(&LedgerRecord) -> bool| {
        let without = wide(records.iter().filter(|record| !known(record)).count());
        plus(Bound::AtMost(without.saturating_add(wide(unresolved.len()))), bulk)
    };
    let names: BTreeSet<&String> = records.iter().flat_map(|record| &record.categories).collect();
    let more = unknown(|record| !record.categories.is_empty());
    let subjects = |sure: bool| {
        let rows = records.iter().filter(|record| !sure || is_sure(record));
        wide(rows.flat_map(|record| &record.subjects).collect::<BTreeSet<_>>().len())
    };
    Some(DataHeld {
        categories: names.into_iter().map(|name| category(name, records, more)).collect(),
        records_without_category: wide(records.iter().filter(|record| record.categories.is_empty()).count()),
        subjects_known: subjects(false),
        subjects_minimum: subjects(true),
        subjects_maximum: plus(Bound::AtMost(subjects(false)), unknown(|record| !record.subjects.is_empty())),
        basis: "catalogue; each record without a named person, each unresolved record and each record within the bulk \
                bound is taken as one more person, so records that hold several people may raise the maximum"
            .to_owned(),
    })
}

fn category(name: &str, records: &[LedgerRecord], more: Bound) -> CategoryCount {
    let listing = || records.iter().filter(|record| record.categories.iter().any(|category| category == name));
    CategoryCount {
        category: name.to_owned(),
        minimum: wide(listing().filter(|record| is_sure(record)).count()),
        maximum: plus(Bound::AtMost(wide(listing().count())), more),
    }
}

fn is_sure(record: &LedgerRecord) -> bool {
    matches!(record.confidence, Confidence::Confirmed | Confidence::Reconstructed)
}
