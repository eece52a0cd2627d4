//! The map of a model: compartments, and one strand a link between them, coloured by grade of evidence.
//!
//! Compartments and links come from the network. Where a compartment stands on the page is decided here for those that
//! are known; others line up below.

use crate::escape::html;
use gutskin_network::{Link, LinkGrade, Network};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Width and height of the drawing, without the list of links.
const SIZE: (f64, f64) = (1400.0, 760.0);
/// Half width and half height of a compartment.
const HALF: (f64, f64) = (88.0, 40.0);
/// Distance of strands.
const GAP: f64 = 4.2;
/// Where the outside world stands: a band along the foot.
const FOOT: f64 = 690.0;

/// Places of known compartments, centre.
const PLACES: &[(&str, f64, f64)] = &[
    ("strains", 170.0, 150.0),
    ("colon", 170.0, 330.0),
    ("bile", 170.0, 540.0),
    ("plasma", 510.0, 150.0),
    ("barrier", 510.0, 345.0),
    ("endotoxin", 510.0, 550.0),
    ("hpa", 860.0, 190.0),
    ("immune", 860.0, 375.0),
    ("acute", 860.0, 570.0),
    ("ad", 1215.0, 250.0),
    ("pso", 1215.0, 250.0),
    ("acne", 1215.0, 250.0),
    ("skin", 1215.0, 250.0),
    ("early", 1215.0, 250.0),
    ("metabolic", 1215.0, 540.0),
];

/// What a compartment is called on the page.
const TITLES: &[(&str, &str)] = &[
    ("strains", "added strains"),
    ("bile", "bile acids"),
    ("plasma", "plasma acids"),
    ("hpa", "stress axis"),
    ("acute", "acute chain"),
    ("ad", "eczema"),
    ("pso", "psoriasis"),
    ("early", "early life"),
    ("metabolic", "hormones"),
    (
        "input",
        "what people live with: food, stress, sleep, drugs, sun",
    ),
];

/// Grades from the strongest, with colour (Okabe–Ito) and meaning.
const GRADES: [(LinkGrade, &str, &str); 5] = [
    (LinkGrade::HumanTrial, "#0072B2", "human trial"),
    (LinkGrade::HumanObservation, "#009E73", "human observation"),
    (LinkGrade::Animal, "#D55E00", "animal"),
    (LinkGrade::InVitro, "#CC79A7", "in vitro"),
    (LinkGrade::Assumption, "#7a7a7a", "assumption"),
];

/// Bends in the order in which they are tried, as shares of the length; unlike on both sides, so that there and back
/// do not fall together.
const BENDS: [f64; 12] = [
    0.1, -0.04, 0.2, -0.14, 0.3, -0.24, 0.42, -0.36, 0.55, -0.48, 0.7, -0.62,
];

const SKINS: [&str; 3] = ["ad", "pso", "acne"];

/// The map as SVG.
#[must_use]
pub fn map(network: &Network) -> String {
    let page = Page::new(network);
    let list = page.list();
    let height = SIZE.1 + list.1;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {height}\" width=\"{w}\" height=\"{height}\" \
         font-family=\"Helvetica, Arial, sans-serif\" role=\"img\" aria-label=\"Map of the model {name}\">\n\
         <rect width=\"{w}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         <text x=\"24\" y=\"34\" font-size=\"20\" font-weight=\"600\" fill=\"#1a1a1a\">{name}</text>\n\
         <text x=\"24\" y=\"54\" font-size=\"12.5\" fill=\"#555\">{states} states, {links} links; one strand a link, \
         dashed where off by default; dots are links within a compartment</text>\n",
        w = SIZE.0,
        name = html(&network.name),
        states = network.states.len(),
        links = network.links.len(),
    );
    legend(&mut svg);
    page.strands(&mut svg);
    page.boxes(&mut svg);
    svg.push_str(&list.0);
    svg.push_str("</svg>\n");
    svg
}

fn legend(svg: &mut String) {
    let mut x = 660.0;
    for (grade, colour, meaning) in GRADES {
        let text = format!("{} {meaning}", grade.code());
        // Writing to a string cannot fail.
        let _ = writeln!(
            svg,
            "<line x1=\"{x}\" y1=\"30\" x2=\"{}\" y2=\"30\" stroke=\"{colour}\" stroke-width=\"3\"/>\
             <text x=\"{}\" y=\"34\" font-size=\"12.5\" fill=\"#333\">{text}</text>",
            x + 20.0,
            x + 26.0,
        );
        x += 48.0 + 6.9 * text.len() as f64;
    }
}

