//! Pages in LaTeX: a whole document for any engine, with amsmath and longtable.

use super::compose::compose;
use super::sheet::{Cell, Sheet, Table};
use crate::model::Network;

const PREAMBLE: &str = r"\documentclass[a4paper,10pt]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\usepackage{amsmath}
\usepackage{amssymb}
\usepackage{array}
\usepackage{longtable}
\usepackage[landscape,margin=15mm]{geometry}
\setlength{\parindent}{0pt}
\allowdisplaybreaks
\sloppy
\begin{document}
";

/// The model as a LaTeX document: tables of states, parameters (value, unit, spread, source, mark), inputs and
/// switches, and the equations, grouped by module.
pub fn latex(network: &Network) -> String {
    let mut page = Latex {
        text: PREAMBLE.to_owned(),
    };
    compose(network, &mut page);
    page.text.push_str("\\end{document}\n");
    page.text
}

struct Latex {
    text: String,
}

/// Words in which nothing is taken for a command and every character is known to LaTeX's standard fonts; others are
/// written as their code.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match special(c) {
            Some(command) => out.push_str(command),
            None if c.is_ascii_graphic() || c == ' ' => out.push(c),
            // Latin letters that inputenc and T1 know.
            None if matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' | 'ą' | 'ć' | 'č' | 'ę' | 'ě' | 'ğ' | 'ı' | 'ł' | 'ń' | 'ň' | 'ő' | 'œ' | 'ř' | 'ś' | 'ş' | 'š' | 'ţ' | 'ů' | 'ű' | 'ź' | 'ż' | 'ž' | 'Ł' | 'Ś' | 'Š' | 'Ž' | 'Č') =>
            {
                out.push(c);
            }
            None => out.push_str(&format!("{{[}}U+{:04X}{{]}}", u32::from(c))),
        }
    }
    out
}

fn special(c: char) -> Option<&'static str> {
    Some(match c {
        '\n' | '\r' | '\t' | '\u{a0}' => " ",
        '\\' => "\\textbackslash{}",
        '{' => "\\{",
        '}' => "\\}",
        '$' => "\\$",
        '&' => "\\&",
        '#' => "\\#",
        '%' => "\\%",
        '_' => "\\_",
        '^' => "\\textasciicircum{}",
        '~' => "\\textasciitilde{}",
        '<' => "\\textless{}",
        '>' => "\\textgreater{}",
        '|' => "\\textbar{}",
        '"' => "\\textquotedbl{}",
        '`' => "\\textasciigrave{}",
        '[' => "{[}",
        ']' => "{]}",
        '-' => "{-}",
        'µ' | 'μ' => "\\textmu{}",
        '·' | '⋅' => "\\textperiodcentered{}",
        '×' => "\\texttimes{}",
        '÷' => "\\textdiv{}",
        '±' => "\\textpm{}",
        '°' => "\\textdegree{}",
        '§' => "\\textsection{}",
        '…' => "\\dots{}",
        '–' => "\\textendash{}",
        '—' => "\\textemdash{}",
        '−' => "\\ensuremath{-}",
        '‘' => "\\textquoteleft{}",
        '’' => "\\textquoteright{}",
        '“' => "\\textquotedblleft{}",
        '”' => "\\textquotedblright{}",
        '→' => "\\ensuremath{\\rightarrow}",
        '←' => "\\ensuremath{\\leftarrow}",
        '≤' => "\\ensuremath{\\le}",
        '≥' => "\\ensuremath{\\ge}",
        '≈' => "\\ensuremath{\\approx}",
        '∝' => "\\ensuremath{\\propto}",
        '∞' => "\\ensuremath{\\infty}",
        '√' => "\\ensuremath{\\surd}",
        '½' => "\\textonehalf{}",
        '¼' => "\\textonequarter{}",
        '¾' => "\\textthreequarters{}",
        '⅛' => "1/8",
        '⁰' => "\\textsuperscript{0}",
        '¹' => "\\textsuperscript{1}",
        '²' => "\\textsuperscript{2}",
        '³' => "\\textsuperscript{3}",
        '⁴' => "\\textsuperscript{4}",
        '⁵' => "\\textsuperscript{5}",
        '⁶' => "\\textsuperscript{6}",
        '⁷' => "\\textsuperscript{7}",
        '⁸' => "\\textsuperscript{8}",
        '⁹' => "\\textsuperscript{9}",
        '⁻' => "\\textsuperscript{\\ensuremath{-}}",
        '₀' => "\\textsubscript{0}",
        '₁' => "\\textsubscript{1}",
        '₂' => "\\textsubscript{2}",
        '₃' => "\\textsubscript{3}",
        '₊' => "\\textsubscript{+}",
        'α' => "\\ensuremath{\\alpha}",
        'β' => "\\ensuremath{\\beta}",
        'γ' => "\\ensuremath{\\gamma}",
        'δ' => "\\ensuremath{\\delta}",
        'ε' => "\\ensuremath{\\varepsilon}",
        'κ' => "\\ensuremath{\\kappa}",
        'λ' => "\\ensuremath{\\lambda}",
        'π' => "\\ensuremath{\\pi}",
        'ρ' => "\\ensuremath{\\rho}",
        'σ' => "\\ensuremath{\\sigma}",
        'τ' => "\\ensuremath{\\tau}",
        'ω' => "\\ensuremath{\\omega}",
        'Δ' => "\\ensuremath{\\Delta}",
        'Σ' => "\\ensuremath{\\Sigma}",
        _ => return None,
    })
}

/// Typewriter text that may break after dots and underscores.
fn code(text: &str) -> String {
    let broken = escape(text)
        .replace('.', ".\\allowbreak{}")
        .replace("\\_", "\\_\\allowbreak{}");
    format!("\\texttt{{{broken}}}")
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(t) => escape(t),
        Cell::Code(t) if t.is_empty() => String::new(),
        Cell::Code(t) => code(t),
        Cell::Math(t) => format!("${t}$"),
    }
}

impl Sheet for Latex {
    fn heading(&mut self, level: u8, text: &str) {
        let command = match level {
            1 => "\\part*",
            2 => "\\section*",
            _ => "\\subsection*",
        };
        self.text
            .push_str(&format!("\n{command}{{{}}}\n", escape(text)));
    }

    fn paragraph(&mut self, text: &str) {
        self.text.push_str(&format!("\n{}\n", escape(text)));
    }

    fn equation(&mut self, caption: &str, formula: &str) {
        if !caption.trim().is_empty() {
            self.paragraph(caption);
        }
        self.text.push_str(&format!("\\[\n{formula}\n\\]\n"));
    }

    fn table(&mut self, table: &Table) {
        let columns: String = table
            .heads
            .iter()
            .map(|(_, share)| {
                format!(
                    ">{{\\raggedright\\arraybackslash}}p{{{:.3}\\linewidth}}",
                    share * 0.9
                )
            })
            .collect();
        let heads: Vec<String> = table
            .heads
            .iter()
            .map(|(h, _)| format!("\\textbf{{{}}}", escape(h)))
            .collect();
        self.text.push_str(&format!(
            "\n\\begin{{longtable}}{{{columns}}}\n{} \\\\ \\hline\n\\endhead\n",
            heads.join(" & ")
        ));
        for row in &table.rows {
            let cells: Vec<String> = row.iter().map(cell).collect();
            self.text.push_str(&format!("{} \\\\\n", cells.join(" & ")));
        }
        self.text.push_str("\\end{longtable}\n");
    }
}
