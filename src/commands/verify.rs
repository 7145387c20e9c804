//! `verify`: every byte of a case's evidence, offline; every missing, added or altered thing by its name.

use super::facts::Facts;
use super::screen::Screen;
use super::status::{Failure, Status};
use crate::cli::VerifyArgs;
use crate::clock;
use crate::evidence::{self, Acquisition, Act, Case, Inspection, Known, Signers};
use crate::model::wide;
use crate::report::escape::json::visible;
use crate::report::escape::terminal::clean;
use serde_json::{Value, json};

/// Runs the verb. It writes nothing unless it is asked to record itself.
pub(super) fn run(args: &VerifyArgs, screen: &Screen) -> Result<Status, Failure> {
    let signers = args.signer.as_deref().map(Signers::read).transpose()?;
    let case = Case::open(&args.case)?;
    if case.is_open_to_others() {
        screen.note(&format!(
            "others on this machine may enter the case; close it: chmod -R go= {}",
            args.case.display()
        ));
    }
    // One who writes takes the lock before looking, so that what is recorded is what was seen.
    let case = if args.record { Case::open_or_create(&args.case)? } else { case };
    let mut facts = Facts::load(&case)?;
    let inspection = evidence::inspect(&case, &Known { signers, ..facts.known() }, None)?;
    let text = if args.output.json { json(&inspection) } else { table(&inspection) };
    screen.result(&(text + "\n"));
    if let Some(first) = inspection.findings.first() {
        let more = match inspection.findings.len().saturating_sub(1) {
            0 => String::new(),
            more => format!("; {more} more, all of them on standard output"),
        };
        screen.error(&format!("evidence altered: {} {}{more}", first.path, first.problem));
    }
    if inspection.findings.iter().any(|finding| args.record && finding.path.starts_with("custody")) {
        screen.error("not recorded: an entry behind a broken custody chain would prove nothing");
    } else if args.record {
        record(&case, &mut facts, &inspection, args.by.as_deref().unwrap_or_default())?;
        screen.note("recorded in the custody chain");
    }
    Ok(status(&inspection))
}

fn record(case: &Case, facts: &mut Facts, inspection: &Inspection, by: &str) -> Result<(), Failure> {
    let verified = Act::Verified {
        evidence_root: inspection.proof.root.clone(),
        findings: wide(inspection.findings.len()),
        unsealed: wide(inspection.proof.unsealed.len()),
        by: by.to_owned(),
    };
    let head = evidence::record(case, verified, clock::now())?;
    facts.remember(inspection);
    facts.remember_custody(&head);
    facts.save(case)
}

fn status(inspection: &Inspection) -> Status {
    let proof = &inspection.proof;
    if !inspection.findings.is_empty() {
        Status::Altered
    } else if proof.acquisitions.is_empty() || !proof.unsealed.is_empty() {
        Status::LowerBound
    } else {
        Status::Answered
    }
}

fn json(inspection: &Inspection) -> String {
    let proof = &inspection.proof;
    let acquisition = |a: &Acquisition| {
        let mut value = json!(a.summary);
        if let Value::Object(members) = &mut value {
            members.insert("signed_by".to_owned(), json!(a.signed_by));
        }
        value
    };
    let all = json!({
        "intact": inspection.findings.is_empty(),
        "evidence_root": proof.root,
        "acquisitions": proof.acquisitions.iter().map(acquisition).collect::<Vec<_>>(),
        "altered": inspection.altered,
        "unsealed": proof.unsealed,
        "custody": { "entries": inspection.custody.entries.len(), "head": inspection.custody.head() },
        "findings": inspection.findings,
    });
    visible(&all.to_string())
}

fn table(inspection: &Inspection) -> String {
    let proof = &inspection.proof;
    let mut states: Vec<(&str, String)> = proof.acquisitions.iter().map(intact).collect();
    states.extend(inspection.altered.iter().map(|name| (name.as_str(), "ALTERED".to_owned())));
    states.extend(proof.unsealed.iter().map(|name| (name.as_str(), "OPEN     interrupted before its seal".to_owned())));
    states.sort();
    let mut lines: Vec<String> = states.into_iter().map(|(name, state)| format!("{name}  {state}")).collect();
    lines.extend(inspection.findings.iter().map(|f| format!("  {}  {}", clean(&f.path), clean(&f.problem))));
    let custody = &inspection.custody;
    if !custody.entries.is_empty() {
        let entries = number(wide(custody.entries.len()), "entry", "entries");
        lines.push(format!("custody   {entries}, the last {}", custody.head()));
    }
    let root = match (inspection.findings.is_empty(), proof.root.is_empty()) {
        (true, false) => &proof.root,
        (true, true) => "none",
        (false, _) => "none: the evidence is not what was sealed",
    };
    lines.push(format!("evidence root {root}"));
    lines.join("\n")
}

fn intact(acquisition: &Acquisition) -> (&str, String) {
    let a = &acquisition.summary;
    let signed = match &acquisition.signed_by {
        None => "UNSIGNED".to_owned(),
        Some(by) => {
            let who = by.who.as_deref().map(|who| format!(" ({})", clean(who))).unwrap_or_default();
            format!("signed by {}{who}", by.key)
        }
    };
    (
        a.name.as_str(),
        format!("intact   {}, {} bytes, sealed {}, {signed}", number(a.pages, "page", "pages"), a.bytes, a.sealed_at),
    )
}

fn number(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
