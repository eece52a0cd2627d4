//! Sums of questionnaires from sums or answers.

use super::file::Answers;

/// How a questionnaire is scored.
pub(super) struct Form {
    pub name: &'static str,
    items: usize,
    highest: f64,
    /// Items (from 1) that count the other way round.
    reversed: &'static [usize],
}

pub(super) const PSS10: Form = Form {
    name: "PSS-10",
    items: 10,
    highest: 4.0,
    reversed: &[4, 5, 7, 8],
};
pub(super) const PSS4: Form = Form {
    name: "PSS-4",
    items: 4,
    highest: 4.0,
    reversed: &[2, 3],
};
pub(super) const ISI: Form = Form {
    name: "ISI",
    items: 7,
    highest: 4.0,
    reversed: &[],
};
pub(super) const PSQI: Form = Form {
    name: "PSQI",
    items: 7,
    highest: 3.0,
    reversed: &[],
};
pub(super) const MEDAS: Form = Form {
    name: "MEDAS",
    items: 14,
    highest: 1.0,
    reversed: &[],
};

/// Answers that may be missing; they count as the mean of the others.
const MISSING: usize = 2;

impl Form {
    /// The largest sum.
    pub fn top(&self) -> f64 {
        self.items as f64 * self.highest
    }

    /// How it is told.
    pub fn mend(&self) -> String {
        format!(
            "give the sum (0 to {}), or the list of its {} answers, each 0 to {} as on the form, nan for up to {MISSING} that are missing",
            self.top(),
            self.items,
            self.highest
        )
    }

    /// The sum; or what is wrong.
    pub fn sum(&self, answers: &Answers) -> Result<f64, String> {
        match answers {
            Answers::Sum(sum) if (0.0..=self.top()).contains(sum) && sum.fract() != 0.0 => {
                Err(format!("{} is a whole number; found {sum}", self.name))
            }
            Answers::Sum(sum) if (0.0..=self.top()).contains(sum) => Ok(*sum),
            Answers::Sum(sum) => Err(format!(
                "{} is a sum of 0 to {}; found {sum}",
                self.name,
                self.top()
            )),
            Answers::Items(items) => self.of_items(items),
        }
    }

    fn of_items(&self, items: &[f64]) -> Result<f64, String> {
        if items.len() != self.items {
            return Err(format!(
                "{} has {} answers; found {}",
                self.name,
                self.items,
                items.len()
            ));
        }
        let mut given = Vec::new();
        for (number, &answer) in (1..).zip(items) {
            if answer.is_nan() {
                continue;
            }
            if answer.fract() != 0.0 || !(0.0..=self.highest).contains(&answer) {
                return Err(format!(
                    "answer {number} of {} is {answer}; each is 0 to {}, nan where it is missing",
                    self.name, self.highest
                ));
            }
            given.push(if self.reversed.contains(&number) {
                self.highest - answer
            } else {
                answer
            });
        }
        if given.len() + MISSING < self.items {
            return Err(format!(
                "{} answers of {} are missing; at most {MISSING} may be",
                self.items - given.len(),
                self.name
            ));
        }
        let sum: f64 = given.iter().sum();
        Ok(sum * self.items as f64 / given.len() as f64)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_reversed_where_the_form_says_so() {
        // All answers 0 score 16 in PSS-10: four reversed items.
        assert_eq!(PSS10.sum(&Answers::Items(vec![0.0; 10])), Ok(16.0));
        assert_eq!(
            PSS4.sum(&Answers::Items(vec![4.0, 0.0, 0.0, 4.0])),
            Ok(16.0)
        );
        assert_eq!(MEDAS.sum(&Answers::Items(vec![1.0; 14])), Ok(14.0));
    }

    #[test]
    fn up_to_two_answers_may_be_missing() {
        let mut answers = vec![2.0; 7];
        answers[0] = f64::NAN;
        answers[6] = f64::NAN;
        assert_eq!(ISI.sum(&Answers::Items(answers.clone())), Ok(14.0));
        answers[3] = f64::NAN;
        assert!(
            ISI.sum(&Answers::Items(answers))
                .unwrap_err()
                .contains("3 answers")
        );
        assert!(
            PSQI.sum(&Answers::Sum(22.0))
                .unwrap_err()
                .contains("0 to 21")
        );
        assert!(ISI.sum(&Answers::Items(vec![9.0; 7])).is_err());
        for form in [ISI, PSQI, PSS10, PSS4, MEDAS] {
            let said = form.sum(&Answers::Sum(2.5)).unwrap_err();
            assert!(said.contains("whole number"), "{said}");
        }
    }
}
