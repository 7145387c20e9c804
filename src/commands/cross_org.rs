//! `cross-org`: collect or import, keep, verify, read, reconstruct, report.

use super::facts::Facts;
use super::knowledge::{self, Files};
use super::screen::Screen;
use super::status::{Failure, Status};
use super::{ask, papers, place, pull, resume, tables, take_in, token, wire};
use crate::cli::{CrossOrgArgs, Environment, FailOn};
use crate::clock;
use crate::evidence::{Asked, Case};
use crate::model::{Decoded, Impact, Moment, Verdict};
use crate::profile::Profile;
use crate::reconstruct::{self, CrossOrg};
use crate::report::{self, Links, Style};
use std::path::{Path, PathBuf};

/// Runs the verb.
pub(super) fn run(args: &CrossOrgArgs, environment: &Environment, screen: &Screen) -> Result<Status, Failure> {
    let (status, _) = answer(args, environment, screen)?;
    Ok(status)
}

/// The recipe; also gives the answer itself, for whoever compares it with a truth.
pub(super) fn answer(
    args: &CrossOrgArgs,
    environment: &Environment,
    screen: &Screen,
) -> Result<(Status, Impact), Failure> {
    // Everything that can be refused is refused before a folder is made or a request is sent.
    ask::check(args)?;
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
    if !folder.join("case.toml").is_file() {
        ask::check_named(args)?;
    }
    let inputs = match args.source.input.as_slice() {
        [] => Vec::new(),
        paths => place::input_files(paths)?,
    };
    let profile_name = args.source.profile.as_deref();
    ask::check_profile(profile_name)?;
    let case = place::open_case(&folder, args.source.sign_key.as_deref())?.used_by("cross-org")?;
    if args.source.case.is_none() {
        screen.note(&format!("case {}", folder.display()));
    }
    let mut facts = Facts::load(&case)?;
    let profile = ask::profile(args, &case, &mut facts)?;
    let knowledge = knowledge::load(&files(args), &case, &mut facts, &profile)?;
    let (asked, now) = resume::asked(&case, &facts, resume::words(args))?;
    let mut question = ask::question(args, knowledge, &mut facts, now)?;
    screen.note(&format!("window {} (UTC, half-open)", question.window));
    if has_source && question.cut_off.is_some_and(|cut| cut < clock::now()) {
        return Err(Failure::usage(
            "--as-of lies before what is taken in now would be sealed: it would be ignored; ask the case afterwards",
        ));
    }
    let plan = plan(args, tokens, &profile, &question, (asked, now))?;
    let provisional = |decoded: &Decoded| so_far(decoded, &profile, &question);
    let files = (inputs.as_slice(), profile.name.as_str(), args.source.again);
    let take_in::Obtained { status, first } =
        resume::obtain(&case, &facts, files, plan.as_ref(), &provisional, screen)?;
    let (mut impact, mut reports) = give(args, &case, &mut facts, &profile, &mut question, screen, false)?;
    let mut further = pull::Further::of(first, &case, plan.as_ref(), &args.source.reading, screen);
    // Standard output has room for one JSON value: the last word.
    if further.is_none() || !args.output.json {
        show(args, &case, &impact, &reports, screen)?;
    }
    if let Some(further) = &mut further {
        while further.read(&impact.coverage) {
            let Ok((amended, place)) = give(args, &case, &mut facts, &profile, &mut question, screen, true) else {
                screen.error("the further reading cannot be read back; the answer above stands as it is");
                break;
            };
            let changed = !same_findings(&impact, &amended);
            (impact, reports) = (amended, place);
            tell_amended(args, &case, (&impact, changed), &reports, screen)?;
        }
        if args.output.json {
            show(args, &case, &impact, &reports, screen)?;
        }
    }
    if further.is_none_or(|further| !further.stopped()) {
        resume::answered(&case, &mut facts)?;
    }
    let mut status = status.and(if impact.summary.exact { Status::Answered } else { Status::LowerBound });
    if args.fail_on == Some(FailOn::Exposure) && matches!(impact.summary.verdict, Verdict::Accessed | Verdict::Possible)
    {
        status = status.and(Status::Exposure);
    }
    Ok((status, impact))
}

/// Reads the case, answers and writes the papers; `amends` says that they replace those of this very run.
fn give(
    args: &CrossOrgArgs,
    case: &Case,
    facts: &mut Facts,
    profile: &Profile,
    question: &mut CrossOrg,
    screen: &Screen,
    amends: bool,
) -> Result<(Impact, PathBuf), Failure> {
    let mut loaded = tables::load(case, facts, profile, Some(question))?;
    facts.save(case)?;
    question.knowledge.own.requests = loaded.proof.requests();
    // Knowledge ends where the evidence does, however late the cut-off.
    question.as_of =
        [question.cut_off, newest_seal(&loaded.proof)].into_iter().flatten().min().unwrap_or(question.as_of);
    let impact = judge(&mut loaded, profile, question)?;
    let reports = papers::write(case, &impact, args.force || amends, &[args.catalogue.as_deref()], screen)?;
    Ok((impact, reports))
}

