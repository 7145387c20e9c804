//! `demo`: a loopback audit API with a planted incident, pulled over real HTTP and held against its truth.

use super::screen::Screen;
use super::status::{Failure, Status};
use super::{ask, cross_org, place};
use crate::cli::{CrossOrgArgs, DemoArgs, Environment, Reading, Source, Wire};
use crate::rehearsal::{Incident, Server, compare, incident};
use std::path::{Path, PathBuf};

/// The token of the rehearsal; it opens nothing but the loopback server of the same run.
const TOKEN: &str = "irf-rehearsal-token-0123456789";

/// Runs the verb.
pub(super) fn run(args: &DemoArgs, environment: &Environment, screen: &Screen) -> Result<Status, Failure> {
    let incident = incident(args.seed);
    let folder = place::case_folder(args.out.as_deref());
    let files = Files::write(&folder, &incident)?;
    let started = Server::start(incident.logs.clone(), TOKEN, Vec::new());
    let server =
        started.map_err(|error| Failure::new(Status::NothingObtained, format!("no loopback server: {error}")))?;
    screen.note(&format!(
        "rehearsed incident {} on {}, token in {}",
        args.seed,
        server.base_url(),
        files.token.display()
    ));
    let question = question(args, &incident, &files, &server);
    let (_, impact) = cross_org::answer(&question, environment, screen)
        // Its server ends with it: there is nothing to go on with.
        .map_err(|failure| Failure { goes_on_in: None, ..failure })?;
    let truth = if args.without_catalogue { &incident.truth.without_catalogue } else { &incident.truth.with_catalogue };
    let differences = compare(truth, &impact);
    for difference in &differences {
        screen.error(difference);
    }
    if !differences.is_empty() {
        return Err(Failure::new(
            Status::Internal,
            format!("{} differences from the planted truth", differences.len()),
        ));
    }
    if !args.output.json {
        screen.result("the answer equals the planted truth, row by row\n");
        screen.result(&format!("ask again, offline: {}\n", again(args, &incident, &files)));
    }
    if args.keep_serving {
        serve(&incident, &files, &server, screen);
    }
    Ok(Status::Answered)
}

/// The tables of the rehearsal, beside its case.
struct Files {
    case: PathBuf,
    token: PathBuf,
    catalogue: PathBuf,
    grants: PathBuf,
}

impl Files {
    fn write(folder: &Path, incident: &Incident) -> Result<Self, Failure> {
        let case = crate::evidence::Case::open_or_create(folder)?;
        let put = |kind: &str, extension: &str, text: &str| {
            case.keep_input(kind, extension, text.as_bytes()).map(|name| folder.join(name))
        };
        Ok(Self {
            case: folder.to_owned(),
            token: put("token", "txt", TOKEN)?,
            catalogue: put("catalogue", "csv", &incident.catalogue_csv)?,
            grants: put("grants", "csv", &incident.grants_csv)?,
        })
    }
}

fn question(args: &DemoArgs, incident: &Incident, files: &Files, server: &Server) -> CrossOrgArgs {
    CrossOrgArgs {
        attacker: vec![incident.attacker.clone()],
        victim: vec![incident.victim.clone()],
        alias: Vec::new(),
        from: Some(incident.window_from.to_string()),
        to: Some(incident.window_to.to_string()),
        ownership_from: None,
        as_of: None,
        source: Source {
            case: Some(files.case.clone()),
            base_url: Some(server.base_url()),
            input: Vec::new(),
            profile: None,
            resource_org: None,
            token_file: vec![files.token.display().to_string()],
            own_credential: Vec::new(),
            again: false,
            reading: Reading::default(),
            sign_key: None,
            wire: Wire::default(),
        },
        catalogue: (!args.without_catalogue).then(|| files.catalogue.clone()),
        members: None,
        grants: Some(files.grants.clone()),
        allow: None,
        force: false,
        fail_on: None,
        output: args.output.clone(),
    }
}

/// The command that gives the same answer from the case; it exits 3, for one planted outcome is unknown.
fn again(args: &DemoArgs, incident: &Incident, files: &Files) -> String {
    let word = |path: &Path| ask::shell_word(&path.display().to_string());
    let mut command = format!(
        "irforensics cross-org --case {} --attacker {} --victim {}",
        word(&files.case),
        ask::shell_word(&incident.attacker),
        ask::shell_word(&incident.victim)
    );
    if args.without_catalogue {
        command = format!("{command} --catalogue {}", word(&files.catalogue));
    }
    command
}

fn serve(incident: &Incident, files: &Files, server: &Server, screen: &Screen) {
    screen.result(&format!(
        "the audit API stays up until Ctrl-C; in another terminal:\nirforensics cross-org --attacker {} --victim {} \
         --from {} --to {} --base-url {} --token-file {} --catalogue {} --grants {}\n",
        ask::shell_word(&incident.attacker),
        ask::shell_word(&incident.victim),
        incident.window_from,
        incident.window_to,
        server.base_url(),
        ask::shell_word(&files.token.display().to_string()),
        ask::shell_word(&files.catalogue.display().to_string()),
        ask::shell_word(&files.grants.display().to_string()),
    ));
    loop {
        std::thread::park();
    }
}
