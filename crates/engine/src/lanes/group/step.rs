//! One step in every busy lane.

#![expect(
    clippy::needless_range_loop,
    reason = "a lane is a number into several lists at once"
)]

use super::super::kernel::{AcceptRows, Combination, Finish, StageRows};
use super::super::memory::Row;
use super::Group;
use crate::scalar::MAXIMUM_STAGES;
use crate::scalar::advance::{FIRST_FRACTION, RESTART_SHRINK};
use crate::scalar::rosenbrock::DEFECT_PLACE;
use crate::{FailureReason, Rejection};

impl<const N: usize> Group<'_, N> {
    /// Tries one step in every busy lane.
    pub(crate) fn step(&mut self) {
        self.linearise();
        let shift = self.plan();
        let program = self.program();
        let trusted = self
            .kernels
            .factorise(&mut self.memory.rows, program, &shift);
        self.stages();
        let vectors = program.vectors;
        let last = self.settings.tableau.stages - 1;
        let outcome = self.kernels.finish(
            &mut self.memory.rows,
            &Finish {
                states: program.dimension(),
                state: vectors.state,
                argument: vectors.argument,
                result: vectors.result,
                error: vectors.stages + last * program.dimension(),
                relative: self.settings.options.relative_tolerance,
                absolute: &self.settings.absolute,
                non_negative: &self.settings.non_negative,
            },
        );
        let verdicts = self.judge(&trusted, &outcome);
        let accepted = self.carry_out(&verdicts);
        if accepted.contains(&true) {
            self.outputs(&accepted);
            self.accept(&accepted);
        }
    }

    /// Rates and Jacobian at the start of the step; a step whose end has no finite slope is taken back.
    fn linearise(&mut self) {
        let program = self.program();
        self.linearise_here();
        let mut finite = [0.0; N];
        for &row in &program.rates {
            let rate = &self.memory.rows[usize::from(row)].0;
            for lane in 0..N {
                finite[lane] += rate[lane] * 0.0;
            }
        }
        let mut reverted = false;
        for lane in 0..N {
            if finite[lane] != 0.0 && self.lanes[lane].is_some() {
                reverted |= self.leave_bad_point(lane);
            }
        }
        if reverted {
            self.linearise_here();
        }
        if !self.settings.states.invariants().is_empty() {
            self.fastest = [0.0; N];
            for &row in &program.diagonal {
                let entry = &self.memory.rows[usize::from(row)].0;
                for lane in 0..N {
                    self.fastest[lane] = self.fastest[lane].max(entry[lane].abs());
                }
            }
        }
    }

    fn linearise_here(&mut self) {
        let program = self.program();
        for lane in 0..N {
            let time = self.lanes[lane].as_ref().map_or(0.0, |p| p.time);
            self.memory.set(program.time.into(), lane, time);
        }
        self.copy_state_to_argument();
        self.kernels.linearise(&mut self.memory.rows, program);
    }

    fn copy_state_to_argument(&mut self) {
        let program = self.program();
        self.kernels.argument(
            &mut self.memory.rows,
            &Combination {
                states: program.dimension(),
                destination: program.vectors.argument,
                start: program.vectors.state,
                vectors: program.vectors.stages,
                factors: &[],
            },
        );
    }

    /// The slope at a lane's point is not finite: fail where the point was set, go back where a step led there.
    fn leave_bad_point(&mut self, lane: usize) -> bool {
        let vectors = self.program().vectors;
        let options = &self.settings.options;
        let Some(patient) = self.lanes[lane].as_mut() else {
            return false;
        };
        if patient.changed || !patient.revert() {
            self.fail(lane, FailureReason::NotFinite);
            return false;
        }
        let rejected = patient.reject(Rejection::NotFinite, options);
        for i in 0..self.program().dimension() {
            let value = self.memory.get(vectors.previous + i, lane);
            self.memory.set(vectors.state + i, lane, value);
        }
        if let Err(reason) = rejected {
            self.fail(lane, reason);
        }
        true
    }

    /// Chooses every lane's step; returns the shifts 1/(γh).
    fn plan(&mut self) -> Row<N> {
        let gamma = self.settings.tableau.gamma;
        let mut shift = Row::splat(1.0);
        for lane in 0..N {
            self.restart(lane);
            let Some(patient) = self.lanes[lane].as_mut() else {
                continue;
            };
            match patient.plan(&self.settings.options) {
                Ok(()) => shift.0[lane] = 1.0 / (patient.trial.step * gamma),
                Err(reason) => self.fail(lane, reason),
            }
        }
        shift
    }

    /// A step to try at the start or after a change.
    fn restart(&mut self, lane: usize) {
        let program = self.program();
        let Some(patient) = self.lanes[lane].as_mut() else {
            return;
        };
        if !patient.changed {
            return;
        }
        patient.changed = false;
        patient.before = None;
        patient.dense_step = None;
        patient.controller.restart();
        let n = program.dimension();
        let value = |row: usize| self.memory.get(row, lane);
        let state: Vec<f64> = (0..n).map(|i| value(program.vectors.state + i)).collect();
        patient.invariants.restart(&state);
        let slope: Vec<f64> = program.rates.iter().map(|&r| value(r.into())).collect();
        let mut curvature: Vec<f64> = match &program.time_derivative {
            Some(rows) => rows.iter().map(|&r| value(r.into())).collect(),
            None => vec![0.0; n],
        };
        for (&entry, (row, column)) in program
            .jacobian
            .iter()
            .zip(program.source.pattern.positions())
        {
            curvature[row] += value(entry.into()) * slope[column];
        }
        let tolerance = &self.settings.tolerance;
        let slope = tolerance.norm(&slope, &state, &state);
        let curvature = tolerance.norm(&curvature, &state, &state);
        let estimate = patient
            .controller
            .first_step(slope, curvature)
            .unwrap_or(f64::INFINITY);
        patient.statistics.rhs += 1;
        patient.step = Some(match patient.step {
            Some(previous) => {
                patient.statistics.restarts += 1;
                estimate.clamp(previous * RESTART_SHRINK, previous)
            }
            None => {
                let limit = FIRST_FRACTION * (patient.next_stop() - patient.time);
                self.settings
                    .options
                    .initial_step
                    .unwrap_or(estimate.min(limit))
            }
        });
    }

    fn stages(&mut self) {
        let tableau = self.settings.tableau;
        for stage in 0..tableau.stages {
            if stage > 0 {
                self.stage_argument(stage);
                self.rates_at(tableau.alpha[stage]);
            }
            self.solve_stage(&tableau.c[stage][..stage], tableau.gamma_sums[stage]);
        }
    }

    /// The defect f(p) − p' of the dense output p inside the step, taken through the step's matrix: for each lane the
    /// sum of its squares in units of the tolerance.
    pub(super) fn defect(&mut self) -> Row<N> {
        let program = self.program();
        let (n, vectors) = (program.dimension(), program.vectors);
        let stages = self.settings.tableau.stages;
        let middle = &self.settings.middle;
        self.kernels.argument(
            &mut self.memory.rows,
            &Combination {
                states: n,
                destination: vectors.argument,
                start: vectors.state,
                vectors: vectors.stages,
                factors: &middle.place,
            },
        );
        self.rates_at(DEFECT_PLACE);
        self.solve_stage(&middle.negative_slope[..stages], 0.0);
        self.kernels.size(
            &mut self.memory.rows,
            &Finish {
                states: n,
                state: vectors.state,
                argument: vectors.argument,
                result: vectors.result,
                error: vectors.stages + stages * n,
                relative: self.settings.options.relative_tolerance,
                absolute: &self.settings.absolute,
                non_negative: &[],
            },
        )
    }

    /// Rates at the argument and this fraction of the step.
    fn rates_at(&mut self, fraction: f64) {
        let program = self.program();
        for lane in 0..N {
            let (time, step) = self.lanes[lane]
                .as_ref()
                .map_or((0.0, 0.0), |p| (p.time, p.trial.step));
            self.memory
                .set(program.time.into(), lane, time + fraction * step);
        }
        self.kernels.rates(&mut self.memory.rows, program);
    }

    /// Solves for the increment after those that `coefficients` belong to.
    fn solve_stage(&mut self, coefficients: &[f64], gamma_sum: f64) {
        let program = self.program();
        let rows = StageRows {
            states: program.dimension(),
            stages: program.vectors.stages,
            time_derivative: program
                .time_derivative
                .as_ref()
                .and_then(|rows| rows.first())
                .map(|&r| r.into()),
        };
        let mut weights = [Row::<N>::ZERO; MAXIMUM_STAGES];
        let mut time_weight = Row::ZERO;
        for lane in 0..N {
            let step = self.lanes[lane].as_ref().map_or(1.0, |p| p.trial.step);
            time_weight.0[lane] = gamma_sum * step;
            for (weight, coefficient) in weights.iter_mut().zip(coefficients) {
                weight.0[lane] = coefficient / step;
            }
        }
        self.kernels.solve(
            &mut self.memory.rows,
            program,
            &rows,
            &weights[..coefficients.len()],
            (gamma_sum != 0.0).then_some(&time_weight),
        );
    }

    /// The argument of a stage. Where its coefficients are those of the stage before and one more, it is one more
    /// addition to the argument still there.
    fn stage_argument(&mut self, stage: usize) {
        let tableau = self.settings.tableau;
        let program = self.program();
        let (row, before) = (&tableau.a[stage], &tableau.a[stage - 1]);
        let continues =
            stage > 1 && row[..stage - 1] == before[..stage - 1] && row[stage - 1] == 1.0;
        let factors: Vec<(usize, f64)> = if continues {
            vec![(stage - 1, 1.0)]
        } else {
            let all = row.iter().copied().enumerate().take(stage);
            all.filter(|&(_, factor)| factor != 0.0).collect()
        };
        self.kernels.argument(
            &mut self.memory.rows,
            &Combination {
                states: program.dimension(),
                destination: program.vectors.argument,
                start: if continues {
                    program.vectors.argument
                } else {
                    program.vectors.state
                },
                vectors: program.vectors.stages,
                factors: &factors,
            },
        );
    }

    /// Moves accepted lanes to the end of their steps.
    fn accept(&mut self, accepted: &[bool; N]) {
        let program = self.program();
        let rows = AcceptRows {
            states: program.dimension(),
            previous: program.vectors.previous,
            state: program.vectors.state,
            result: program.vectors.result,
        };
        self.kernels.accept(&mut self.memory.rows, &rows, accepted);
        for lane in 0..N {
            if let Some(patient) = self.lanes[lane].as_mut()
                && accepted[lane]
            {
                patient.time = patient.trial.end;
                if patient.time >= patient.trial.stop {
                    self.visit(lane);
                }
            }
        }
    }
}
