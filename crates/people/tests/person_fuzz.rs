//! Arbitrary person files: no panic, and every refusal says what is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_biology::parameter_table;
use gutskin_people::person::read;

const START: &str = "[person]\ndate = 2026-03-01\nage = 34\nsex = \"male\"\ncondition = \"ad\"\n";

#[test]
fn person() {
    const WORDS: [&str; 40] = [
        "[[score]]\n",
        "[[reading]]\n",
        "[questionnaire]\n",
        "[diet]\n",
        "[[diet.food]]\n",
        "[[drug]]\n",
        "[[profile]]\n",
        "[[option]]\n",
        "name = ",
        "value = ",
        "date = ",
        "from = ",
        "until = ",
        "amount = ",
        "pattern = ",
        "medas = ",
        "pss10 = ",
        "pss4 = ",
        "isi = ",
        "psqi = ",
        "file = ",
        "sample = ",
        "\"easi\"",
        "\"crp\"",
        "\"2 mg/L\"",
        "\"9e999 g/d\"",
        "\"-1 kg\"",
        "\"western\"",
        "\"oats_rolled_dry\"",
        "\"dupilumab\"",
        "2026-02-20",
        "0001-01-01",
        "9999-12-31",
        "07:32:00",
        "nan",
        "-inf",
        "[0, 1, 2, 3]",
        "12",
        "-1",
        "\n",
    ];
    let table = parameter_table().unwrap();
    bolero::check!().for_each(|bytes: &[u8]| {
        let made: String = bytes
            .iter()
            .map(|b| WORDS[usize::from(*b) % WORDS.len()])
            .collect();
        let raw = String::from_utf8_lossy(bytes);
        for text in [
            format!("{START}{made}"),
            format!("{START}{raw}"),
            raw.into_owned(),
        ] {
            if let Err(error) = read("person.toml", &text, &table) {
                assert!(!error.message.is_empty());
            }
        }
    });
}
