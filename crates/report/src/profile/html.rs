//! One HTML page that holds everything and opens offline.

use gutskin_people::profile::analyse::percent;
use gutskin_people::profile::compare::{Comparison, Contrast, Effect, p_text};
use gutskin_people::profile::reference::Reference;
use gutskin_people::profile::sample::SampleReport;
use gutskin_people::profile::study::Study;
use gutskin_people::taxonomy::Guild;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Figure;

/// Rows of samples in the page; all are in the Parquet tables.
const MOST_ROWS: usize = 400;
const MOST_EFFECTS: usize = 30;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:1px solid #bbb}h3{font-size:1rem}
figure{margin:1rem 0}figure svg{max-width:100%;height:auto}figcaption,.small{font-size:.85rem;color:#444}
table{border-collapse:collapse;font-size:.85rem}th,td{padding:.15rem .55rem;text-align:right;border-bottom:1px solid #ddd;white-space:nowrap}
th:first-child,td:first-child{text-align:left}td.wrap{white-space:normal;text-align:left;min-width:18rem}.scroll{overflow-x:auto}
.warn{border-left:4px solid #d55e00;padding:.2rem .8rem;background:#fdf3ec}code{background:#f2f2f2;padding:0 .2rem}";

/// The page as text.
#[must_use]
pub fn page(study: &Study, references: &[Reference], figures: &[Figure]) -> String {
    let analysed = study.analysed().count();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Stool profiles" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Stool profiles" }
                p.small { "gutskin " (env!("CARGO_PKG_VERSION")) ", " (analysed) " of " (study.samples.len()) " samples analysed. A research tool, not medical advice." }
                (warnings(study))
                @for figure in figures {
                    h2 { (heading(figure.name, study)) }
                    figure { (PreEscaped(described(figure))) figcaption { (figure.caption) } }
                }
                @if let Some(comparison) = &study.comparison { (groups(comparison)) }
                (samples(study))
                (files(study))
                (used(study, references))
            }
        }
    }
    .into_string()
}

/// The SVG with a title for screen readers.
fn described(figure: &Figure) -> String {
    let title = html! { title { (figure.caption) } }.into_string();
    match figure.svg.find("<svg").and_then(|start| {
        figure.svg[start..]
            .find('>')
            .map(|end| (start, start + end + 1))
    }) {
        Some((start, end)) => format!(
            "{} role=\"img\">{title}{}",
            &figure.svg[start..end - 1],
            &figure.svg[end..]
        ),
        None => figure.svg.clone(),
    }
}

fn heading(name: &str, study: &Study) -> &'static str {
    let compared = study.analysed().any(|sample| !sample.compared.is_empty());
    match name {
        "guilds" => "Guilds",
        "ordination" => "Ordination",
        _ if compared => "Beside the reference",
        _ => "Sample by sample",
    }
}

fn warnings(study: &Study) -> Markup {
    let warned: Vec<&SampleReport> = study
        .samples
        .iter()
        .filter(|sample| !sample.warnings.is_empty() || sample.refused.is_some())
        .collect();
    html! {
        @if !warned.is_empty() {
            div.warn {
                p { strong { (warned.len()) " of " (study.samples.len()) " samples carry a warning." } }
                ul {
                    @for sample in warned.iter().take(25) {
                        li {
                            code { (sample.id) } ": "
                            @if let Some(reason) = &sample.refused { (reason) }
                            (sample.warnings.iter().map(|warning| warning.text.as_str()).collect::<Vec<_>>().join("; "))
                        }
                    }
                    @if warned.len() > 25 { li { "… and " (warned.len() - 25) " more, in samples.parquet" } }
                }
            }
        }
    }
}

fn groups(comparison: &Comparison) -> Markup {
    html! {
        h2 { "Groups by " code { (comparison.column) } }
        p { (comparison.groups.iter().map(|(name, count)| format!("{name}: {count}")).collect::<Vec<_>>().join(", ")) }
        @for contrast in &comparison.contrasts { (contrast_table(contrast, comparison.paired)) }
        ul.small { @for note in &comparison.notes { li { (note) } } }
    }
}

fn contrast_table(contrast: &Contrast, paired: bool) -> Markup {
    let mut shown: Vec<&Effect> = contrast
        .effects
        .iter()
        .filter(|effect| effect.kind != "genus")
        .collect();
    shown.extend(
        contrast
            .effects
            .iter()
            .filter(|effect| effect.kind == "genus" && effect.q < 0.1),
    );
    shown.truncate(MOST_EFFECTS);
    html! {
        h3 { (contrast.from) " → " (contrast.to) " (" (contrast.from_count) @if !paired { " and " (contrast.to_count) } " " @if paired { "subjects" } @else { "samples" } ")" }
        @if let Some((share, p)) = contrast.whole {
            p { "Whole composition: the groups hold " (percent(share)) " of the squared Aitchison distances, p: " (p_text(p, 4)) "." }
        }
        div.scroll { table {
            tr { th { "feature" } th { (contrast.from) } th { (contrast.to) } th { "effect" } th { "95 % interval" } th { "delta" } th { "p" } th { "q" } }
            @for effect in shown {
                tr {
                    td { @if effect.q < 0.1 { strong { (effect.feature) } } @else { (effect.feature) } }
                    td { (value(effect, effect.from_mean)) }
                    td { (value(effect, effect.to_mean)) }
                    @match effect.fold {
                        Some(fold) => { td { "× " (format!("{fold:.2}")) } td { (format!("{:.2} to {:.2}", effect.low.exp(), effect.high.exp())) } }
                        None => { td { (format!("{:+.3}", effect.difference)) } td { (format!("{:+.3} to {:+.3}", effect.low, effect.high)) } }
                    }
                    td { (format!("{:+.2}", effect.delta)) }
                    td { (p_text(effect.p, 4)) }
                    td { (p_text(effect.q, 3)) }
                }
            }
        } }
    }
}