fn colour(link: &Link) -> &'static str {
    let found = GRADES.iter().find(|g| g.0 == link.grade);
    found.map_or("#000000", |g| g.1)
}

struct Page<'n> {
    network: &'n Network,
    places: BTreeMap<String, (f64, f64)>,
    /// Links by ordered pair.
    bundles: BTreeMap<(String, String), Vec<&'n Link>>,
}

impl<'n> Page<'n> {
    fn new(network: &'n Network) -> Self {
        let mut bundles: BTreeMap<(String, String), Vec<&Link>> = BTreeMap::new();
        for link in &network.links {
            let pair = (merged(network, &link.from), merged(network, &link.to));
            bundles.entry(pair).or_default().push(link);
        }
        let mut names: Vec<&String> = bundles.keys().flat_map(|(a, b)| [a, b]).collect();
        names.sort();
        names.dedup();
        let mut places = BTreeMap::new();
        let mut spare = 0.0;
        for name in names.into_iter().filter(|n| *n != "input") {
            let known = PLACES.iter().find(|p| p.0 == *name);
            let place = known.map_or_else(
                || {
                    spare += 1.0;
                    (170.0 + 200.0 * (spare - 1.0), 640.0)
                },
                |p| (p.1, p.2),
            );
            places.insert(name.clone(), place);
        }
        Self {
            network,
            places,
            bundles,
        }
    }

    fn switched_on(&self, link: &Link) -> bool {
        let switch = self.network.switches.get(link.switch as usize);
        switch.is_none_or(|s| s.default)
    }

    /// Ends and bend of a bundle: from border to border, bent to its left, so that the way back has a way of its own,
    /// and as little as keeps it clear of other boxes.
    fn course(&self, from: &str, to: &str) -> Option<Course> {
        let target = *self.places.get(to)?;
        if from == "input" {
            let x = target.0 + HALF.0 - 26.0;
            let up = if target.1 > 500.0 { 0.0 } else { 64.0 };
            let start = (x + up, FOOT);
            let end = if up > 0.0 {
                (target.0 + HALF.0, target.1 + 12.0)
            } else {
                (x, target.1 + HALF.1)
            };
            let bend = if up > 0.0 {
                (start.0 + 6.0, target.1 + 70.0)
            } else {
                (x, (FOOT + end.1) / 2.0)
            };
            return Some(Course { start, bend, end });
        }
        let source = *self.places.get(from)?;
        let free = |by: &f64| {
            let course = Course::between(source, target, *by);
            course.on_page() && !self.meets(&course, from, to)
        };
        let by = BENDS.iter().find(|by| free(by)).unwrap_or(&BENDS[0]);
        Some(Course::between(source, target, *by))
    }

    /// Whether a curve runs through a box that it does not belong to.
    fn meets(&self, course: &Course, from: &str, to: &str) -> bool {
        const MARGIN: f64 = 10.0;
        let others = self.places.iter().filter(|(n, _)| *n != from && *n != to);
        others.into_iter().any(|(_, (x, y))| {
            (1..40).any(|i| {
                let (px, py) = course.at(f64::from(i) / 40.0);
                (px - x).abs() < HALF.0 + MARGIN && (py - y).abs() < HALF.1 + MARGIN
            })
        })
    }

    fn strands(&self, svg: &mut String) {
        for ((from, to), links) in self.bundles.iter().filter(|((a, b), _)| a != b) {
            let Some(course) = self.course(from, to) else {
                continue;
            };
            for (i, link) in links.iter().enumerate() {
                let aside = (i as f64 - (links.len() as f64 - 1.0) / 2.0) * GAP;
                let dash = if self.switched_on(link) {
                    ""
                } else {
                    " stroke-dasharray=\"5 4\""
                };
                let _ = writeln!(
                    svg,
                    "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2.1\" stroke-opacity=\"0.85\"{dash}>\
                     <title>{}: {} ({})</title></path>",
                    course.path(aside),
                    colour(link),
                    html(&link.name),
                    html(&link.doc),
                    link.grade.code(),
                );
            }
            let _ = writeln!(svg, "{}", course.head(links.len()));
        }
    }

