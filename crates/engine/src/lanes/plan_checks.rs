//! What the way from program to lanes promises: nothing computed twice or oftener than it changes, slots used again,
//! equal operations in runs, multiplications fused into sums, a working set that fits the cache.

use std::sync::Arc;

use gutskin_network::expr::Unary;
use gutskin_network::{Builder, ParameterTable};
use gutskin_surrogate::Surrogate;

use super::compile::{Code, LaneProgram, Opcode};
use super::ensemble::LaneCount;
use crate::program::{Program, ProgramOptions};

fn count(code: &Code, wanted: impl Fn(Opcode) -> bool) -> usize {
    let runs = code.runs().iter().filter(|run| wanted(run.opcode));
    runs.map(|run| run.count as usize).sum()
}

const EXP: Opcode = Opcode::Unary(Unary::Exp);
const TANH: Opcode = Opcode::Unary(Unary::Tanh);

#[test]
fn each_value_is_computed_once_and_as_seldom_as_it_changes() {
    let table = ParameterTable::new();
    let m = Builder::new("hoist", "d", &table);
    let (rate, power) = (m.number("rate", 0.3), m.number("power", 0.7));
    let dose = m.input("dose", "1", 1.0, "what is given");
    let (left, right) = (
        m.state("left", "1").initial(1.0).add(),
        m.state("right", "1").initial(1.0).add(),
    );
    let still = (rate * power).exp();
    let given = (dose * 2.0).exp();
    let moving = (left * right).tanh();
    m.rate(left, still * given - moving * left);
    m.rate(right, moving * right * still - right * given);
    let program = Program::new(&m.finish().expect("a model"), &ProgramOptions::default());
    let program = LaneProgram::new(Arc::new(program.expect("a program"))).expect("small enough");
    let code = &program.code;
    let exponentials = [&code.patient, &code.inputs, &code.rates, &code.derivatives]
        .map(|code| count(code, |opcode| opcode == EXP));
    assert_eq!(exponentials, [1, 1, 0, 0]);
    // The Jacobian takes the tangent from the rates.
    let tangents = [&code.rates, &code.derivatives].map(|code| count(code, |o| o == TANH));
    assert_eq!(tangents, [1, 0]);
}

#[test]
fn the_benchmark_model_is_grouped_fused_and_small() {
    let Some(folder) = Surrogate::folder() else {
        println!("skipped: the benchmark model is not here");
        return;
    };
    let surrogate = Surrogate::read(&folder, 1.0).expect("readable");
    let program = Program::new(&surrogate.model.network, &ProgramOptions::default());
    let program = LaneProgram::new(Arc::new(program.expect("a program"))).expect("small enough");
    let size = program.size();
    for code in [&program.code.rates, &program.code.derivatives] {
        let (runs, operations) = (code.runs().len(), code.len());
        println!("{operations} operations in {runs} runs");
        assert!(
            8 * runs < operations,
            "{operations} operations in {runs} runs"
        );
        let fused = |opcode| matches!(opcode, Opcode::Sum(shape) if shape.products_added + shape.products_subtracted > 0);
        assert!(count(code, fused) > 0);
    }
    // Without slots used again every operation would have a row of its own.
    let operations = [&program.code.patient, &program.code.inputs]
        .map(Code::len)
        .iter()
        .sum::<usize>()
        + size.rates
        + size.derivatives;
    let alone = program.vectors.end() + size.factor_entries + operations;
    println!("{} rows, {alone} without sharing", size.rows);
    assert!(size.rows + 500 < alone);
    // The work of a step, which a change may lessen.
    println!("{size:?}");
    assert!(size.factor_products <= 6_600 && size.factor_entries <= 1_850);
    assert!(size.rates <= 1_300 && size.derivatives <= 1_800);
}

#[test]
fn lanes_are_as_many_as_the_cache_holds() {
    for cache in [128 * 1024, 768 * 1024, 1024 * 1024, 3 * 1024 * 1024] {
        let lanes = |rows: usize| LaneCount::for_rows(rows, cache);
        let bytes = |lanes: LaneCount, rows: usize| lanes.number() * rows * size_of::<f64>();
        assert_eq!(lanes(100), LaneCount::ThirtyTwo);
        assert_eq!(lanes(60_000), LaneCount::Eight);
        let mut before = LaneCount::ThirtyTwo;
        for rows in (100..60_000).step_by(100) {
            let lanes = lanes(rows);
            assert!(lanes <= before);
            assert!(lanes == LaneCount::Eight || bytes(lanes, rows) <= cache);
            // The next larger one would not fit.
            let larger = match lanes {
                LaneCount::Eight => Some(LaneCount::Sixteen),
                LaneCount::Sixteen => Some(LaneCount::ThirtyTwo),
                _ => None,
            };
            assert!(larger.is_none_or(|larger| bytes(larger, rows) > cache));
            before = lanes;
        }
    }
}
