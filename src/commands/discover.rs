//! `discover`: every pair of organisations of which one touched the other's records.

use super::facts::Facts;
use super::knowledge;
use super::screen::Screen;
use super::status::{Failure, Status};
use super::{ask, cross_org, dry_run, papers, place, pull, tables, take_in, token};
use crate::cli::{CrossOrgArgs, DiscoverArgs, Environment};
use crate::clock;
use crate::evidence::Case;
use crate::model::{Decoded, Discovery, Pair};
use crate::profile::Profile;
use crate::reconstruct::{self, CrossOrg};
use crate::report::{self, Links, Style};
use std::path::{Path, PathBuf};

/// Runs the verb.
pub(super) fn run(args: &DiscoverArgs, environment: &Environment, screen: &Screen) -> Result<Status, Failure> {
    let args = as_asked(args);
    if args.source.dry_run {
        return dry_run::question(&args, true, environment, screen);
    }
    // Everything that can be refused is refused before a folder is made or a request is sent.
    ask::check(&args)?;
    let tokens = token::load(&args.source, environment)?;
    if let Some(base_url) = &args.source.base_url {
        pull::check(base_url, &tokens)?;
    }
    let folder = place::case_folder(args.source.case.as_deref());
    let has_source = args.source.base_url.is_some() || !args.source.input.is_empty();
    if !has_source && args.source.case.is_none() {
        return Err(Failure::usage("nothing to read: give --base-url, --input or the --case of an earlier run"));
    }
    if !has_source {
        Case::open(&folder)?;
    }
    let inputs = match args.source.input.as_slice() {
        [] => Vec::new(),
        paths => place::input_files(paths)?,
    };
    ask::check_profile(args.source.profile.as_deref())?;
    let case = Case::open_or_create(&folder)?;
    let mut facts = Facts::load(&case)?;
    let profile = ask::profile(&args.source, &case, &mut facts)?;
    let knowledge = knowledge::load(&cross_org::files(&args), &case, &mut facts, &profile)?;
    let mut question = ask::everyone(&args, knowledge, &mut facts, clock::now())?;
    screen.note(&format!("window {} (UTC, half-open)", question.window));
    if has_source {
        place::check_again(&case, args.source.again)?;
    }
    facts.save(&case)?;
    let mut status = obtain(&args, &inputs, tokens, &case, &profile, &question, screen)?;
    let loaded = tables::load(&case, &mut facts, &profile, Some(&question))?;
    facts.save(&case)?;
    question.knowledge.own.requests = loaded.proof.requests();
    question.as_of =
        [question.cut_off, cross_org::newest_seal(&loaded.proof)].into_iter().flatten().min().unwrap_or(question.as_of);
    let found = reconstruct::discover(&loaded.tables, &profile, &question, &loaded.proof);
    let reports = papers::put_pairs(&case, report::PAIRS, &report::pairs_csv(&found)?, screen)?;
    status = status.and(if found.exact { Status::Answered } else { Status::LowerBound });
    show(&args, &case, &found, &reports, screen)?;
    Ok(status)
}

/// The flags that this verb shares with `cross-org`, which asks of two organisations what is asked of all here.
fn as_asked(args: &DiscoverArgs) -> CrossOrgArgs {
    CrossOrgArgs {
        attacker: Vec::new(),
        victim: Vec::new(),
        alias: args.alias.clone(),
        from: args.from.clone(),
        to: args.to.clone(),
        ownership_from: None,
        as_of: args.as_of.clone(),
        source: args.source.clone(),
        catalogue: args.catalogue.clone(),
        members: args.members.clone(),
        grants: args.grants.clone(),
        allow: args.allow.clone(),
        force: false,
        fail_on: None,
        output: args.output.clone(),
    }
}

/// Pulls everyone's log in one walk, or imports.
fn obtain(
    args: &CrossOrgArgs,
    inputs: &[PathBuf],
    tokens: pull::Tokens,
    case: &Case,
    profile: &Profile,
    question: &CrossOrg,
    screen: &Screen,
) -> Result<Status, Failure> {
    let plan =
        |base_url| pull::Plan { base_url, profile, window: question.window, orgs: Vec::new(), everyone: true, tokens };
    let plan = args.source.base_url.as_deref().map(plan);
    let so_far = |decoded: &Decoded| format!("so far: {} events, still reading", decoded.rows.len());
    take_in::obtain(case, (inputs, &profile.name), plan.as_ref(), &so_far, screen)
}

fn show(args: &CrossOrgArgs, case: &Case, found: &Discovery, reports: &Path, screen: &Screen) -> Result<(), Failure> {
    if args.output.json {
        screen.result(&report::discovery_json(found)?);
        return Ok(());
    }
    let folder = case.root().display().to_string();
    let looks = |pair: &Pair| look_closer(args, &folder, found, pair);
    let links = Links { case: folder.clone(), reports: reports.display().to_string(), next: Vec::new() };
    let style = Style { color: screen.color(), width: screen.width() };
    screen.result(&report::pairs(found, &links, &looks, style));
    Ok(())
}

/// The command that asks of one pair what was asked of all, from the same evidence.
fn look_closer(args: &CrossOrgArgs, folder: &str, found: &Discovery, pair: &Pair) -> String {
    let mut command = format!(
        "irforensics cross-org --case {} --attacker {} --victim {}",
        ask::shell_word(folder),
        ask::shell_word(pair.attacker.as_str()),
        ask::shell_word(pair.victim.as_str())
    );
    let window = found.window;
    let ends = [("--from", window.from()), ("--to", window.to())];
    for (flag, end) in ends {
        command.extend(end.map(|end| format!(" {flag} {end}")));
    }
    command.extend(args.as_of.as_deref().map(|text| format!(" --as-of {}", ask::shell_word(text))));
    command
}
