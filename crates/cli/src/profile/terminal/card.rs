//! The card of a single sample.

use std::io::{Result, Write};

use gutskin_people::profile::reference::{Reference, Spread};
use gutskin_people::profile::sample::{SampleReport, Scale};
use gutskin_people::taxonomy::Guild;

use super::{percentile, share, wrap};

const BAR: usize = 24;

/// Prints a sample.
pub fn print(out: &mut impl Write, sample: &SampleReport, references: &[Reference]) -> Result<()> {
    writeln!(
        out,
        "{}   {}, {}",
        sample.id,
        sample.method.name(),
        sample.scale.name()
    )?;
    if let Some(reason) = &sample.refused {
        return writeln!(out, "  {}", wrap(reason, 2));
    }
    for warning in &sample.warnings {
        writeln!(out, "! {}", wrap(&warning.text, 2))?;
    }
    guilds(out, sample, references)?;
    diversity(out, sample)?;
    functions(out, sample)?;
    indices(out, sample)
}

fn guilds(out: &mut impl Write, sample: &SampleReport, references: &[Reference]) -> Result<()> {
    let people = references
        .iter()
        .find(|reference| reference.method == sample.method && reference.spread == Spread::People);
    let means = references
        .iter()
        .find(|reference| reference.spread == Spread::StudyMeans);
    writeln!(
        out,
        "\nGuilds{}",
        " ".repeat(45)
            + if people.is_some() {
                "share   reference 5–95 %"
            } else {
                "share   mean of adults (shotgun)"
            }
    )?;
    let widest = sample
        .guilds
        .iter()
        .copied()
        .fold(0.0, f64::max)
        .max(f64::MIN_POSITIVE);
    for guild in Guild::ALL {
        let value = sample.guild(guild);
        let beside = match (
            people.and_then(|reference| reference.guild_position(guild, value)),
            means,
        ) {
            (Some(place), _) => format!("{} to {}", share(place.p05), share(place.p95)),
            (None, Some(reference)) => reference
                .guild_means
                .get(guild.code())
                .map_or_else(String::new, |mean| share(*mean)),
            _ => String::new(),
        };
        if value == 0.0 && guild != Guild::Fae && guild != Guild::Bif && guild != Guild::Akk {
            continue;
        }
        let bar = "█".repeat((value / widest * BAR as f64).round() as usize);
        writeln!(
            out,
            "  {} {:<20.20} {bar:<BAR$} {:>7}   {beside}",
            guild.code(),
            guild.short_name(),
            share(value)
        )?;
    }
    let map = &sample.mapping;
    let unmapped: Vec<String> = map
        .largest_unmapped
        .iter()
        .take(3)
        .map(|(name, part)| format!("{name} {}", share(*part)))
        .collect();
    writeln!(
        out,
        "  {}",
        wrap(
            &format!(
                "in the guilds {}, listed outside them {}, not listed {}{}",
                share(map.in_guild),
                share(map.no_guild),
                share(map.unlisted),
                if unmapped.is_empty() {
                    String::new()
                } else {
                    format!("; largest outside: {}", unmapped.join(", "))
                }
            ),
            2
        )
    )?;
    let left = &sample.left_out;
    if left.unclassified + left.eukaryotes + left.viruses > 0.0 {
        writeln!(
            out,
            "  left out of the shares: unclassified {}, host and other eukaryotes {}, viruses {}",
            share(left.unclassified),
            share(left.eukaryotes),
            share(left.viruses)
        )?;
    }
    if let Some(load) = sample.load_cells_per_gram {
        writeln!(
            out,
            "  load {load:.2e} cells/g: butyrate producers {:.2e}, Bifidobacterium {:.2e} cells/g",
            load * sample.butyrate_producers,
            load * sample.guild(Guild::Bif)
        )?;
    }
    Ok(())
}

