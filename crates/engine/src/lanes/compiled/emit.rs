//! Program → Rust source.

use std::collections::HashMap;
use std::fmt::Write;

use gutskin_network::expr::{Relation, Unary};

use crate::lanes::compile::{Code, LaneProgram, Opcode, RowId};

/// Operands a function at most, about: compilers take more than proportional time for long ones, and hold values that
/// memory holds as well.
const FUNCTION_LENGTH: usize = 600;

/// Instruction sets: module, type of vector, features.
const SETS: [(&str, &str, &str); 2] = [
    (
        "avx512",
        "Avx512",
        "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma",
    ),
    ("avx2", "Avx2", "avx2,fma"),
];

/// The source of a module with the kernels of a program as the constant `KERNELS`. The same program gives the same
/// bytes.
#[must_use]
pub fn emit(program: &LaneProgram) -> String {
    let mut emitter = Emitter::new(program);
    let code = &program.code;
    let rates: Vec<RowId> = program.rates.clone();
    emitter.straight("rates", &[&code.rates], &rates);
    let mut linear = rates;
    linear.extend(&program.jacobian);
    linear.extend(program.time_derivative.iter().flatten());
    emitter.straight("linearise", &[&code.rates, &code.derivatives], &linear);
    emitter.straight("observables", &[&code.observables], &program.observables);
    emitter.factorise();
    emitter.substitute();
    emitter.finish()
}

struct Emitter<'p> {
    program: &'p LaneProgram,
    constants: HashMap<RowId, f64>,
    bodies: String,
    /// (kernel, number of its functions)
    kernels: Vec<(&'static str, usize)>,
}

struct Operation<'c> {
    opcode: Opcode,
    destination: RowId,
    operands: &'c [RowId],
}

fn operations<'c>(sections: &[&'c Code]) -> Vec<Operation<'c>> {
    let mut list = Vec::new();
    for code in sections {
        let mut rest = code.operands();
        for run in code.runs() {
            for _ in 0..run.count {
                let (own, after) = rest.split_at(run.opcode.width());
                rest = after;
                list.push(Operation {
                    opcode: run.opcode,
                    destination: own[0],
                    operands: &own[1..],
                });
            }
        }
    }
    list
}

