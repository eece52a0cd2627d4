//! Stiff problems from the literature. Unless said otherwise: F. Mazzia and C. Magherini, *Test Set
//! for Initial Value Problem Solvers*, release 2.4, University of Bari and INdAM, 2008.

use gutskin_engine::States;

use super::{Model, Number};

fn positive(typical: Vec<f64>) -> States {
    let flags = vec![true; typical.len()];
    States::new(typical)
        .unwrap()
        .with_non_negative(flags)
        .unwrap()
}

/// Robertson's autocatalytic reaction (1966): three species, eleven decades of time.
pub struct Robertson;

impl Model for Robertson {
    fn name(&self) -> String {
        "robertson".into()
    }

    fn rhs<N: Number>(&self, _t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        let first = y[0].clone() * 0.04;
        let second = y[1].clone() * y[2].clone() * 1e4;
        let third = y[1].clone() * y[1].clone() * 3e7;
        vec![
            second.clone() - first.clone(),
            first - second - third.clone(),
            third,
        ]
    }

    fn initial(&self) -> Vec<f64> {
        vec![1.0, 0.0, 0.0]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 1e11)
    }

    fn states(&self) -> States {
        positive(vec![1e-2, 1e-8, 1.0])
            .with_invariants(vec![vec![(0, 1.0), (1, 1.0), (2, 1.0)]])
            .unwrap()
    }
}

/// High irradiance responses of photomorphogenesis (Schäfer 1975): eight species.
pub struct Hires;

impl Model for Hires {
    fn name(&self) -> String {
        "hires".into()
    }

    fn rhs<N: Number>(&self, _t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        let y = |i: usize| y[i - 1].clone();
        let binding = y(6) * y(8) * 280.0;
        vec![
            -y(1) * 1.71 + y(2) * 0.43 + y(3) * 8.32 + 0.0007,
            y(1) * 1.71 - y(2) * 8.75,
            -y(3) * 10.03 + y(4) * 0.43 + y(5) * 0.035,
            y(2) * 8.32 + y(3) * 1.71 - y(4) * 1.12,
            -y(5) * 1.745 + y(6) * 0.43 + y(7) * 0.43,
            -binding.clone() + y(4) * 0.69 + y(5) * 1.71 - y(6) * 0.43 + y(7) * 0.69,
            binding.clone() - y(7) * 1.81,
            y(7) * 1.81 - binding,
        ]
    }

    fn initial(&self) -> Vec<f64> {
        vec![1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 321.8122)
    }

    fn states(&self) -> States {
        positive(vec![1e-3, 1e-4, 1e-4, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3])
            .with_invariants(vec![vec![(6, 1.0), (7, 1.0)]])
            .unwrap()
    }
}

/// The Oregonator of Field and Noyes (1974): a relaxation oscillation of three species.
pub struct Oregonator;

impl Model for Oregonator {
    fn name(&self) -> String {
        "oregonator".into()
    }

    fn rhs<N: Number>(&self, _t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        let [x, y, z] = [y[0].clone(), y[1].clone(), y[2].clone()];
        vec![
            (y.clone() + x.clone() * (-(x.clone() * 8.375e-6) - y.clone() + 1.0)) * 77.27,
            (z.clone() - (x.clone() + 1.0) * y) / 77.27,
            (x - z) * 0.161,
        ]
    }

    fn initial(&self) -> Vec<f64> {
        vec![1.0, 2.0, 3.0]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 360.0)
    }

    fn states(&self) -> States {
        positive(vec![1.0; 3])
    }
}

/// Air pollution model of the Dutch national institute RIVM (Verwer 1994): 20 species, 25
/// reactions.
pub struct Pollution;

impl Model for Pollution {
    fn name(&self) -> String {
        "pollution".into()
    }

