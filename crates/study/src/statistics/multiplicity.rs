//! Several tests at once.

/// p-values adjusted by Holm, in the order given: the chance of one false finding or more stays below the level.
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let count = p.len();
    let mut adjusted = vec![f64::NAN; count];
    let mut floor = 0.0_f64;
    for (rank, &index) in order.iter().enumerate() {
        floor = floor.max((count - rank) as f64 * p[index]).min(1.0);
        adjusted[index] = floor;
    }
    adjusted
}

/// p-values adjusted by Benjamini and Hochberg, in the order given: the expected share of false ones among the
/// findings stays below the level.
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let count = p.len();
    let mut adjusted = vec![f64::NAN; count];
    let mut ceiling = 1.0_f64;
    for (rank, &index) in order.iter().enumerate().rev() {
        ceiling = ceiling.min(count as f64 / (rank + 1) as f64 * p[index]);
        adjusted[index] = ceiling;
    }
    adjusted
}

fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}
