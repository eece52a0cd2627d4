//! How strongly a drug kills a guild: by the kill table where it has the drug, else by a negative score.

use crate::catalogue::{Catalogue, Drug, GuildRow, KillRow, Quantity, TRAIT};
use gutskin_network::ParameterTable;

/// Where the kill of a drug on a guild comes from.
pub(crate) enum Strength<'c> {
    /// A cell of the kill table.
    Table {
        row: &'c KillRow,
        kill: &'c Quantity,
        /// Does more of the loss of strains last than usual?
        lasting: bool,
    },
    /// A negative score: the parameter that holds its size.
    Score(&'static str),
}

impl<'c> Strength<'c> {
    /// Of a drug on the guild of that name, or on the bile-dehydroxylating trait, which is no guild. Nothing where it
    /// does not kill: positive scores are never inputs.
    pub fn of(
        catalogue: &'c Catalogue,
        drug: &Drug,
        name: &str,
        guild: Option<&GuildRow>,
    ) -> Option<Self> {
        // A guild of one's own without a row there goes by the score of its column.
        let row = catalogue.kills.iter().find(|k| k.guild == name);
        if let (Some(column), Some(row)) = (drug.kill_column.as_ref(), row) {
            let kill = row.kills.get(column).filter(|q| q.value > 0.0)?;
            let lasting = row.lasting.contains(column);
            return Some(Self::Table { row, kill, lasting });
        }
        if !drug.scores_kill {
            return None;
        }
        let column = guild.map_or("butyrate_clostridia", |g| g.drug_column.as_str());
        let score = |column: &str| drug.scores.get(column).copied().unwrap_or(0.0);
        // Lactic acid bacteria take the worse of two columns.
        let worst = if column == "lactobacilli" {
            score(column).min(score("enterococci"))
        } else {
            score(column)
        };
        match -worst.round() as i64 {
            1 => Some(Self::Score("drugs.kill_weak")),
            2 => Some(Self::Score("drugs.kill_medium")),
            3 => Some(Self::Score("drugs.kill_strong")),
            _ => None,
        }
    }
}

/// What a drug kills in the model and why, as pairs of a heading and words.
pub(crate) fn in_words(
    catalogue: &Catalogue,
    parameters: &ParameterTable,
    drug: &Drug,
) -> Vec<(String, String)> {
    let guilds = catalogue.guilds.iter().map(|g| (g.name.as_str(), Some(g)));
    // Guilds of the same strength stand together.
    let mut by_table: Vec<(String, Vec<&str>)> = Vec::new();
    let mut by_score: Vec<(String, Vec<&str>)> = Vec::new();
    for (name, guild) in guilds.chain([(TRAIT, None)]) {
        let (list, strength) = match Strength::of(catalogue, drug, name, guild) {
            Some(Strength::Table { kill, .. }) => {
                (&mut by_table, format!("{} {}", kill.value, kill.unit))
            }
            Some(Strength::Score(level)) => match parameters.get(level) {
                Some(p) => (&mut by_score, format!("{} {}", p.value, p.unit)),
                None => continue,
            },
            None => continue,
        };
        match list.iter_mut().find(|(known, _)| *known == strength) {
            Some((_, names)) => names.push(name),
            None => list.push((strength, vec![name])),
        }
    }
    told(&by_table, &by_score)
}

fn told(
    by_table: &[(String, Vec<&str>)],
    by_score: &[(String, Vec<&str>)],
) -> Vec<(String, String)> {
    let words = |list: &[(String, Vec<&str>)]| {
        let parts = list
            .iter()
            .map(|(kill, names)| format!("{} {kill}", names.join(", ")));
        parts.collect::<Vec<_>>().join("; ")
    };
    let mut lines = Vec::new();
    let mut line = |heading: &str, text: String| lines.push((heading.to_owned(), text));
    if by_table.is_empty() && by_score.is_empty() {
        line("kill in the model", "none".to_owned());
    }
    if !by_table.is_empty() {
        line("kill by the kill table", words(by_table));
    }
    if !by_score.is_empty() {
        line("kill by scores", words(by_score));
        line(
            "what that means",
            "scores are judgements, mostly from memory; negative ones count as kill by the drug, though of one that is no \
             antimicrobial they may be the host's doing; scores_are = seen in a drugs.csv of one's own (--own-table) leaves them out"
                .to_owned(),
        );
    }
    lines
}
