//! `discover`: every pair of organisations of which one touched the other's records.

use super::facts::Facts;
use super::knowledge;
use super::screen::Screen;
use super::status::{Failure, Status};
use super::{ask, cross_org, papers, place, pull, resume, tables, token, wire};
use crate::cli::{CrossOrgArgs, DiscoverArgs, Environment};
use crate::evidence::{Asked, Case};
use crate::model::{Decoded, Discovery, Pair, Window};
use crate::profile::Profile;
use crate::reconstruct::{self, CrossOrg};
use crate::report::{self, Links, Style};
use std::path::{Path, PathBuf};

/// Runs the verb.
pub(super) fn run(args: &DiscoverArgs, environment: &Environment, screen: &Screen) -> Result<Status, Failure> {
    let args = as_asked(args);
    // Everything that can be refused is refused before a folder is made or a request is sent.
    ask::check(&args)?;
    let tokens = token::load(&args.source, environment)?;
    if let Some(base_url) = &args.source.base_url {
        let options = wire::options(&args.source.wire)?;
        pull::check(base_url, &tokens, &options)?;
        wire::tell(&options, environment, screen);
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
    let case = place::open_case(&folder, args.source.sign_key.as_deref())?.used_by("discover")?;
    if args.source.case.is_none() {
        screen.note(&format!("case {}", folder.display()));
    }
    let mut facts = Facts::load(&case)?;
    let profile = ask::profile(&args, &case, &mut facts)?;
    let knowledge = knowledge::load(&cross_org::files(&args), &case, &mut facts, &profile)?;
    let (asked, now) = resume::asked(&case, &facts, resume::words(&args))?;
    let mut question = ask::everyone(&args, knowledge, &mut facts, now)?;
    screen.note(&format!("window {} (UTC, half-open)", question.window));
    let plan = plan(&args, tokens, &profile, question.window, asked)?;
    let so_far = |decoded: &Decoded| format!("so far: {} events, still reading", decoded.rows.len());
    let files = (inputs.as_slice(), profile.name.as_str(), args.source.again);
    let obtained = resume::obtain(&case, &facts, files, plan.as_ref(), &so_far, screen)?;
    let (mut found, mut reports) = give(&case, &mut facts, &profile, &mut question, screen)?;
    let mut further = pull::Further::of(obtained.first, &case, plan.as_ref(), &args.source.reading, screen);
    // Standard output has room for one JSON value: the last word.
    if further.is_none() || !args.output.json {
        show(&args, &case, &found, &reports, screen)?;
    }
    if let Some(further) = &mut further {
        while further.read(&found.coverage) {
            let Ok((amended, place)) = give(&case, &mut facts, &profile, &mut question, screen) else {
                screen.error("the further reading cannot be read back; the answer above stands as it is");
                break;
            };
            let changed =
                (&found.pairs, &found.unresolved, found.exact) != (&amended.pairs, &amended.unresolved, amended.exact);
            (found, reports) = (amended, place);
            tell_amended(&args, &case, (&found, changed), &reports, screen)?;
        }
        if args.output.json {
            show(&args, &case, &found, &reports, screen)?;
        }
    }
    if further.is_none_or(|further| !further.stopped()) {
        resume::answered(&case, &mut facts)?;
    }
    Ok(obtained.status.and(if found.exact { Status::Answered } else { Status::LowerBound }))
}

/// Reads the case, finds the pairs and writes their paper.
fn give(
    case: &Case,
    facts: &mut Facts,
    profile: &Profile,
    question: &mut CrossOrg,
    screen: &Screen,
) -> Result<(Discovery, PathBuf), Failure> {
    let loaded = tables::load(case, facts, profile, Some(question))?;
    facts.save(case)?;
    question.knowledge.own.requests = loaded.proof.requests();
    question.as_of =
        [question.cut_off, cross_org::newest_seal(&loaded.proof)].into_iter().flatten().min().unwrap_or(question.as_of);
    let found = reconstruct::discover(&loaded.tables, profile, question, &loaded.proof);
    let reports = papers::put_pairs(case, report::PAIRS, &report::pairs_csv(&found)?, screen)?;
    Ok((found, reports))
}

/// Says what a further reading did to the pairs: one line where it confirms them, all of them where it does not.
fn tell_amended(
    args: &CrossOrgArgs,
    case: &Case,
    (found, changed): (&Discovery, bool),
    reports: &Path,
    screen: &Screen,
) -> Result<(), Failure> {
    if args.output.json {
        return Ok(());
    }
    if let Some(line) = report::amendment(&found.coverage.readings) {
        screen.result(&format!("{line}\n"));
    }
    if changed { show(args, case, found, reports, screen) } else { Ok(()) }
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

/// Everyone's log in one walk, if an API is named.
fn plan<'p>(
    args: &'p CrossOrgArgs,
    tokens: pull::Tokens,
    profile: &'p Profile,
    window: Window,
    asked: Asked,
) -> Result<Option<pull::Plan<'p>>, Failure> {
    let every = args.source.reading.rate;
    let options = wire::options(&args.source.wire)?;
    let plan = |base_url| pull::Plan {
        base_url,
        profile,
        window,
        orgs: Vec::new(),
        everyone: true,
        tokens,
        every,
        asked,
        options,
    };
    Ok(args.source.base_url.as_deref().map(plan))
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