/// Whether two answers say the same, but for what they stand on.
fn same_findings(a: &Impact, b: &Impact) -> bool {
    (&a.summary, &a.records, &a.accesses, &a.attempts, &a.bulk)
        == (&b.summary, &b.records, &b.accesses, &b.attempts, &b.bulk)
        && (&a.unresolved, &a.conflicts, &a.quarantine) == (&b.unresolved, &b.conflicts, &b.quarantine)
}

/// Says what a further reading did to the answer: one line where it confirms it, the whole answer where it does not.
fn tell_amended(
    args: &CrossOrgArgs,
    case: &Case,
    (impact, changed): (&Impact, bool),
    reports: &Path,
    screen: &Screen,
) -> Result<(), Failure> {
    if args.output.json {
        return Ok(());
    }
    if let Some(line) = report::amendment(&impact.coverage.readings) {
        screen.result(&format!("{line}\n"));
    }
    if changed { show(args, case, impact, reports, screen) } else { Ok(()) }
}

pub(super) fn files(args: &CrossOrgArgs) -> Files {
    Files {
        catalogue: args.catalogue.clone(),
        members: args.members.clone(),
        grants: args.grants.clone(),
        allow: args.allow.clone(),
        own_credentials: args.source.own_credential.clone(),
    }
}

/// The pull that is asked for, if one is.
fn plan<'p>(
    args: &'p CrossOrgArgs,
    tokens: pull::Tokens,
    profile: &'p Profile,
    question: &CrossOrg,
    (asked, now): (Asked, Moment),
) -> Result<Option<pull::Plan<'p>>, Failure> {
    let window = ask::pulled(args, question.window, now)?;
    let orgs = || ask::logs(question);
    let every = args.source.reading.rate;
    let options = wire::options(&args.source.wire)?;
    let plan = |base_url| pull::Plan {
        base_url,
        profile,
        window,
        orgs: orgs(),
        everyone: false,
        tokens,
        every,
        asked,
        options,
    };
    Ok(args.source.base_url.as_deref().map(plan))
}

/// The provisional answer while a pull runs.
fn so_far(decoded: &Decoded, profile: &Profile, question: &CrossOrg) -> String {
    let mut decoded = decoded.clone();
    reconstruct::rename(&mut decoded, question);
    let tables = reconstruct::distinct(decoded);
    let confirmed = reconstruct::confirmed_so_far(&tables, profile, question);
    let records = if confirmed == 1 { "record" } else { "records" };
    format!("so far: {confirmed} {records} confirmed, still reading ({} events)", tables.events.len())
}

pub(super) fn newest_seal(proof: &crate::evidence::Proof) -> Option<crate::model::Moment> {
    proof.acquisitions.iter().map(|a| a.summary.sealed_at).max()
}

/// Answers, with what the quarantined bytes mention: the organisations first, then the records found.
fn judge(loaded: &mut tables::Loaded, profile: &Profile, question: &CrossOrg) -> Result<Impact, Failure> {
    let impact = reconstruct::cross_org(&loaded.tables, profile, question, &loaded.proof);
    if loaded.tables.quarantine.is_empty() {
        return Ok(impact);
    }
    let orgs = question.attackers.iter().chain(&question.victims).chain(question.aliases.keys());
    let records = impact.records.iter().map(|row| row.record.record_id.as_str());
    let needles: Vec<String> = orgs.map(ToString::to_string).chain(records.map(str::to_owned)).collect();
    loaded.find_mentions(&needles.iter().map(String::as_str).collect::<Vec<_>>())?;
    Ok(reconstruct::cross_org(&loaded.tables, profile, question, &loaded.proof))
}

fn show(args: &CrossOrgArgs, case: &Case, impact: &Impact, reports: &Path, screen: &Screen) -> Result<(), Failure> {
    if args.output.json {
        let json = std::fs::read_to_string(reports.join("impact.json"));
        let text =
            json.map_err(|error| Failure::new(Status::Disk, format!("cannot read impact.json back: {error}")))?;
        screen.result(&text);
        return Ok(());
    }
    let folder = case.root().display().to_string();
    let quoted = ask::shell_word(&folder);
    let mut next = vec![format!("irforensics verify {quoted}")];
    if !impact.unresolved.is_empty() {
        let filled = ask::shell_word(&reports.join("unresolved.csv").display().to_string());
        next.insert(
            0,
            format!("irforensics cross-org --case {quoted} --catalogue {filled}   # once owner_org is filled in"),
        );
    }
    let links = Links { case: folder, reports: reports.display().to_string(), next };
    screen.result(&report::answer(impact, &links, Style { color: screen.color(), width: screen.width() }));
    Ok(())
}
