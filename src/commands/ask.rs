//! From flags and the case to a question, and what is refused before anything is done.

use super::facts::Facts;
use super::status::Failure;
use super::{moment, tables};
use crate::cli::{CrossOrgArgs, Source};
use crate::clock;
use crate::evidence::Case;
use crate::model::{Moment, OrgId, Window};
use crate::profile::{self, Profile, ResourceOrg};
use crate::reconstruct::{CrossOrg, Knowledge};
use std::collections::{BTreeMap, BTreeSet};

/// Refuses what makes no sense whatever the case holds.
pub(super) fn check(args: &CrossOrgArgs) -> Result<(), Failure> {
    let now = clock::now();
    let window = window(args.from.as_deref(), args.to.as_deref(), (None, None), now)?;
    if args.source.base_url.is_some() {
        can_be_pulled(window, now)?;
        pulled(args, window, now)?;
    }
    as_of(args, now)?;
    for table in [&args.catalogue, &args.members, &args.grants, &args.allow].into_iter().flatten() {
        let unreadable = |error| Failure::usage(format!("cannot read {}: {error}", table.display()));
        table.metadata().map_err(unreadable)?;
    }
    args.source.resource_org.as_deref().map(resource_org).transpose()?;
    let aliases = aliases(&args.alias)?;
    check_orgs(&orgs("--attacker", &args.attacker, &aliases)?, &orgs("--victim", &args.victim, &aliases)?)
}

/// The window that a verb without a question pulls.
pub(super) fn window_to_pull(from: &str, to: &str, now: Moment) -> Result<Window, Failure> {
    let window = window(Some(from), Some(to), (None, None), now)?;
    can_be_pulled(window, now)?;
    Ok(window)
}

fn can_be_pulled(window: Window, now: Moment) -> Result<(), Failure> {
    if window.from().is_none() || window.to().is_none() {
        return Err(Failure::usage("a pull needs --from and --to: the API is asked for a window"));
    }
    if window.to().is_some_and(|to| to > now) {
        return Err(Failure::usage("--to lies in the future: what is not written yet cannot be proven; use --to now"));
    }
    Ok(())
}

/// Refuses a question without organisations where no case can know them.
pub(super) fn check_named(args: &CrossOrgArgs) -> Result<(), Failure> {
    if args.attacker.is_empty() || args.victim.is_empty() { Err(unnamed()) } else { Ok(()) }
}

/// Refuses a profile that cannot be used before a case folder is made.
pub(super) fn check_profile(name: Option<&str>) -> Result<(), Failure> {
    name.map(tables::given_profile).transpose().map(drop)
}

/// The profile, with `--resource-org` over its own word.
pub(super) fn profile(source: &Source, case: &Case, facts: &mut Facts) -> Result<Profile, Failure> {
    let mut profile = tables::profile(source.profile.as_deref(), case, facts)?;
    if let Some(word) = source.resource_org.clone().or_else(|| facts.text("resource_org")) {
        profile.resource_org = resource_org(&word)?;
        facts.set_text("resource_org", &word);
    }
    Ok(profile)
}

/// The question; what is not given comes from the case, and what is given stays there.
pub(super) fn question(
    args: &CrossOrgArgs,
    knowledge: Knowledge,
    facts: &mut Facts,
    now: Moment,
) -> Result<CrossOrg, Failure> {
    let given = |list: &[String], key: &str, facts: &Facts| match list {
        [] => facts.texts(key),
        list => list.to_vec(),
    };
    let alias = given(&args.alias, "aliases", facts);
    let attacker = given(&args.attacker, "attackers", facts);
    let victim = given(&args.victim, "victims", facts);
    let aliases = aliases(&alias)?;
    let (attackers, victims) = (orgs("--attacker", &attacker, &aliases)?, orgs("--victim", &victim, &aliases)?);
    if attackers.is_empty() || victims.is_empty() {
        return Err(unnamed());
    }
    check_orgs(&attackers, &victims)?;
    // What the case knows may have been collected for other organisations too.
    let stranger = aliases.values().find(|org| !attackers.contains(*org) && !victims.contains(*org));
    if let Some(stranger) = stranger.filter(|_| !args.alias.is_empty()) {
        return Err(Failure::usage(format!("--alias: {stranger} is neither --attacker nor --victim")));
    }
    let kept = (facts.moment("from"), facts.moment("to"));
    let window = window(args.from.as_deref(), args.to.as_deref(), kept, now)?;
    let cut_off = as_of(args, now)?;
    facts.set_texts("attackers", &attacker);
    facts.set_texts("victims", &victim);
    facts.set_texts("aliases", &alias);
    facts.set_moment("from", window.from());
    facts.set_moment("to", window.to());
    Ok(CrossOrg { attackers, victims, aliases, window, as_of: cut_off.unwrap_or(now), cut_off, knowledge })
}

/// The window that a pull reads: the question's, and before it what `--ownership-from` asks for.
pub(super) fn pulled(args: &CrossOrgArgs, window: Window, now: Moment) -> Result<Window, Failure> {
    let Some(text) = &args.ownership_from else { return Ok(window) };
    let from = moment::parse(text, now).map_err(|error| Failure::usage(format!("--ownership-from: {error}")))?;
    match window.from() {
        Some(asked) if from <= asked => Ok(Window::new(Some(from), window.to()).unwrap_or(window)),
        _ => Err(Failure::usage("--ownership-from must not lie after --from: it only adds evidence from before")),
    }
}