fn diversity(out: &mut impl Write, sample: &SampleReport) -> Result<()> {
    let own = &sample.diversity;
    writeln!(out, "\nDiversity")?;
    let chao = own
        .chao1
        .filter(|_| sample.scale == Scale::Counts)
        .map_or_else(String::new, |value| format!(", Chao1 {value:.0}"));
    let even = own
        .evenness
        .map_or_else(String::new, |value| format!(", evenness {value:.2}"));
    writeln!(
        out,
        "  {} {}{chao}, Shannon {:.3}, Simpson {:.3}{even}",
        own.richness,
        sample.unit.plural(),
        own.shannon,
        own.simpson
    )?;
    let genus = &sample.genus_diversity;
    writeln!(
        out,
        "  {} genera, Shannon {:.3} over genera ({} has a genus)",
        genus.richness,
        genus.shannon,
        share(sample.genus_share)
    )?;
    for compared in &sample.compared {
        if compared.metric == "shannon" || compared.metric == "richness" {
            writeln!(
                out,
                "  {} {:.2} over {} that the reference can see: percentile {} (median {:.2}, 5–95 % {:.2} to {:.2})",
                compared.metric,
                compared.value,
                compared.unit.plural(),
                percentile(sample, compared.metric).unwrap_or_default(),
                compared.position.median,
                compared.position.p05,
                compared.position.p95
            )?;
        }
    }
    Ok(())
}

fn functions(out: &mut impl Write, sample: &SampleReport) -> Result<()> {
    writeln!(out, "\nWhat it can do (shares of organisms, not rates)")?;
    writeln!(
        out,
        "  butyrate producers {}, propionate producers {}, either {}",
        share(sample.butyrate_producers),
        share(sample.propionate_producers),
        share(sample.scfa_producers)
    )?;
    writeln!(
        out,
        "  LPS: agonist load {:.2} × that of the mean western adult (hexa-acylated {}, weak {})",
        sample.lps.agonist_ratio,
        share(sample.lps.hexa_acylated_share),
        share(sample.lps.hypo_acylated_share)
    )?;
    let names: Vec<String> = sample
        .largest_opportunists
        .iter()
        .take(3)
        .map(|(name, part)| format!("{name} {}", share(*part)))
        .collect();
    writeln!(
        out,
        "  {}",
        wrap(
            &format!(
                "opportunists {}{}",
                share(sample.opportunists),
                if names.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", names.join(", "))
                }
            ),
            2
        )
    )?;
    if let Some(ratio) = sample.firmicutes_bacteroidetes {
        writeln!(
            out,
            "  Firmicutes/Bacteroidetes {ratio:.2} (reported only: it marks no state of health)"
        )?;
    }
    Ok(())
}

fn indices(out: &mut impl Write, sample: &SampleReport) -> Result<()> {
    writeln!(out, "\nIndices")?;
    match sample.gmwi2 {
        Some(score) => {
            let text = format!(
                "GMWI2 {score:+.6} from {} clades (above 0: as healthy people's stool more often than as patients'; between −0.5 and 0.5 it says little)",
                sample.gmwi2_clades.unwrap_or_default()
            );
            writeln!(out, "  {}", wrap(&text, 2))?;
            if let Some(note) = &sample.gmwi2_note {
                writeln!(out, "! {}", wrap(note, 2))?;
            }
        }
        None => writeln!(
            out,
            "  {}",
            wrap(
                &format!(
                    "GMWI2: none. {}",
                    sample.gmwi2_note.clone().unwrap_or_default()
                ),
                2
            )
        )?,
    }
    match &sample.dysbiosis {
        Some(found) => writeln!(
            out,
            "  {}",
            wrap(
                &format!(
                    "dysbiosis distance {:.3} to `{}` (percentile {:.0} of its own people; its 90th percentile {:.3}): {}",
                    found.distance,
                    found.reference,
                    found.position.percentile,
                    found.threshold,
                    if found.beyond { "beyond" } else { "within" }
                ),
                2
            )
        ),
        None => writeln!(
            out,
            "  {}",
            wrap(
                &format!(
                    "dysbiosis distance: {}",
                    sample.dysbiosis_note.clone().unwrap_or_default()
                ),
                2
            )
        ),
    }
}