    fn rhs<N: Number>(&self, _t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        let y = |i: usize| y[i - 1].clone();
        let rates = [
            y(1) * 0.35,
            y(2) * y(4) * 26.6,
            y(5) * y(2) * 1.23e4,
            y(7) * 8.6e-4,
            y(7) * 8.2e-4,
            y(7) * y(6) * 1.5e4,
            y(9) * 1.3e-4,
            y(9) * y(6) * 2.4e4,
            y(11) * y(2) * 1.65e4,
            y(11) * y(1) * 9e3,
            y(13) * 0.022,
            y(10) * y(2) * 1.2e4,
            y(14) * 1.88,
            y(1) * y(6) * 1.63e4,
            y(3) * 4.8e6,
            y(4) * 3.5e-4,
            y(4) * 0.0175,
            y(16) * 1e8,
            y(16) * 4.44e11,
            y(17) * y(6) * 1.24e3,
            y(19) * 2.1,
            y(19) * 5.78,
            y(1) * y(4) * 0.0474,
            y(19) * y(1) * 1.78e3,
            y(20) * 3.12,
        ];
        let r = |i: usize| rates[i - 1].clone();
        vec![
            r(2) + r(3) + r(9) + r(11) + r(12) + r(22) + r(25)
                - r(1)
                - r(10)
                - r(14)
                - r(23)
                - r(24),
            r(1) + r(21) - r(2) - r(3) - r(9) - r(12),
            r(1) + r(17) + r(19) + r(22) - r(15),
            r(15) - r(2) - r(16) - r(17) - r(23),
            r(4) * 2.0 + r(6) + r(7) + r(13) + r(20) - r(3),
            r(3) + r(18) * 2.0 - r(6) - r(8) - r(14) - r(20),
            r(13) - r(4) - r(5) - r(6),
            r(4) + r(5) + r(6) + r(7),
            -r(7) - r(8),
            r(7) + r(9) - r(12),
            r(8) + r(11) - r(9) - r(10),
            r(9),
            r(10) - r(11),
            r(12) - r(13),
            r(14),
            r(16) - r(18) - r(19),
            -r(20),
            r(20),
            r(23) + r(25) - r(21) - r(22) - r(24),
            r(24) - r(25),
        ]
    }

    fn initial(&self) -> Vec<f64> {
        let mut initial = vec![0.0; 20];
        for (species, value) in [
            (2, 0.2),
            (4, 0.04),
            (7, 0.1),
            (8, 0.3),
            (9, 0.01),
            (17, 0.007),
        ] {
            initial[species - 1] = value;
        }
        initial
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 60.0)
    }

    fn states(&self) -> States {
        positive(vec![
            1e-2, 1e-1, 1e-9, 1e-3, 1e-7, 1e-7, 1e-2, 1e-1, 1e-3, 1e-8, 1e-8, 1e-3, 1e-4, 1e-5,
            1e-3, 1e-18, 1e-3, 1e-4, 1e-6, 1e-5,
        ])
        .with_invariants(vec![vec![(16, 1.0), (17, 1.0)]])
        .unwrap()
    }
}

/// Stiff detest problem E5 (Enright, Hull and Lindberg 1975): concentrations from 1e-3 down to
/// 1e-22, thirteen decades of time.
pub struct E5;

impl Model for E5 {
    fn name(&self) -> String {
        "e5".into()
    }

    fn rhs<N: Number>(&self, _t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        let initiation = y[0].clone() * 7.89e-10;
        let addition = y[0].clone() * y[2].clone() * 1.1e7;
        let termination = y[1].clone() * y[2].clone() * 1.13e9;
        let decay = y[3].clone() * 1.13e3;
        let second = initiation.clone() - termination;
        let fourth = addition.clone() - decay;
        vec![
            -initiation - addition,
            second.clone(),
            second - fourth.clone(),
            fourth,
        ]
    }

    fn initial(&self) -> Vec<f64> {
        vec![1.76e-3, 0.0, 0.0, 0.0]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 1e13)
    }

    fn states(&self) -> States {
        positive(vec![1e-22, 1e-20, 1e-20, 1e-20])
            .with_invariants(vec![vec![(1, 1.0), (2, -1.0), (3, -1.0)]])
            .unwrap()
    }
}

/// Van der Pol's oscillator in the scaling of Hairer and Wanner (1996), ε = 1e-6.
pub struct VanDerPol;

impl Model for VanDerPol {
    fn name(&self) -> String {
        "van_der_pol".into()
    }

    fn rhs<N: Number>(&self, _t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        let [x, v] = [y[0].clone(), y[1].clone()];
        vec![v.clone(), ((-(x.clone() * x.clone()) + 1.0) * v - x) / 1e-6]
    }

    fn initial(&self) -> Vec<f64> {
        vec![2.0, 0.0]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 2.0)
    }

    fn states(&self) -> States {
        States::new(vec![1.0, 1.0]).unwrap()
    }
}
