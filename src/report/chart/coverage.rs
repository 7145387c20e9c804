//! What was asked for, what each log holds, and what is missing, on one line of time.

use super::{Figure, LEFT, ROW, Shape, WIDTH, minute, scaled, short};
use crate::model::{Gap, Impact, Moment};
use crate::report::reading::Table;
use crate::report::text::Text;

/// One line of the drawing.
struct Span {
    label: String,
    name: Text,
    from: Option<Moment>,
    to: Option<Moment>,
    style: &'static str,
}

/// The drawing; none when nothing has a time.
pub(in crate::report) fn coverage(impact: &Impact) -> Option<Figure> {
    let spans = spans(impact);
    let known = |s: &Span| [s.from, s.to].into_iter().flatten().collect::<Vec<_>>();
    let first = spans.iter().flat_map(known).min()?;
    let last = spans.iter().flat_map(known).max()?;
    let length = last.micros().saturating_sub(first.micros());
    if length <= 0 {
        return None;
    }
    let plot = WIDTH.saturating_sub(LEFT);
    let at = |moment: Moment| LEFT.saturating_add(scaled(moment.micros().saturating_sub(first.micros()), length, plot));
    let mut shapes = Vec::new();
    let mut y = 0_i64;
    for span in &spans {
        // An open end runs to the edge of what is known.
        let x = at(span.from.unwrap_or(first)).min(WIDTH.saturating_sub(3));
        let w = at(span.to.unwrap_or(last)).saturating_sub(x).max(3);
        shapes.push(Shape::label(LEFT.saturating_sub(12), y.saturating_add(19), "end", &span.label));
        shapes.push(Shape::Line { x: LEFT, y: y.saturating_add(15), w: plot });
        shapes.push(Shape::Bar { x, y: y.saturating_add(6), w, h: 18, style: span.style });
        y = y.saturating_add(ROW);
    }
    let baseline = y.saturating_add(16);
    shapes.push(Shape::label(LEFT, baseline, "start", minute(first)));
    shapes.push(Shape::label(WIDTH, baseline, "end", minute(last)));
    Some(Figure {
        caption: Text::own("Asked for, held and missing, on one line of time, UTC"),
        width: WIDTH,
        height: y.saturating_add(24),
        shapes,
        legend: Vec::new(),
        twin: Table::new("The lines in words", &["What", "From", "To"], "impact.json", &spans, |s| {
            let end = |m: Option<Moment>| m.map_or_else(|| Text::own("open"), Text::at);
            vec![s.name.clone(), end(s.from), end(s.to)]
        }),
    })
}

fn spans(impact: &Impact) -> Vec<Span> {
    let coverage = &impact.coverage;
    let mut spans = vec![Span {
        label: "asked for".to_owned(),
        name: Text::own("asked for"),
        from: coverage.window.from(),
        to: coverage.window.to(),
        style: "asked",
    }];
    for log in coverage.logs.iter().filter(|log| log.first.is_some()) {
        spans.push(Span {
            label: format!("log {}", short(log.org.as_str())),
            name: Text::own("own log of ").value(log.org.as_str()),
            from: log.first,
            to: log.last,
            style: "seen",
        });
    }
    spans.extend(coverage.gaps.iter().map(gap));
    if impact.summary.first_access.is_some() {
        spans.push(Span {
            label: "direct accesses".to_owned(),
            name: Text::own("direct accesses"),
            from: impact.summary.first_access,
            to: impact.summary.last_access,
            style: "changed",
        });
    }
    spans
}

fn gap(gap: &Gap) -> Span {
    let org = gap.log_org.as_ref().map_or("every log", |org| org.as_str());
    let name = Text::own("gap: ").value(org);
    Span { label: format!("gap {}", short(org)), name, from: gap.from, to: gap.to, style: "gap" }
}
