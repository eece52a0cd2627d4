//! Samples that look like something else than an adult's stool.

use crate::error::Result;
use crate::taxonomy::Guild;

use super::analyse::percent;
use super::communities::Likeness;
use super::rules::Rules;
use super::sample::{SampleReport, Scale, Warning, WarningKind};

/// Guilds that dominate an adult's stool.
const CORE: [Guild; 11] = [
    Guild::Bac,
    Guild::Pre,
    Guild::Rum,
    Guild::Fib,
    Guild::Bif,
    Guild::Col,
    Guild::Ros,
    Guild::Ana,
    Guild::Fae,
    Guild::Bla,
    Guild::Akk,
];
/// Strict anaerobes of adults, lost after antibiotics and late in infants.
const ANAEROBES: [Guild; 6] = [
    Guild::Fae,
    Guild::Ros,
    Guild::Ana,
    Guild::Rum,
    Guild::Fib,
    Guild::Bla,
];

/// What the detector sees of a sample.
pub struct Seen<'a> {
    /// The report so far.
    pub report: &'a SampleReport,
    /// Shares of the marker sets.
    pub markers: Vec<f64>,
    /// Members of the marker sets found.
    pub mock: Vec<usize>,
    /// Genera of the marker sets that are there in more than traces.
    pub genera: Vec<usize>,
    /// Reads in microbes, where the values are counts.
    pub reads: Option<f64>,
    /// Share of clades whose rows are missing.
    pub missing: f64,
    /// The mock community that the sample is most like.
    pub like: Option<Likeness>,
}

/// Thresholds, looked up once.
pub struct Detector<'a> {
    rules: &'a Rules,
    gut_core_low: f64,
    gut_core_there: f64,
    site_marker: f64,
    site_majority: f64,
    infant_bifidobacteria: f64,
    infant_anaerobes: f64,
    bloom: f64,
    bloom_gut: f64,
    bloom_anaerobes: f64,
    mouse: f64,
    mouse_person: f64,
    mouse_genera: f64,
    infant_genera: f64,
    vaginal_genera: f64,
    mock_members: f64,
    mock_share: f64,
    mock_common: f64,
    mock_genera: f64,
    environmental: f64,
    low_reads: f64,
    unmapped: f64,
    unclassified: f64,
    present: f64,
    missing: f64,
}

impl<'a> Detector<'a> {
    /// Reads the thresholds.
    ///
    /// # Errors
    /// When a rule is missing.
    pub fn new(rules: &'a Rules) -> Result<Self> {
        Ok(Self {
            gut_core_low: rules.value("warn.gut_core_low")?,
            gut_core_there: rules.value("warn.gut_core_there")?,
            site_majority: rules.value("warn.site_majority")?,
            site_marker: rules.value("warn.site_marker")?,
            infant_bifidobacteria: rules.value("warn.infant_bifidobacteria")?,
            infant_anaerobes: rules.value("warn.infant_adult_anaerobes")?,
            bloom: rules.value("warn.bloom")?,
            bloom_gut: rules.value("warn.bloom_gut")?,
            bloom_anaerobes: rules.value("warn.bloom_anaerobes")?,
            mouse: rules.value("warn.mouse_marker")?,
            mouse_person: rules.value("warn.mouse_person")?,
            mouse_genera: rules.value("warn.mouse_person_genera")?,
            infant_genera: rules.value("warn.infant_adult_genera")?,
            vaginal_genera: rules.value("warn.vaginal_genera")?,
            mock_members: rules.value("warn.mock_members")?,
            mock_share: rules.value("warn.mock_share")?,
            mock_common: rules.value("warn.mock_common")?,
            mock_genera: rules.value("warn.mock_genera")?,
            environmental: rules.value("warn.environmental")?,
            low_reads: rules.value("warn.low_reads")?,
            unmapped: rules.value("warn.unmapped")?,
            unclassified: rules.value("warn.unclassified")?,
            present: rules.value("warn.present")?,
            missing: rules.value("warn.missing_rows")?,
            rules,
        })
    }