/// The last operation that reads each result; a number beyond the list where it is wanted after all.
fn last_reads(list: &[Operation<'_>], wanted: &[RowId]) -> Vec<usize> {
    let mut last = vec![0; list.len()];
    let mut writer: HashMap<RowId, usize> = HashMap::new();
    for (place, operation) in list.iter().enumerate() {
        for row in operation.operands {
            if let Some(&by) = writer.get(row) {
                last[by] = place;
            }
        }
        writer.insert(operation.destination, place);
    }
    for row in wanted {
        if let Some(&by) = writer.get(row) {
            last[by] = list.len();
        }
    }
    last
}

/// Cuts a list of costs into stretches of about [`FUNCTION_LENGTH`].
fn stretches(costs: impl Iterator<Item = usize>) -> Vec<usize> {
    let (mut ends, mut sum, mut count) = (Vec::new(), 0, 0);
    for cost in costs {
        sum += cost;
        count += 1;
        if sum >= FUNCTION_LENGTH {
            ends.push(count);
            sum = 0;
        }
    }
    if ends.last() != Some(&count) {
        ends.push(count);
    }
    ends
}

impl<'p> Emitter<'p> {
    fn new(program: &'p LaneProgram) -> Self {
        Self {
            program,
            constants: program.constants.iter().copied().collect(),
            bodies: String::new(),
            kernels: Vec::new(),
        }
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing into a string cannot fail.
        let _ = self.bodies.write_fmt(format_args!("{text}\n"));
    }

    fn begin(&mut self, kernel: &str, part: usize, arguments: &str) {
        self.line(format_args!(
            "#[inline(always)]\nfn {kernel}_{part}<V: Vector>(p: Present<V>, {arguments}) {{"
        ));
    }

    fn end(&mut self) {
        self.line(format_args!("}}\n"));
    }

    /// A constant or a row.
    fn read(&self, row: RowId) -> String {
        match self.constants.get(&row) {
            Some(value) => format!("p.splat(f64::from_bits({:#x}))", value.to_bits()),
            None => format!("p.load(&m[{row}])"),
        }
    }

    fn straight(&mut self, kernel: &'static str, sections: &[&Code], wanted: &[RowId]) {
        let list = operations(sections);
        let last = last_reads(&list, wanted);
        let ends = stretches(list.iter().map(|o| o.operands.len()));
        let mut start = 0;
        for (part, &end) in ends.iter().enumerate() {
            self.begin(kernel, part, "m: &mut Memory");
            let mut names: HashMap<RowId, String> = HashMap::new();
            for place in start..end {
                let operation = &list[place];
                let mut operands = Vec::with_capacity(operation.operands.len());
                for &row in operation.operands {
                    let known = names.get(&row).cloned();
                    let name = known.unwrap_or_else(|| {
                        let name = format!("r{row}_{place}");
                        let value = self.read(row);
                        self.line(format_args!("let {name} = {value};"));
                        names.insert(row, name.clone());
                        name
                    });
                    operands.push(name);
                }
                let value = expression(operation.opcode, &operands);
                self.line(format_args!("let v{place} = {value};"));
                if last[place] >= end {
                    let row = operation.destination;
                    self.line(format_args!("v{place}.store(&mut m[{row}]);"));
                }
                names.insert(operation.destination, format!("v{place}"));
            }
            self.end();
            start = end;
        }
        self.kernels.push((kernel, ends.len()));
    }

    fn factorise(&mut self) {
        let plan = &self.program.factors;
        let entries = |row: &crate::lanes::compile::FactorRow| {
            usize::from(row.lower) + 1 + usize::from(row.upper)
        };
        let mut dots = plan.dots.iter();
        let costs: Vec<usize> = plan
            .rows
            .iter()
            .map(|row| {
                let own = dots.by_ref().take(entries(row));
                own.map(|dot| 2 + 2 * usize::from(dot.pairs)).sum()
            })
            .collect();
        let ends = stretches(costs.into_iter());
        let (mut dots, mut pairs) = (plan.dots.as_slice(), plan.pairs.as_slice());
        let mut start = 0;
        for (part, &end) in ends.iter().enumerate() {
            self.begin(
                "factorise",
                part,
                "m: &mut Memory, shift: &Eight, trusted: &mut Eight",
            );
            self.line(format_args!("let shift = p.load(shift);"));
            for row in &plan.rows[start..end] {
                let (own, rest) = dots.split_at(entries(row));
                dots = rest;
                for (place, dot) in own.iter().enumerate() {
                    let (products, rest) = pairs.split_at(usize::from(dot.pairs));
                    pairs = rest;
                    let diagonal = place == usize::from(row.lower);
                    let (start, destination) = (self.read(dot.start), dot.destination);
                    if diagonal {
                        self.line(format_args!("let s = {start};"));
                        self.line(format_args!(
                            "let (mut s, mut size) = (s - shift, s.abs() + shift);"
                        ));
                    } else {
                        self.line(format_args!("let mut s = {start};"));
                    }
                    for [a, b] in products {
                        if diagonal {
                            self.line(format_args!(
                                "let (a, b) = (p.load(&m[{a}]), p.load(&m[{b}]));"
                            ));
                            self.line(format_args!("s = a.multiply_add(b, s);"));
                            self.line(format_args!("size = a.abs().multiply_add(b.abs(), size);"));
                        } else {
                            self.line(format_args!(
                                "s = p.load(&m[{a}]).multiply_add(p.load(&m[{b}]), s);"
                            ));
                        }
                    }
                    let value = if diagonal {
                        "negated_inverse(s, size, trusted)".to_owned()
                    } else if place < usize::from(row.lower) {
                        format!("(s * p.load(&m[{}]))", dot.pivot)
                    } else {
                        "s".to_owned()
                    };
                    self.line(format_args!("{value}.store(&mut m[{destination}]);"));
                }
            }
            self.end();
            start = end;
        }
        self.kernels.push(("factorise", ends.len()));
    }

    fn substitute(&mut self) {
        let plan = &self.program.factors;
        let vectors = self.program.vectors.end();
        let forward = plan.forward.iter().map(|row| (row, false));
        let list: Vec<_> = forward
            .chain(plan.backward.iter().map(|row| (row, true)))
            .collect();
        let mut pairs = plan.forward_pairs.iter().chain(&plan.backward_pairs);
        let ends = stretches(list.iter().map(|(row, _)| 2 + 2 * usize::from(row.pairs)));
        let mut start = 0;
        for (part, &end) in ends.iter().enumerate() {
            self.begin("substitute", part, "m: &Factors, u: &mut States");
            for (row, back) in &list[start..end] {
                let state = row.state;
                if row.pairs == 0 && !back {
                    continue;
                }
                self.line(format_args!("let mut s = p.load(&u[{state}]);"));
                for [factor, other] in pairs.by_ref().take(usize::from(row.pairs)) {
                    let factor = usize::from(*factor) - vectors;
                    self.line(format_args!(
                        "s = p.load(&m[{factor}]).multiply_add(p.load(&u[{other}]), s);"
                    ));
                }
                if *back {
                    let pivot = usize::from(row.row) - vectors;
                    self.line(format_args!("s = s * p.load(&m[{pivot}]);"));
                }
                self.line(format_args!("s.store(&mut u[{state}]);"));
            }
            self.end();
            start = end;
        }
        self.kernels.push(("substitute", ends.len()));
    }

    fn finish(self) -> String {
        let program = self.program;
        let vectors = program.vectors.end();
        let mut text = String::new();
        let mut line = |what: std::fmt::Arguments<'_>| {
            // Writing into a string cannot fail.
            let _ = text.write_fmt(format_args!("{what}\n"));
        };
        line(format_args!(
            "// Generated from the program of a model; see the head of the crate. Do not edit."
        ));
        line(format_args!(
            "use gutskin_engine::lanes::{{CompiledKernels, Eight, KernelTable, Present, Vector, negated_inverse}};\n"
        ));
        line(format_args!("const ROWS: usize = {};", program.rows));
        line(format_args!("const VECTORS: usize = {vectors};"));
        line(format_args!(
            "const STATES: usize = {};",
            program.dimension()
        ));
        line(format_args!("type Memory = [Eight; ROWS];"));
        line(format_args!("type Factors = [Eight; ROWS - VECTORS];"));
        line(format_args!("type States = [Eight; STATES];\n"));
        line(format_args!("/// The kernels of this model."));
        line(format_args!(
            "pub const KERNELS: CompiledKernels = CompiledKernels {{"
        ));
        line(format_args!("    name: {:?},", program.source.name));
        line(format_args!(
            "    fingerprint: {:#018x},",
            program.fingerprint()
        ));
        for (module, ..) in SETS {
            line(format_args!("    {module}: {module}::TABLE,"));
        }
        line(format_args!("}};\n"));
        line(format_args!("{}", self.wrappers()));
        for (module, vector, features) in SETS {
            line(format_args!("#[cfg(target_arch = \"x86_64\")]"));
            line(format_args!(
                "instruction_set!({module}, {vector}, {features:?});"
            ));
            line(format_args!("#[cfg(not(target_arch = \"x86_64\"))]"));
            line(format_args!(
                "mod {module} {{\n    pub(super) const TABLE: Option<super::KernelTable> = None;\n}}"
            ));
        }
        line(format_args!(""));
        text.push_str(&self.bodies);
        text
    }

    /// A macro that gives the bodies to one instruction set.
    fn wrappers(&self) -> String {
        let mut text = String::from(
            "macro_rules! instruction_set {\n    ($module:ident, $vector:ident, $features:literal) => {\n        \
             mod $module {\n            use super::*;\n            use gutskin_engine::lanes::$module::$vector;\n\n",
        );
        let mut add = |line: String| {
            text.push_str("            ");
            text.push_str(&line);
            text.push('\n');
        };
        add("pub(super) const TABLE: Option<KernelTable> = Some(KernelTable { rates, linearise, observables, factorise, substitute });".into());
        for &(kernel, parts) in &self.kernels {
            let (outer, inner, pass) = match kernel {
                "factorise" => (
                    "rows: &mut [Eight], shift: &Eight, trusted: &mut Eight",
                    "m: &mut Memory, shift: &Eight, trusted: &mut Eight",
                    "m, shift, trusted",
                ),
                "substitute" => (
                    "rows: &mut [Eight], vector: usize",
                    "m: &Factors, u: &mut States",
                    "m, u",
                ),
                _ => ("rows: &mut [Eight]", "m: &mut Memory", "m"),
            };
            for part in 0..parts {
                add("#[target_feature(enable = $features)]".into());
                add("#[inline(never)]".into());
                add(format!(
                    "fn {kernel}_{part}(p: Present<$vector>, {inner}) {{ super::{kernel}_{part}(p, {pass}); }}"
                ));
            }
            add("#[target_feature(enable = $features)]".into());
            add(format!("fn {kernel}({outer}) {{"));
            add("    let Some(p) = Present::<$vector>::detect() else { return };".into());
            if kernel == "substitute" {
                add("    let (vectors, rest) = rows.split_at_mut(VECTORS);".into());
                add("    let Ok(m) = <&Factors>::try_from(&*rest) else { return };".into());
                add(
                    "    let Some(u) = vectors.get_mut(vector..vector + STATES) else { return };"
                        .into(),
                );
                add("    let Ok(u) = <&mut States>::try_from(u) else { return };".into());
            } else {
                add("    let Ok(m) = <&mut Memory>::try_from(rows) else { return };".into());
            }
            for part in 0..parts {
                add(format!("    {kernel}_{part}(p, {pass});"));
            }
            add("}".into());
        }
        text.push_str("        }\n    };\n}\n");
        text
    }
}

