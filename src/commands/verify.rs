//! `verify`: every byte of a case's evidence, offline.

use super::facts::{Facts, ROOT};
use super::screen::Screen;
use super::status::{Failure, Status};
use crate::cli::VerifyArgs;
use crate::evidence::{self, Case};
use serde_json::json;

/// Runs the verb.
pub(super) fn run(args: &VerifyArgs, screen: &Screen) -> Result<Status, Failure> {
    let case = Case::open(&args.case)?;
    let facts = Facts::load(&case)?;
    let proof = evidence::verify(&case, facts.text(ROOT).as_deref(), None)?;
    let sealed: Vec<_> = proof.acquisitions.iter().map(|a| &a.summary).collect();
    if args.output.json {
        let all = json!({ "evidence_root": proof.root, "acquisitions": sealed, "unsealed": proof.unsealed });
        screen.result(&format!("{all}\n"));
    } else {
        let mut lines: Vec<String> = sealed
            .iter()
            .map(|a| format!("{}  intact  {} pages, {} bytes, sealed {}", a.name, a.pages, a.bytes, a.sealed_at))
            .collect();
        lines.extend(proof.unsealed.iter().map(|name| format!("{name}  OPEN    interrupted before its seal")));
        lines.push(format!("evidence root {}", if proof.root.is_empty() { "none" } else { &proof.root }));
        screen.result(&(lines.join("\n") + "\n"));
    }
    Ok(if sealed.is_empty() || !proof.unsealed.is_empty() { Status::LowerBound } else { Status::Answered })
}