    /// Warnings for a sample.
    #[must_use]
    pub fn warnings(&self, seen: &Seen<'_>) -> Vec<Warning> {
        let mut found = Vec::new();
        let mut warn = |kind, text: String| found.push(Warning { kind, text });
        let report = seen.report;
        let sum = |guilds: &[Guild]| guilds.iter().map(|guild| report.guild(*guild)).sum::<f64>();
        let core = sum(&CORE);
        // clostridia that come first in infants and stay in a disturbed gut tell nothing of an adult's
        let anaerobes = (sum(&ANAEROBES) - self.marker(seen, "early_anaerobe")).max(0.0);
        let mock = self.mock(seen).or_else(|| self.like_a_mock(seen));
        if let Some(text) = self.control(seen, mock.as_deref()) {
            warn(WarningKind::Mock, text);
        }
        let mouse = self.marker(seen, "mouse");
        let person = self.marker(seen, "person");
        let few = |kind: &str, most: f64| Self::genera(self.rules, seen, kind) as f64 <= most;
        if mouse >= self.mouse && person < self.mouse_person && few("person", self.mouse_genera) {
            warn(
                WarningKind::Mouse,
                format!(
                    "{} belong to taxa typical of mice (Muribaculaceae and others), {} to taxa that people have and mice lack (Faecalibacterium and others): guilds, references and indices are made for people",
                    percent(mouse),
                    percent(person)
                ),
            );
        }
        let place = self.place(seen, core);
        let bloom = match &mock {
            None => self.bloom(seen, anaerobes, &place),
            Some(_) => None,
        };
        // what grows after antibiotics and in newborns stands in stool too, where anything of stool is there
        if place.elsewhere && !(bloom.is_some() && core >= self.gut_core_there) {
            warn(WarningKind::NonGut, place.text(core));
        }
        let bifidobacteria = report.guild(Guild::Bif);
        if bifidobacteria >= self.infant_bifidobacteria
            && anaerobes < self.infant_anaerobes
            && few("adult", self.infant_genera)
        {
            warn(
                WarningKind::Infant,
                format!(
                    "{} Bifidobacterium with only {} of the anaerobes of adults and {} of their genera: an infant's stool? Adult references do not hold for it",
                    percent(bifidobacteria),
                    percent(anaerobes),
                    Self::genera(self.rules, seen, "adult")
                ),
            );
        }
        if let Some(text) = bloom {
            warn(WarningKind::PostAntibiotic, text);
        }
        self.technical(seen, &mut warn);
        found
    }

    /// Facultative anaerobes in place of strict ones. Taxa that dominate another site tell little by themselves, and
    /// nothing where the sample looks like that site.
    fn bloom(&self, seen: &Seen<'_>, anaerobes: f64, place: &Place) -> Option<String> {
        let gut = self.marker(seen, "bloom");
        let bloom = gut + self.marker(seen, "bloom_elsewhere");
        let of_the_gut = gut >= self.bloom_gut * bloom && (!place.elsewhere || gut > place.share);
        (bloom >= self.bloom && of_the_gut && anaerobes < self.bloom_anaerobes).then(|| {
            format!(
                "{} facultative anaerobes and {} of the strict anaerobes of adults: as after antibiotics, in acute illness, or in a newborn",
                percent(bloom),
                percent(anaerobes)
            )
        })
    }

    /// The other site of the body that a sample is most like, and whether it looks like another site than the gut.
    fn place(&self, seen: &Seen<'_>, core: f64) -> Place {
        let (site, share) = ["oral", "skin", "vaginal"]
            .into_iter()
            .map(|site| (site, self.marker(seen, site)))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or_default();
        // Prevotella and others of the vagina live in stool too, Gardnerella and its company do not
        let vaginal = site == "vaginal"
            && share >= self.site_marker
            && Self::genera(self.rules, seen, site) as f64 >= self.vaginal_genera;
        let gut = self.marker(seen, "bloom");
        let of_the_gut = gut >= self.bloom && gut > share;
        let named = share >= self.site_marker && (vaginal || !of_the_gut);
        Place {
            elsewhere: core < self.gut_core_low || share >= self.site_majority || vaginal,
            site: named.then_some(site),
            share: if share >= self.site_marker {
                share
            } else {
                0.0
            },
        }
    }

