//! Order conditions of the Rosenbrock tableaus, checked tree by tree.
//!
//! E. Hairer and G. Wanner, *Solving Ordinary Differential Equations II*, 2nd ed., Springer 1996,
//! section IV.7: for every rooted tree of order up to p, Σ b_i Φ_i = 1/γ(tree), where a vertex with
//! one son uses β_ij = α_ij + γ_ij and a vertex with several uses α_ij.

use gutskin_engine::Method;

type Matrix = Vec<Vec<f64>>;

/// A rooted tree by its branches.
#[derive(Clone, Debug)]
struct Tree(Vec<Tree>);

impl Tree {
    fn order(&self) -> usize {
        1 + self.0.iter().map(Tree::order).sum::<usize>()
    }

    /// Density γ(tree): product of the sizes of all subtrees.
    fn density(&self) -> f64 {
        self.order() as f64 * self.0.iter().map(Tree::density).product::<f64>()
    }

    /// Φ_i for every stage.
    fn weights(&self, alpha: &Matrix, beta: &Matrix) -> Vec<f64> {
        let matrix = if self.0.len() == 1 { beta } else { alpha };
        let mut product = vec![1.0; alpha.len()];
        for branch in &self.0 {
            let weights = branch.weights(alpha, beta);
            for (value, row) in product.iter_mut().zip(matrix) {
                *value *= row.iter().zip(&weights).map(|(a, w)| a * w).sum::<f64>();
            }
        }
        product
    }
}

/// All rooted trees with this many vertices.
fn trees(order: usize) -> Vec<Tree> {
    fn forests(vertices: usize, largest: usize) -> Vec<Vec<Tree>> {
        if vertices == 0 {
            return vec![Vec::new()];
        }
        let mut found = Vec::new();
        for size in 1..=largest.min(vertices) {
            for (rank, first) in trees(size).into_iter().enumerate() {
                for rest in forests(vertices - size, size) {
                    // Branches in falling order of (size, rank), so that each forest comes once.
                    let follows = rest.first().is_none_or(|next| {
                        next.order() < size
                            || trees(size)
                                .iter()
                                .position(|t| format!("{t:?}") == format!("{next:?}"))
                                <= Some(rank)
                    });
                    if follows {
                        let mut forest = vec![first.clone()];
                        forest.extend(rest);
                        found.push(forest);
                    }
                }
            }
        }
        found
    }
    forests(order - 1, order - 1)
        .into_iter()
        .map(Tree)
        .collect()
}

/// α, β and Γ of the classical form from the transformed coefficients.
struct Classical {
    alpha: Matrix,
    beta: Matrix,
    gamma: Matrix,
}

fn classical(method: Method) -> Classical {
    let t = method.tableau();
    let s = t.stages;
    // Γ⁻¹ = I/γ − C is lower triangular: Γ row by row.
    let mut gamma: Matrix = Vec::new();
    for (i, c) in t.c.iter().enumerate().take(s) {
        let mut row = vec![0.0; s];
        for (c, earlier) in c.iter().zip(&gamma) {
            for (value, g) in row.iter_mut().zip(earlier) {
                *value += t.gamma * c * g;
            }
        }
        row[i] = t.gamma;
        gamma.push(row);
    }
    let alpha: Matrix = (0..s)
        .map(|i| {
            (0..s)
                .map(|j| (0..s).map(|k| t.a[i][k] * gamma[k][j]).sum())
                .collect()
        })
        .collect();
    let beta = (0..s)
        .map(|i| (0..s).map(|j| alpha[i][j] + gamma[i][j]).collect())
        .collect();
    Classical { alpha, beta, gamma }
}

/// Weights b in the classical form from weights of the u_j.
fn to_classical(weights: &[f64], gamma: &Matrix) -> Vec<f64> {
    (0..gamma.len())
        .map(|j| (0..gamma.len()).map(|i| weights[i] * gamma[i][j]).sum())
        .collect()
}

