//! Colours that stay apart for colour-blind readers and, dark beside light, in grey.

use gutskin_people::profile::sample::SampleReport;
use gutskin_people::taxonomy::Guild;
use plotters::style::RGBColor;

/// A band of the stacked bars: one or several guilds.
pub struct Band {
    /// Short label, drawn inside wide segments.
    pub label: &'static str,
    /// Legend.
    pub legend: &'static str,
    /// Guilds; empty for what lies outside all guilds.
    pub guilds: &'static [Guild],
    /// Fill.
    pub fill: RGBColor,
    /// Whether text on it is white.
    pub dark: bool,
}

/// Bands in stacking order; lightness alternates, so that neighbours differ in grey too.
pub const BANDS: [Band; 12] = [
    Band {
        label: "BAC",
        legend: "Bacteroides group",
        guilds: &[Guild::Bac],
        fill: RGBColor(27, 58, 107),
        dark: true,
    },
    Band {
        label: "PRE",
        legend: "Prevotella group",
        guilds: &[Guild::Pre],
        fill: RGBColor(156, 201, 240),
        dark: false,
    },
    Band {
        label: "FAE",
        legend: "Faecalibacterium",
        guilds: &[Guild::Fae],
        fill: RGBColor(20, 100, 74),
        dark: true,
    },
    Band {
        label: "ROS",
        legend: "other butyrate producers (ROS, ANA)",
        guilds: &[Guild::Ros, Guild::Ana],
        fill: RGBColor(166, 219, 160),
        dark: false,
    },
    Band {
        label: "BLA",
        legend: "fibre users, Blautia (RUM, FIB, BLA)",
        guilds: &[Guild::Rum, Guild::Fib, Guild::Bla],
        fill: RGBColor(120, 82, 30),
        dark: true,
    },
    Band {
        label: "BIF",
        legend: "Bifidobacterium, Coriobacteriia (BIF, COL)",
        guilds: &[Guild::Bif, Guild::Col],
        fill: RGBColor(247, 226, 140),
        dark: false,
    },
    Band {
        label: "AKK",
        legend: "Akkermansia",
        guilds: &[Guild::Akk],
        fill: RGBColor(96, 52, 140),
        dark: true,
    },
    Band {
        label: "PRP",
        legend: "propionate producers",
        guilds: &[Guild::Prp],
        fill: RGBColor(245, 190, 215),
        dark: false,
    },
    Band {
        label: "LAB",
        legend: "lactic acid bacteria, streptococci",
        guilds: &[Guild::Lab],
        fill: RGBColor(176, 82, 0),
        dark: true,
    },
    Band {
        label: "ENT",
        legend: "Enterobacteriaceae and relatives",
        guilds: &[Guild::Ent],
        fill: RGBColor(255, 160, 130),
        dark: false,
    },
    Band {
        label: "oth",
        legend: "others (MET, SRB, CDI, YEA)",
        guilds: &[Guild::Met, Guild::Srb, Guild::Cdi, Guild::Yea],
        fill: RGBColor(70, 70, 70),
        dark: true,
    },
    Band {
        label: "–",
        legend: "outside the guilds or not listed",
        guilds: &[],
        fill: RGBColor(218, 218, 218),
        dark: false,
    },
];

impl Band {
    /// Share of a sample in this band.
    pub fn share(&self, sample: &SampleReport) -> f64 {
        if self.guilds.is_empty() {
            sample.mapping.no_guild + sample.mapping.unlisted
        } else {
            self.guilds.iter().map(|guild| sample.guild(*guild)).sum()
        }
    }
}

/// Colours of groups (Okabe and Ito), dark and light in turn.
pub const GROUPS: [RGBColor; 8] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 0, 0),
    RGBColor(86, 180, 233),
    RGBColor(213, 94, 0),
    RGBColor(150, 200, 120),
    RGBColor(100, 60, 120),
    RGBColor(204, 121, 167),
];
