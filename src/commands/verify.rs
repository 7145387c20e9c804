//! `verify`: every byte of a case's evidence, offline.

use super::screen::Screen;
use super::status::{Failure, Status};
use crate::cli::VerifyArgs;
use crate::evidence::{self, Case};
use serde_json::json;

/// Runs the verb.
pub(super) fn run(args: &VerifyArgs, screen: &Screen) -> Result<Status, Failure> {
    let case = Case::open(&args.case)?;
    let proof = evidence::verify(&case, None)?;
    let sealed: Vec<_> = proof.acquisitions.iter().map(|a| &a.summary).collect();
    if args.output.json {
        let all = json!({ "evidence_root": proof.root, "acquisitions": sealed, "unsealed": proof.unsealed });
        screen.result(&format!("{all}\n"));
    } else {
        let mut text = String::new();
        for a in &sealed {
            text.push_str(&format!(
                "{}  intact  {} pages, {} bytes, sealed {}\n",
                a.name, a.pages, a.bytes, a.sealed_at
            ));
        }
        for name in &proof.unsealed {
            text.push_str(&format!("{name}  OPEN    interrupted before its seal\n"));
        }
        text.push_str(&format!("evidence root {}\n", if proof.root.is_empty() { "none" } else { &proof.root }));
        screen.result(&text);
    }
    Ok(if sealed.is_empty() || !proof.unsealed.is_empty() { Status::LowerBound } else { Status::Answered })
}
