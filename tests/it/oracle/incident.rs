//! Incidents from a seed: what really happened, and what the logs were left with.

mod bulk_scenes;
mod chance;
mod deeds;
mod noise;
mod scenes;
mod tables;
mod trust_scenes;
mod world;

pub(crate) use chance::Chance;

use super::method::{Delivered, Log, Question};

/// One record of the victim that the accessing organisation really touched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Touch {
    pub kind: String,
    pub id: String,
    pub class: &'static str,
    /// Which of the delivered deeds it was: deeds that no log kept are nobody's fault.
    pub deed: usize,
}

/// One incident.
#[derive(Clone, Debug)]
pub(crate) struct Incident {
    pub seed: u64,
    pub log: Log,
    pub question: Question,
    /// What really happened to V's records inside the window, as far as some log kept a trace.
    pub truth: Vec<Touch>,
    /// Every record that A really touched, whosever and whenever.
    pub touched: Vec<(String, String)>,
    /// Whether the noise was kept to what a log may honestly do; only then is the truth held against the answer.
    pub honest: bool,
}

impl Incident {
    /// The incident of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut world = world::World::new(seed);
        let many = 15 + world.chance.below(46);
        // Where no log was obtained nothing is ever written down.
        for _ in 0..200 {
            if world.raw.len() < many {
                scenes::scene(&mut world);
            }
        }
        let question = tables::question(&mut world);
        let records = noise::deliver(&mut world, &question);
        let delivered = |deed: &usize| world.raw.iter().any(|raw| raw.deed == *deed && raw.delivered);
        let inside = |deed: usize| {
            let times = world.raw.iter().filter(|raw| raw.deed == deed && raw.delivered).map(|raw| raw.time);
            question.in_window(times.min())
        };
        let kept: Vec<Touch> = world.touches.iter().filter(|t| delivered(&t.deed) && inside(t.deed)).cloned().collect();
        let cut_short = world.cut_short;
        Self {
            seed,
            log: Log { records, cut_short },
            question,
            truth: kept,
            touched: world.all_touches.clone(),
            honest: world.honest,
        }
    }

    /// The same incident with other records.
    pub(crate) fn with(&self, records: Vec<Delivered>) -> Self {
        Self { log: Log { records, ..self.log.clone() }, ..self.clone() }
    }
}