/// Largest residual of the order conditions of exactly this order; `theta` scales them for the
/// dense output.
fn residual(weights: &[f64], order: usize, theta: f64, c: &Classical) -> f64 {
    let b = to_classical(weights, &c.gamma);
    trees(order)
        .iter()
        .map(|tree| {
            let phi = tree.weights(&c.alpha, &c.beta);
            let sum: f64 = b.iter().zip(phi).map(|(b, phi)| b * phi).sum();
            (sum - theta.powi(order as i32) / tree.density()).abs()
        })
        .fold(0.0, f64::max)
}

/// Weights of the u_j in the solution: the argument of the last stage plus the last u.
fn solution_weights(method: Method, embedded: bool) -> Vec<f64> {
    let t = method.tableau();
    let mut weights = t.a[t.stages - 1][..t.stages].to_vec();
    if !embedded {
        weights[t.stages - 1] += 1.0;
    }
    weights
}

const METHODS: [Method; 2] = [Method::Rodas4, Method::Rodas5P];

#[test]
fn number_of_trees_is_right() {
    let counts: Vec<_> = (1..=6).map(|order| trees(order).len()).collect();
    assert_eq!(counts, [1, 1, 2, 4, 9, 20]);
}

#[test]
fn abscissae_and_time_weights_are_row_sums() {
    for method in METHODS {
        let (t, c) = (method.tableau(), classical(method));
        for i in 0..t.stages {
            let alpha: f64 = c.alpha[i].iter().sum();
            let gamma: f64 = c.gamma[i].iter().sum();
            assert!(
                (alpha - t.alpha[i]).abs() < 1e-12,
                "{method:?} α_{i}: {alpha}"
            );
            assert!(
                (gamma - t.gamma_sums[i]).abs() < 1e-12,
                "{method:?} γ_{i}: {gamma}"
            );
        }
    }
}

#[test]
fn solution_and_embedded_solution_meet_their_order_conditions_and_no_more() {
    for method in METHODS {
        let (t, c) = (method.tableau(), classical(method));
        for (embedded, order) in [(false, t.order), (true, t.embedded_order)] {
            let weights = solution_weights(method, embedded);
            for k in 1..=order {
                let error = residual(&weights, k, 1.0, &c);
                assert!(
                    error < 1e-12,
                    "{method:?} embedded {embedded} order {k}: {error:e}"
                );
            }
            let next = residual(&weights, order + 1, 1.0, &c);
            assert!(
                next > 1e-5,
                "{method:?} embedded {embedded}: order above {order}? {next:e}"
            );
        }
    }
}

#[test]
fn dense_output_meets_its_order_conditions() {
    for method in METHODS {
        let (t, c) = (method.tableau(), classical(method));
        for theta in [0.1, 0.37, 0.5, 0.9] {
            let end = solution_weights(method, false);
            let weights: Vec<f64> = (0..t.stages)
                .map(|j| {
                    let polynomial = t
                        .dense
                        .iter()
                        .rev()
                        .fold(0.0, |sum, row| sum * theta + row[j]);
                    theta * (end[j] + (1.0 - theta) * polynomial)
                })
                .collect();
            for k in 1..=t.dense_order {
                let error = residual(&weights, k, theta, &c);
                assert!(error < 1e-12, "{method:?} θ {theta} order {k}: {error:e}");
            }
        }
    }
}

/// R(∞) = 0: the stability function 1 + z bᵀ(I − zB)⁻¹1 at a very large |z|, B = (β_ij).
#[test]
fn stability_function_vanishes_at_infinity() {
    for method in METHODS {
        let (t, c) = (method.tableau(), classical(method));
        let b = to_classical(&solution_weights(method, false), &c.gamma);
        let z = -1e10;
        let mut k = vec![0.0; t.stages];
        for i in 0..t.stages {
            let sum: f64 = (0..i).map(|j| c.beta[i][j] * k[j]).sum();
            k[i] = (1.0 + z * sum) / (1.0 - z * t.gamma);
        }
        let value = 1.0 + z * b.iter().zip(&k).map(|(b, k)| b * k).sum::<f64>();
        assert!(value.abs() < 1e-4, "{method:?}: R({z}) = {value}");
    }
}