    fn boxes(&self, svg: &mut String) {
        let _ = writeln!(
            svg,
            "<rect x=\"24\" y=\"{FOOT}\" width=\"{}\" height=\"40\" rx=\"10\" fill=\"#f3efe4\" stroke=\"#8a7f63\"/>\
             <text x=\"{}\" y=\"{}\" font-size=\"15\" text-anchor=\"middle\" fill=\"#333\">{}</text>",
            SIZE.0 - 48.0,
            SIZE.0 / 2.0,
            FOOT + 25.0,
            html(title("input")),
        );
        for (name, (x, y)) in &self.places {
            let prefix = format!("{name}.");
            let states = self.network.states.iter();
            let count = states.filter(|s| s.name.starts_with(&prefix)).count();
            let _ = writeln!(
                svg,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"12\" fill=\"#fbfbf8\" stroke=\"#333\" \
                 stroke-width=\"1.3\"/>\
                 <text x=\"{x}\" y=\"{}\" font-size=\"16\" font-weight=\"600\" text-anchor=\"middle\" fill=\"#111\">{}</text>\
                 <text x=\"{x}\" y=\"{}\" font-size=\"11.5\" text-anchor=\"middle\" fill=\"#666\">{count} states</text>",
                x - HALF.0,
                y - HALF.1,
                2.0 * HALF.0,
                2.0 * HALF.1,
                y - 8.0,
                html(title(name)),
                y + 9.0,
            );
            let pair = (name.clone(), name.clone());
            let within = self.bundles.get(&pair).map_or(&[][..], Vec::as_slice);
            for (i, link) in within.iter().enumerate() {
                let at = x + (i as f64 - (within.len() as f64 - 1.0) / 2.0) * 13.0;
                let _ = writeln!(
                    svg,
                    "<circle cx=\"{at}\" cy=\"{}\" r=\"4.2\" fill=\"{}\"><title>{}: {} ({})</title></circle>",
                    y + 25.0,
                    colour(link),
                    html(&link.name),
                    html(&link.doc),
                    link.grade.code(),
                );
            }
        }
    }

    /// All links by pair in four columns, and the height that they take.
    fn list(&self) -> (String, f64) {
        const COLUMNS: usize = 4;
        const LINE: f64 = 15.0;
        let lines: usize = self.bundles.values().map(|links| links.len() + 1).sum();
        // A pair stays in one column; those that do not fit begin the next.
        let rows = lines.div_ceil(COLUMNS) + 3;
        let (mut column, mut row) = (0_usize, 0_usize);
        let mut lines: Vec<(Option<&Link>, String, usize, usize)> = Vec::new();
        let place_of = |name: &str| PLACES.iter().position(|p| p.0 == name);
        let mut bundles: Vec<_> = self.bundles.iter().collect();
        bundles.sort_by_key(|((from, to), _)| (place_of(from), place_of(to)));
        for ((from, to), links) in bundles {
            if row + links.len() + 1 > rows && column + 1 < COLUMNS {
                (column, row) = (column + 1, 0);
            }
            let place = |name: &str| if name == "input" { "life" } else { title(name) }.to_owned();
            let heading = format!("{} → {}", place(from), place(to));
            lines.push((None, heading, column, row));
            row += 1;
            for link in links {
                let off = if self.switched_on(link) { "" } else { " (off)" };
                lines.push((Some(*link), format!("{}{off}", link.name), column, row));
                row += 1;
            }
        }
        let rows = lines.iter().map(|l| l.3 + 1).max().unwrap_or(0);
        let mut svg = String::new();
        for (link, text, column, row) in &lines {
            let x = 24.0 + *column as f64 * (SIZE.0 - 48.0) / COLUMNS as f64;
            let y = SIZE.1 + 10.0 + *row as f64 * LINE;
            match link {
                None => {
                    let _ = writeln!(
                        svg,
                        "<text x=\"{x}\" y=\"{y}\" font-size=\"11.5\" font-weight=\"600\" fill=\"#222\">{}</text>",
                        html(text)
                    );
                }
                Some(link) => {
                    let _ = writeln!(
                        svg,
                        "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"3\"/>\
                         <text x=\"{}\" y=\"{y}\" font-size=\"11.5\" fill=\"#333\">{} [{}]</text>",
                        x + 4.0,
                        y - 4.0,
                        x + 18.0,
                        y - 4.0,
                        colour(link),
                        x + 24.0,
                        html(text),
                        link.grade.code(),
                    );
                }
            }
        }
        (svg, rows as f64 * LINE + 24.0)
    }
}