    fn technical(&self, seen: &Seen<'_>, warn: &mut impl FnMut(WarningKind, String)) {
        let report = seen.report;
        if let Some(reads) = seen.reads
            && reads < self.low_reads
        {
            warn(
                WarningKind::LowDepth,
                format!(
                    "{reads:.0} reads only: rare taxa are missed, richness is low for that reason"
                ),
            );
        }
        let whole = match report.scale {
            Scale::Fraction => Some(1.0),
            Scale::Percent => Some(100.0),
            _ => None,
        };
        if let Some(whole) = whole
            && report.total < self.present * whole
        {
            warn(
                WarningKind::Unmapped,
                format!(
                    "only {} of this sample is in the table: shares are of the little that is there",
                    percent(report.total / whole)
                ),
            );
        }
        if report.left_out.unclassified >= self.unclassified {
            warn(
                WarningKind::Unmapped,
                format!(
                    "{} is unclassified: shares are of the little that was named",
                    percent(report.left_out.unclassified)
                ),
            );
        }
        if seen.missing >= self.missing {
            warn(
                WarningKind::Unmapped,
                format!(
                    "rows are missing: {} belongs to clades whose own rows are not in the file, so that it counts at the clade above",
                    percent(seen.missing)
                ),
            );
        }
        if report.left_out.eukaryotes >= self.bloom {
            warn(
                WarningKind::Host,
                format!(
                    "{} host or other eukaryotes, left out",
                    percent(report.left_out.eukaryotes)
                ),
            );
        }
        let outside = report.mapping.no_guild + report.mapping.unlisted;
        if outside >= self.unmapped {
            warn(
                WarningKind::Unmapped,
                format!(
                    "{} lie outside the guilds ({} not in the taxon table): guild shares are uncertain by as much",
                    percent(outside),
                    percent(report.mapping.unlisted)
                ),
            );
        }
    }

    /// Genera of a marker set that are there in more than traces.
    fn genera(rules: &Rules, seen: &Seen<'_>, kind: &str) -> usize {
        let at = rules
            .markers()
            .kinds()
            .iter()
            .position(|known| known == kind);
        at.map_or(0, |at| seen.genera[at])
    }

    fn marker(&self, seen: &Seen<'_>, kind: &str) -> f64 {
        self.rules
            .markers()
            .kinds()
            .iter()
            .position(|known| known == kind)
            .map_or(0.0, |at| seen.markers[at])
    }

    /// All signs of a mock community, a control or contamination, in one sentence.
    fn control(&self, seen: &Seen<'_>, mock: Option<&str>) -> Option<String> {
        let mut signs = Vec::new();
        if let Some(name) = mock {
            signs.push(format!("looks like the mock community {name}"));
        }
        let environmental = self.marker(seen, "environmental");
        if environmental >= self.environmental {
            signs.push(format!(
                "{} belong to taxa of springs, soil, sediment or sea, which do not live in a gut: a mock community, a control, or contamination",
                percent(environmental)
            ));
        }
        if let Some(hint) = name_hint(&seen.report.id) {
            signs.push(format!(
                "the name says `{hint}`: a control, not a person's sample?"
            ));
        }
        (!signs.is_empty()).then(|| signs.join("; "))
    }

    fn mock(&self, seen: &Seen<'_>) -> Option<String> {
        self.rules
            .markers()
            .kinds()
            .iter()
            .enumerate()
            .find_map(|(at, kind)| {
                let name = kind.strip_prefix("mock:")?;
                let members = seen.mock[at] as f64 / self.rules.markers().size(at) as f64;
                (members >= self.mock_members && seen.markers[at] >= self.mock_share)
                    .then(|| format!("{name}: its members make up nearly all of the sample"))
            })
    }

    /// A sample with the genera of a mock community in about its shares and hardly any other.
    fn like_a_mock(&self, seen: &Seen<'_>) -> Option<String> {
        let like = seen.like.as_ref()?;
        (like.common >= self.mock_common && like.members >= self.mock_genera).then(|| {
            format!(
                "{}: {} of it is as the nominal composition says, {} in its genera",
                like.name,
                percent(like.common),
                percent(like.members)
            )
        })
    }
}

/// What a sample is like beside stool.
struct Place {
    elsewhere: bool,
    /// The site, where it is told.
    site: Option<&'static str>,
    /// Share of the taxa of the likeliest site, where there is more than some.
    share: f64,
}

impl Place {
    fn text(&self, core: f64) -> String {
        match self.site {
            Some(site) => format!(
                "{} in the guilds that dominate stool, {} in taxa of another site ({site}): probably not stool",
                percent(core),
                percent(self.share)
            ),
            None => format!(
                "only {} in the guilds that dominate stool: not stool, or a strongly disturbed community",
                percent(core)
            ),
        }
    }
}

/// Words in sample names that stand for controls.
fn name_hint(id: &str) -> Option<&'static str> {
    let lower = id.to_lowercase();
    [
        "mock",
        "blank",
        "ntc",
        "negative_control",
        "negative control",
        "negcontrol",
        "neg_ctrl",
        "extraction_control",
    ]
    .into_iter()
    .find(|word| {
        lower.match_indices(word).any(|(at, _)| {
            let before = lower[..at].chars().next_back();
            let after = lower[at + word.len()..].chars().next();
            !before.is_some_and(char::is_alphabetic) && !after.is_some_and(char::is_alphabetic)
        })
    })
}