/// The question that is asked of everyone: a window and what is known.
///
/// Nothing of it stays with the case but its tables: the last question of the case remains the last.
pub(super) fn everyone(
    args: &CrossOrgArgs,
    knowledge: Knowledge,
    facts: &mut Facts,
    now: Moment,
) -> Result<CrossOrg, Failure> {
    let alias = if args.alias.is_empty() { facts.texts("aliases") } else { args.alias.clone() };
    let kept = (facts.moment("from"), facts.moment("to"));
    let window = window(args.from.as_deref(), args.to.as_deref(), kept, now)?;
    let cut_off = as_of(args, now)?;
    let (attackers, victims) = (BTreeSet::new(), BTreeSet::new());
    let as_of = cut_off.unwrap_or(now);
    Ok(CrossOrg { attackers, victims, aliases: aliases(&alias)?, window, as_of, cut_off, knowledge })
}

/// The question that a case was last asked, if it was.
pub(super) fn last(facts: &Facts, knowledge: Knowledge) -> Option<CrossOrg> {
    let aliases = aliases(&facts.texts("aliases")).ok()?;
    let attackers = orgs("attackers", &facts.texts("attackers"), &aliases).ok()?;
    let victims = orgs("victims", &facts.texts("victims"), &aliases).ok()?;
    let window = Window::new(facts.moment("from"), facts.moment("to"))?;
    let known = !attackers.is_empty() && !victims.is_empty();
    let as_of = Moment::from_micros(0);
    known.then_some(CrossOrg { attackers, victims, aliases, window, as_of, cut_off: None, knowledge })
}

/// Whose logs a question needs, with the other ids that their events may carry.
pub(super) fn logs(question: &CrossOrg) -> Vec<(OrgId, BTreeSet<OrgId>)> {
    with_aliases(question.attackers.iter().chain(&question.victims), &question.aliases)
}

/// Organisations named on a command line, with the other ids that their events may carry.
pub(super) fn named_logs(orgs_given: &[String], alias: &[String]) -> Result<Vec<(OrgId, BTreeSet<OrgId>)>, Failure> {
    let aliases = aliases(alias)?;
    let orgs = orgs("--org", orgs_given, &aliases)?;
    match aliases.values().find(|org| !orgs.contains(*org)) {
        Some(stranger) if !orgs.is_empty() => Err(Failure::usage(format!("--alias: {stranger} is no --org"))),
        _ => Ok(with_aliases(orgs.iter(), &aliases)),
    }
}

fn with_aliases<'o>(
    orgs: impl Iterator<Item = &'o OrgId>,
    aliases: &BTreeMap<OrgId, OrgId>,
) -> Vec<(OrgId, BTreeSet<OrgId>)> {
    let others = |org: &OrgId| aliases.iter().filter(|(_, to)| *to == org).map(|(id, _)| id.clone()).collect();
    orgs.map(|org| (org.clone(), others(org))).collect()
}

fn unnamed() -> Failure {
    Failure::usage("give --attacker and --victim: whose accesses to whose records?")
}

fn resource_org(word: &str) -> Result<ResourceOrg, Failure> {
    let unknown = || Failure::usage(format!("--resource-org {word:?} is not row, session or unknown"));
    profile::resource_org(word).ok_or_else(unknown)
}

fn as_of(args: &CrossOrgArgs, now: Moment) -> Result<Option<Moment>, Failure> {
    let parsed = args.as_of.as_deref().map(|text| moment::parse(text, now)).transpose();
    parsed.map_err(|error| Failure::usage(format!("--as-of: {error}")))
}

fn check_orgs(attackers: &BTreeSet<OrgId>, victims: &BTreeSet<OrgId>) -> Result<(), Failure> {
    match attackers.intersection(victims).next() {
        None => Ok(()),
        Some(org) => Err(Failure::usage(format!(
            "{org} is both attacker and victim; its own accesses to its own records are no finding"
        ))),
    }
}

fn orgs(flag: &str, ids: &[String], aliases: &BTreeMap<OrgId, OrgId>) -> Result<BTreeSet<OrgId>, Failure> {
    let empty = || Failure::usage(format!("{flag}: an organisation id is empty"));
    let one = |id: &String| {
        let org = OrgId::new(id.as_str()).ok_or_else(empty)?;
        Ok(aliases.get(&org).cloned().unwrap_or(org))
    };
    ids.iter().map(one).collect()
}

fn aliases(flags: &[String]) -> Result<BTreeMap<OrgId, OrgId>, Failure> {
    let mut aliases = BTreeMap::new();
    for flag in flags {
        let bad = || Failure::usage(format!("--alias {flag:?} is not ORG=ID,..."));
        let (org, ids) = flag.split_once('=').ok_or_else(bad)?;
        let org = OrgId::new(org).ok_or_else(bad)?;
        for id in ids.split(',') {
            if id.contains('=') {
                return Err(Failure::usage(format!(
                    "--alias {flag:?}: one organisation a flag; repeat --alias for {id}"
                )));
            }
            let id = OrgId::new(id).ok_or_else(bad)?;
            match aliases.insert(id.clone(), org.clone()) {
                Some(other) if other != org => {
                    return Err(Failure::usage(format!("--alias: {id} cannot be both {other} and {org}")));
                }
                _ => {}
            }
        }
    }
    Ok(aliases)
}

type Ends = (Option<Moment>, Option<Moment>);

fn window(from: Option<&str>, to: Option<&str>, kept: Ends, now: Moment) -> Result<Window, Failure> {
    let read = |flag: &str, text: Option<&str>| {
        let bad = |error| Failure::usage(format!("{flag}: {error}"));
        text.map(|text| moment::parse(text, now).map_err(bad)).transpose()
    };
    let (from, to) = (read("--from", from)?.or(kept.0), read("--to", to)?.or(kept.1));
    Window::new(from, to).ok_or_else(|| Failure::usage("--to must lie after --from: the window is empty"))
}

/// A word as a shell takes it, quoted where it must be.
pub(super) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
