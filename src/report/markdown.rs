//! `impact.md`: the paper for tickets and wikis, in the tables and lists of GitHub Flavored Markdown.

use super::document::{Block, Document, Matrix, Section};
use super::reading::Table;
use super::text::Text;

/// The document as Markdown.
pub(super) fn render(document: &Document) -> String {
    let mut out = String::new();
    line(&mut out, &format!("**{}**", document.tlp));
    line(&mut out, &format!("# {}", document.question.markdown()));
    line(&mut out, &format!("**{}**", document.answer.markdown()));
    line(&mut out, &document.as_of.markdown());
    if let Some(banner) = &document.lower_bound {
        line(&mut out, &format!("> **{}**", banner.markdown()));
        list(&mut out, &document.reasons);
    }
    for section in &document.sections {
        push_section(&mut out, section);
    }
    line(&mut out, "---");
    line(&mut out, &format!("{} · {} · {}", document.tlp, document.evidence.markdown(), document.tool));
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn push_section(out: &mut String, section: &Section) {
    line(out, &format!("## {}", section.title));
    for block in &section.blocks {
        match block {
            Block::Paragraph(text) => line(out, &text.markdown()),
            Block::Heading(title) => line(out, &format!("### {title}")),
            Block::List(items) => list(out, items),
            Block::Table(table) => push_table(out, table),
            Block::Matrix(matrix) => push_matrix(out, matrix),
            // A drawing needs HTML; its table says the same.
            Block::Figure(figure) => push_table(out, &figure.twin),
            Block::Lines(lines) => push_lines(out, lines),
        }
    }
}

/// One paragraph and the blank line behind it.
fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push_str("\n\n");
}

fn list(out: &mut String, items: &[Text]) {
    for item in items {
        out.extend(["- ", &item.markdown(), "\n"]);
    }
    out.push('\n');
}

fn push_table(out: &mut String, table: &Table) {
    line(out, &format!("*{}*", table.caption.markdown()));
    let titles: Vec<&str> = table.columns.iter().map(|column| column.title).collect();
    let rules: Vec<&str> = table.columns.iter().map(|c| if c.numeric { "---:" } else { "---" }).collect();
    let rows = table.rows.iter().map(|row| row.iter().map(Text::markdown).collect());
    push_rows(out, &titles, &rules, rows);
    if let Some(cut) = &table.cut {
        line(out, &cut.markdown());
    }
}

fn push_matrix(out: &mut String, matrix: &Matrix) {
    line(out, &format!("*{}*", matrix.caption.markdown()));
    let mut titles = vec!["Type"];
    titles.extend(&matrix.classes);
    titles.push("sum");
    let mut rules = vec!["---:"; titles.len()];
    if let Some(first) = rules.first_mut() {
        *first = "---";
    }
    let rows = matrix.rows.iter().map(|row| {
        let label = std::iter::once(row.label.markdown());
        label.chain(row.cells.iter().map(|cell| cell.count.to_string())).collect()
    });
    push_rows(out, &titles, &rules, rows);
}

fn push_rows(out: &mut String, titles: &[&str], rules: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    out.extend(["| ", &titles.join(" | "), " |\n| ", &rules.join(" | "), " |\n"]);
    for row in rows {
        out.extend(["| ", &row.join(" | "), " |\n"]);
    }
    out.push('\n');
}

/// Lines to copy. Each begins with a word of ours and holds no line break, so none can close the fence.
fn push_lines(out: &mut String, lines: &[Text]) {
    out.push_str("```text\n");
    for text in lines {
        out.push_str(&text.plain());
        out.push('\n');
    }
    out.push_str("```\n\n");
}