fn expression(opcode: Opcode, operands: &[String]) -> String {
    let method = |name: &str| format!("{}.{name}()", operands[0]);
    let binary = |operator: &str| format!("{} {operator} {}", operands[0], operands[1]);
    match opcode {
        Opcode::Copy => operands[0].clone(),
        Opcode::Reciprocal => format!("p.splat(1.0) / {}", operands[0]),
        Opcode::Unary(Unary::Neg) => format!("-{}", operands[0]),
        Opcode::Unary(Unary::Exp) => method("exp"),
        Opcode::Unary(Unary::Ln) => method("ln"),
        Opcode::Unary(Unary::Sqrt) => method("sqrt"),
        Opcode::Unary(Unary::Tanh) => method("tanh"),
        Opcode::Unary(Unary::Sin) => method("sin"),
        Opcode::Unary(Unary::Cos) => method("cos"),
        Opcode::Unary(Unary::Abs) => method("abs"),
        Opcode::Unary(Unary::Floor) => method("floor"),
        Opcode::Add => binary("+"),
        Opcode::Sub => binary("-"),
        Opcode::Mul => binary("*"),
        Opcode::Div => binary("/"),
        Opcode::Pow => format!("{}.pow({})", operands[0], operands[1]),
        Opcode::Min => format!("{}.min({})", operands[0], operands[1]),
        Opcode::Max => format!("{}.max({})", operands[0], operands[1]),
        Opcode::Select(relation) => {
            let holds = match relation {
                Relation::Less => "<",
                Relation::LessEqual => "<=",
                Relation::Equal => "==",
            };
            format!(
                "{}.select({}, {}, {}, |a, b| a {holds} b)",
                operands[0], operands[1], operands[2], operands[3]
            )
        }
        Opcode::Product(_) => operands.join(" * "),
        Opcode::Sum(shape) => {
            let (plain, rest) = operands.split_at(usize::from(shape.added));
            let (less, rest) = rest.split_at(usize::from(shape.subtracted));
            let (more, taken) = rest.split_at(2 * usize::from(shape.products_added));
            let mut sum = match plain {
                [] => "p.splat(0.0)".to_owned(),
                _ => plain.join(" + "),
            };
            for term in less {
                sum = format!("{sum} - {term}");
            }
            for pair in more.chunks_exact(2) {
                sum = format!("{}.multiply_add({}, {sum})", pair[0], pair[1]);
            }
            for pair in taken.chunks_exact(2) {
                sum = format!("{}.subtract_product({}, {sum})", pair[0], pair[1]);
            }
            sum
        }
    }
}
