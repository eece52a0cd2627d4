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
table.dense{width:100%;font-size:.76rem}.dense th,.dense td{padding:.1rem .2rem}.dense th{white-space:normal;vertical-align:bottom;line-height:1.15}
.dense th small{display:block;font-weight:normal}.dense td:first-child{white-space:normal;overflow-wrap:anywhere;min-width:5.5rem;max-width:11rem}
table.files td{white-space:normal;overflow-wrap:anywhere;text-align:left;vertical-align:top}.files th{text-align:left}
@page{size:A4;margin:12mm}@media print{body{font-size:9pt;max-width:none;margin:0;padding:0}.scroll{overflow:visible}table{font-size:7pt}
table.dense{font-size:6pt}.dense th,.dense td{padding:.05rem .1rem}td.wrap{min-width:0}figure,tr,.warn li{break-inside:avoid}h2,h3{break-after:avoid}thead{display:table-header-group}}
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

/// Columns of which some sample has a value; the others would be dashes only.
struct Shown {
    method: bool,
    other_unit: Option<&'static str>,
    percentile: bool,
    gmwi2: bool,
    dysbiosis: bool,
}

impl Shown {
    fn of(study: &Study) -> Self {
        let first = study.analysed().next().map(|sample| sample.method);
        Self {
            method: study.analysed().any(|sample| Some(sample.method) != first),
            other_unit: study
                .analysed()
                .find_map(|sample| sample.shannon_of_the_reference())
                .map(|found| found.unit.plural()),
            percentile: study
                .analysed()
                .any(|sample| sample.beside("shannon").is_some()),
            gmwi2: study.analysed().any(|sample| sample.gmwi2.is_some()),
            dysbiosis: study.analysed().any(|sample| sample.dysbiosis.is_some()),
        }
    }
}

/// Guilds that have a column of their own.
const GUILDS: [Guild; 6] = [
    Guild::Bac,
    Guild::Pre,
    Guild::Bif,
    Guild::Fae,
    Guild::Ent,
    Guild::Akk,
];

fn samples(study: &Study) -> Markup {
    let shown = Shown::of(study);
    html! {
        h2 { "Samples" }
        div.scroll { table.dense {
            thead { (sample_header(&shown)) }
            tbody { @for sample in study.analysed().take(MOST_ROWS) { (sample_row(sample, &shown)) } }
        } }
        p.small {
            @if let Some(method) = study.analysed().next().map(|sample| sample.method.name()).filter(|_| !shown.method) { "Method: " (method) ". " }
            "Shares of bacteria, archaea and fungi. Taxa and Shannon over the file's own rows"
            @if shown.percentile {
                "; percentile of Shannon"
                @if let Some(unit) = shown.other_unit { " over " (unit) ", which the reference counts," }
                " among the reference of the same method"
            }
            @if shown.dysbiosis { "; * beyond the 90th percentile of the reference" }
            ". F/B, Firmicutes over Bacteroidetes, is reported and never scored: it marks no state of health."
            @if !shown.gmwi2 { " No sample has a GMWI2." }
            @if !shown.dysbiosis { " There is no reference of this method, so no percentile and no dysbiosis distance." }
            @if study.samples.len() > MOST_ROWS { " The first " (MOST_ROWS) " samples; all are in samples.parquet." }
        }
    }
}

fn sample_header(shown: &Shown) -> Markup {
    html! { tr {
        th { "sample" }
        @if shown.method { th { "method" } }
        @for guild in GUILDS { th title=(guild.name()) { (guild.code()) small { "%" } } }
        th { "buty\u{ad}rate" small { "%" } } th { "propi\u{ad}onate" small { "%" } } th { "LPS" small { "×" } }
        th { "taxa" } th { "Shan\u{ad}non" }
        @if let Some(unit) = shown.other_unit { th { "Shan\u{ad}non" small { "over " (unit) } } }
        @if shown.percentile { th { "per\u{ad}cen\u{ad}tile" } }
        @if shown.gmwi2 { th { "GMWI2" } }
        @if shown.dysbiosis { th { "dys\u{ad}bio\u{ad}sis" } }
        th { "F/B" } th { "in guilds" small { "%" } }
    } }
}

fn sample_row(sample: &SampleReport, shown: &Shown) -> Markup {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let shannon = sample.beside("shannon");
    html! { tr {
        td { (sample.id) }
        @if shown.method { td { (sample.method.name()) } }
        @for guild in GUILDS { td { (bare(sample.guild(guild))) } }
        td { (bare(sample.butyrate_producers)) }
        td { (bare(sample.propionate_producers)) }
        td { (format!("{:.2}", sample.lps.agonist_ratio)) }
        td { (sample.diversity.richness) }
        td { (format!("{:.2}", sample.diversity.shannon)) }
        @if shown.other_unit.is_some() { td { (or_dash(shannon.map(|found| format!("{:.2}", found.value)))) } }
        @if shown.percentile { td { (or_dash(shannon.map(|found| format!("{:.0}", found.position.percentile)))) } }
        @if shown.gmwi2 { td { (or_dash(sample.gmwi2.map(|score| format!("{score:+.3}")))) } }
        @if shown.dysbiosis { td { (or_dash(sample.dysbiosis.as_ref().map(|found| format!("{:.2}{}", found.distance, if found.beyond { " *" } else { "" })))) } }
        td { (or_dash(sample.firmicutes_bacteroidetes.map(short_ratio))) }
        td { (bare(sample.mapping.in_guild)) }
    } }
}

/// A share as a percentage without its sign, which stands in the heading.
fn bare(share: f64) -> String {
    percent(share).trim_end_matches(" %").to_owned()
}

/// A ratio that may be very large, in a narrow column.
fn short_ratio(ratio: f64) -> String {
    match ratio {
        large if large >= 1e4 => format!("{large:.0e}"),
        large if large >= 100.0 => format!("{large:.0}"),
        small => format!("{small:.2}"),
    }
}

fn files(study: &Study) -> Markup {
    html! {
        h2 { "Files, and what was assumed" }
        div.scroll { table.files {
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
                    .any(|found| found.reference == reference.id.as_str())
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
