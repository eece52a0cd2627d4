//! What people eat, as what reaches the colon.

use super::resolve::Reader;
use super::{Habits, Result, customary, file};
use gutskin_biology::catalogue::{Entry, diets, entries};
use gutskin_biology::stages::Stage;
use gutskin_units::Unit;
use std::collections::BTreeMap;
use toml::Spanned;

/// Columns of `catalogue/foods.csv` (g in 100 g) and the inputs that they feed, one to one.
const POOLS: &[(&str, &str)] = &[
    ("gos_raffinose_g", "input.diet.gos"),
    ("pectin_g", "input.diet.pectin"),
    ("beta_glucan_g", "input.diet.beta_glucan"),
    ("arabinoxylan_g", "input.diet.arabinoxylan"),
    ("cellulose_g", "input.diet.cellulosic"),
    ("fat_total_g", "input.diet.fat"),
    ("sat_fat_g", "input.diet.saturated_fat"),
    ("milk_g_per_100g", "input.milk"),
];

/// More of one food a day is a typing error, g.
const MOST: f64 = 5000.0;

impl Reader<'_> {
    /// Inputs and fibre that diet or questionnaire say.
    pub(super) fn diet(
        &self,
        raw: &file::Diet,
        stage: Option<&Stage>,
        (habits, notes): (&mut Habits, &mut Vec<String>),
    ) -> Result<()> {
        let said = [
            raw.pattern.as_ref().map(Spanned::span),
            raw.medas.as_ref().map(Spanned::span),
            raw.foods.first().map(Spanned::span),
        ];
        let mut said = said.into_iter().flatten();
        if let (Some(_), Some(second)) = (said.next(), said.next()) {
            return Err(self
                .error(second, "the diet is told twice")
                .with_help("name a pattern, a MEDAS score, or the foods of a usual day"));
        }
        let of_adults = [
            raw.pattern.as_ref().map(Spanned::span),
            raw.medas.as_ref().map(Spanned::span),
        ];
        if let (Some(_), Some(span)) = (stage, of_adults.into_iter().flatten().next()) {
            return Err(self
                .error(span, "patterns and MEDAS are told in grams of an adult's food, which no child eats")
                .with_help("list the foods of a usual day, or leave the diet out: it is then that of the life stage"));
        }
        if let Some(name) = &raw.pattern {
            let all = diets().map_err(|e| self.error(name.span(), e.to_string()))?;
            let rows = all.iter().filter(|d| d.id == *name.as_ref());
            habits.inputs = rows.map(|d| (d.input.clone(), d.value)).collect();
            if habits.inputs.is_empty() {
                return Err(self.unknown("diet", name, all.iter().map(|d| d.id.as_str())));
            }
            habits.fibre_sd_ln = Some(self.number("people.diet_sd_ln")?);
        }
        if let Some(answers) = &raw.medas {
            let sum = self.sum(&super::questionnaire::MEDAS, answers)?;
            let fibre = self.number("people.medas_fibre_none")?
                + self.number("people.medas_fibre_point")? * sum;
            habits.fibre = Some(fibre);
            habits.fibre_sd_ln = Some(self.number("people.medas_sd_ln")?);
        }
        if !raw.foods.is_empty() {
            habits.inputs = self.foods(&raw.foods, stage, notes)?;
            habits.fibre_sd_ln = Some(self.number("people.diet_sd_ln")?);
        }
        Ok(())
    }

    fn foods(
        &self,
        foods: &[Spanned<file::Food>],
        stage: Option<&Stage>,
        notes: &mut Vec<String>,
    ) -> Result<BTreeMap<String, f64>> {
        let all = entries().map_err(|e| self.error(0..0, e.to_string()))?;
        let known = || all.iter().filter(|e| e.kind == "food");
        let mut eaten: BTreeMap<&str, f64> = BTreeMap::new();
        for row in foods {
            let food = row.as_ref();
            let Some(entry) = known().find(|e| e.id == *food.name.as_ref()) else {
                return Err(self.unknown("food", &food.name, known().map(|e| e.id.as_str())));
            };
            let grams = self.quantity(&food.amount, "g/d")?;
            if !(0.0..=MOST).contains(&grams) {
                return Err(self
                    .error(
                        food.amount.span(),
                        format!("{grams} g of one food a day; 0 to {MOST} are possible"),
                    )
                    .with_help("look at its unit, for example amount = \"250 g/d\""));
            }
            notes.extend(many_servings(entry, grams));
            for (column, cell) in entry.rows.iter().flatten() {
                if let Ok(value) = cell.parse::<f64>() {
                    *eaten.entry(column.as_str()).or_default() += value * grams / 100.0;
                }
            }
        }
        let of = |column: &str| eaten.get(column).copied().unwrap_or(0.0);
        let least = self.number("people.least_energy")?;
        // Children eat less; how much less goes by their age.
        if stage.is_none() && of("kcal") < least {
            let span = foods.first().map_or(0..0, Spanned::span);
            return Err(self
                .error(span, format!("the foods add up to {:.0} kcal a day", of("kcal")))
                .with_help(format!("list all of a usual day (at least {least} kcal), or name a pattern or a MEDAS score in place of foods")));
        }
        let most = self.number("people.most_energy")?;
        if of("kcal") > most {
            notes.push(format!(
                "the foods add up to {:.0} kcal a day, and hardly anybody eats more than {most}: was another unit meant?",
                of("kcal")
            ));
        }
        let mut inputs: BTreeMap<String, f64> = POOLS
            .iter()
            .map(|(column, input)| ((*input).to_owned(), of(column)))
            .collect();
        // Husk of psyllium has a pool of its own.
        let slow = of("slow_fibre_g");
        let rest = of("other_soluble_fibre_g") - slow;
        inputs.insert("input.diet.other_soluble".to_owned(), rest);
        if slow > 0.0 {
            inputs.insert("input.diet.psyllium".to_owned(), slow);
        }
        let digestible = of("carb_g") - of("fibre_total_g") - of("sugars_g");
        let starch =
            of("resistant_starch_g").max(self.number("people.starch_escape")? * digestible);
        inputs.insert("input.diet.starch".to_owned(), starch);
        let fructan = self.number("people.fructan_escape")? * of("fructans_g");
        inputs.insert("input.diet.fructan".to_owned(), fructan);
        Ok(inputs)
    }

    /// A number and a unit, in this unit.
    pub(super) fn quantity(&self, text: &Spanned<String>, unit: &str) -> Result<f64> {
        let wanted = Unit::parse(unit).map_err(|e| self.error(text.span(), e.to_string()))?;
        let found = gutskin_units::Quantity::parse(text.as_ref())
            .and_then(|q| q.unit.convert(q.value, &wanted))
            .map_err(|e| {
                let help = customary::meant(text.as_ref(), &wanted).unwrap_or_else(|| {
                    format!("write a number and a unit, for example \"10 {unit}\"")
                });
                self.error(text.span(), e.to_string()).with_help(help)
            })?;
        if found.is_finite() {
            return Ok(found);
        }
        Err(self
            .error(
                text.span(),
                format!("\"{}\" is not a finite number", text.as_ref()),
            )
            .with_help(format!(
                "write a number and a unit, for example \"10 {unit}\""
            )))
    }
}

/// What is doubtful about so many grams of a food a day.
fn many_servings(food: &Entry, grams: f64) -> Option<String> {
    /// More servings a day than these nobody eats.
    const MOST_SERVINGS: f64 = 10.0;
    let mut cells = food.rows.iter().flatten();
    let serving = cells.find(|(column, _)| column == "serving_g")?;
    let serving: f64 = serving.1.parse().ok().filter(|grams| *grams > 0.0)?;
    (grams > MOST_SERVINGS * serving).then(|| {
        format!(
            "{grams:.0} g/d of \"{}\" is {:.0} usual servings a day: was another unit meant?",
            food.id,
            grams / serving
        )
    })
}