fn value(effect: &Effect, value: f64) -> String {
    if effect.fold.is_some() {
        percent(value)
    } else {
        format!("{value:.3}")
    }
}

fn samples(study: &Study) -> Markup {
    let guilds = [
        Guild::Bac,
        Guild::Pre,
        Guild::Bif,
        Guild::Fae,
        Guild::Ent,
        Guild::Akk,
    ];
    let other_unit = study
        .analysed()
        .find_map(|sample| sample.shannon_of_the_reference())
        .map(|found| found.unit.plural());
    html! {
        h2 { "Samples" }
        div.scroll { table {
            tr {
                th { "sample" } th { "method" }
                @for guild in guilds { th title=(guild.name()) { (guild.code()) } }
                th { "butyrate" } th { "propionate" } th { "LPS ×" } th { "taxa" } th { "Shannon" }
                @if let Some(unit) = other_unit { th { "Shannon over " (unit) } }
                th { "percentile" } th { "GMWI2" } th { "dysbiosis" } th { "F/B" } th { "in guilds" }
            }
            @for sample in study.analysed().take(MOST_ROWS) {
                tr {
                    td { (sample.id) } td { (sample.method.name()) }
                    @for guild in guilds { td { (percent(sample.guild(guild))) } }
                    td { (percent(sample.butyrate_producers)) }
                    td { (percent(sample.propionate_producers)) }
                    td { (format!("{:.2}", sample.lps.agonist_ratio)) }
                    td { (sample.diversity.richness) }
                    td { (format!("{:.2}", sample.diversity.shannon)) }
                    @if other_unit.is_some() { td { (sample.beside("shannon").map_or_else(|| "–".to_owned(), |found| format!("{:.2}", found.value))) } }
                    td { (sample.beside("shannon").map_or_else(|| "–".to_owned(), |found| format!("{:.0}", found.position.percentile))) }
                    td { (sample.gmwi2.map_or_else(|| "–".to_owned(), |score| format!("{score:+.3}"))) }
                    td { (sample.dysbiosis.as_ref().map_or_else(|| "–".to_owned(), |found| format!("{:.2}{}", found.distance, if found.beyond { " *" } else { "" }))) }
                    td { (sample.firmicutes_bacteroidetes.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"))) }
                    td { (percent(sample.mapping.in_guild)) }
                }
            }
        } }
        p.small {
            "Shares of bacteria, archaea and fungi. Taxa and Shannon over the file's own rows; percentile of Shannon"
            @if let Some(unit) = other_unit { " over " (unit) ", which the reference counts," }
            " among the reference of the same method; * beyond the 90th percentile of the reference. F/B, Firmicutes over Bacteroidetes, is reported and never scored: it marks no state of health."
            @if study.samples.len() > MOST_ROWS { " The first " (MOST_ROWS) " samples; all are in samples.parquet." }
        }
    }
}

fn files(study: &Study) -> Markup {
    html! {
        h2 { "Files, and what was assumed" }
        div.scroll { table {
            tr { th { "file" } th { "format" } th { "method" } th { "database" } th { "samples" } th { "remarks" } }
            @for file in study.files.iter().take(MOST_ROWS) {
                tr {
                    td { (file.file.rsplit('/').next().unwrap_or(&file.file)) } td { (file.format) } td { (file.method.name()) }
                    td { (file.database.as_deref().unwrap_or("–")) } td { (file.samples) }
                    td.wrap { (file.notes.join("; ")) }
                }
            }
        } }
        @if !study.notes.is_empty() { ul { @for note in &study.notes { li { (note) } } } }
        ul.small {
            li { "Relative abundances are not amounts: a share can rise because others fell. Cells per gram, where given, are used as they are." }
            li { "Guilds come from the project's taxon table (species, else genus, else family); traits of one strain stand for its species." }
            li { "Producers of an acid are counted by who can make it, not by how much is made." }
        }
    }
}

fn used(study: &Study, references: &[Reference]) -> Markup {
    let mentioned: Vec<&Reference> = references
        .iter()
        .filter(|reference| {
            study.samples.iter().any(|sample| {
                sample
                    .compared
                    .iter()
                    .any(|found| found.reference == reference.id)
            }) || reference.guild_means.contains_key("ENT")
                && !reference.quantiles.contains_key("distance")
        })
        .collect();
    html! {
        h2 { "References" }
        ul {
            @for reference in mentioned {
                li { (reference.title) ": " (reference.samples) " samples. " (reference.source) ", licence " (reference.licence) ". " (reference.caution) }
            }
            li { "GMWI2: Chang and others 2024, github.com/danielchang2002/GMWI2, coefficients under the MIT licence. Cross-validated balanced accuracy 80 %." }
        }
    }
}