/// Severity is what the skin of the network shows, so both stand in one box.
fn merged(network: &Network, name: &str) -> String {
    let has = |module: &str| {
        let prefix = format!("{module}.");
        network.states.iter().any(|s| s.name.starts_with(&prefix))
    };
    match name {
        "skin" if !has("skin") => {
            let found = SKINS.iter().find(|s| has(s));
            found.map_or(name, |s| *s).to_owned()
        }
        "ad" if has("skin") => "skin".to_owned(),
        _ => name.to_owned(),
    }
}

fn title(name: &str) -> &str {
    TITLES.iter().find(|t| t.0 == name).map_or(name, |t| t.1)
}

/// Where the line from the centre to a point leaves the box.
fn border(centre: (f64, f64), towards: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (towards.0 - centre.0, towards.1 - centre.1);
    let scale = (HALF.0 / dx.abs().max(1e-9)).min(HALF.1 / dy.abs().max(1e-9));
    (centre.0 + dx * scale, centre.1 + dy * scale)
}

/// A curve from border to border.
struct Course {
    start: (f64, f64),
    bend: (f64, f64),
    end: (f64, f64),
}

impl Course {
    /// From border to border of two boxes, bent aside by this share of the length.
    fn between(source: (f64, f64), target: (f64, f64), by: f64) -> Self {
        let (dx, dy) = (target.0 - source.0, target.1 - source.1);
        let middle = ((source.0 + target.0) / 2.0, (source.1 + target.1) / 2.0);
        let bend = (middle.0 + dy * by, middle.1 - dx * by);
        Self {
            start: border(source, bend),
            bend,
            end: border(target, bend),
        }
    }

    /// Between the title and the foot.
    fn on_page(&self) -> bool {
        (1..40).all(|i| (62.0..FOOT - 8.0).contains(&self.at(f64::from(i) / 40.0).1))
    }

    /// The point at this share of the way.
    fn at(&self, t: f64) -> (f64, f64) {
        let mix = |a: f64, b: f64, c: f64| {
            (1.0 - t) * (1.0 - t) * a + 2.0 * t * (1.0 - t) * b + t * t * c
        };
        (
            mix(self.start.0, self.bend.0, self.end.0),
            mix(self.start.1, self.bend.1, self.end.1),
        )
    }

    /// Unit vector in which it arrives.
    fn arrives(&self) -> (f64, f64) {
        let (dx, dy) = (self.end.0 - self.bend.0, self.end.1 - self.bend.1);
        let length = dx.hypot(dy).max(1e-9);
        (dx / length, dy / length)
    }

    /// The strand that runs so far to its side, ending where the arrow head begins.
    fn path(&self, aside: f64) -> String {
        let (ux, uy) = self.arrives();
        let (dx, dy) = (self.end.0 - self.start.0, self.end.1 - self.start.1);
        let length = dx.hypot(dy).max(1e-9);
        let (nx, ny) = (-dy / length * aside, dx / length * aside);
        format!(
            "M{:.1} {:.1} Q{:.1} {:.1} {:.1} {:.1}",
            self.start.0 + nx,
            self.start.1 + ny,
            self.bend.0 + nx,
            self.bend.1 + ny,
            self.end.0 - 9.0 * ux - uy * aside,
            self.end.1 - 9.0 * uy + ux * aside,
        )
    }

    /// One head for so many strands.
    fn head(&self, strands: usize) -> String {
        let (ux, uy) = self.arrives();
        let half = 4.0 + GAP * (strands as f64 - 1.0) / 2.0;
        let foot = (self.end.0 - 10.0 * ux, self.end.1 - 10.0 * uy);
        format!(
            "<path d=\"M{:.1} {:.1} L{:.1} {:.1} L{:.1} {:.1} Z\" fill=\"#333\"/>",
            self.end.0,
            self.end.1,
            foot.0 - uy * half,
            foot.1 + ux * half,
            foot.0 + uy * half,
            foot.1 - ux * half,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_has_a_strand_or_a_dot_and_stands_in_the_list() {
        let table = gutskin_biology::parameter_table().unwrap();
        let network = gutskin_study::build_model("axis_pso", &table).unwrap();
        let svg = map(&network);
        for link in &network.links {
            assert!(svg.contains(&format!("<title>{}: ", link.name)) || link.to == "input");
            assert!(svg.contains(&format!(">{}", link.name)), "{}", link.name);
        }
        assert!(svg.contains("psoriasis") && !svg.contains("eczema</text>"));
    }
}
