//! Order of definitions.

/// An order in which everything stands after what it needs; among free choices, the order given. `needs[i]` lists what
/// item i needs.
///
/// # Errors
/// The items of a cycle, the first one repeated at the end.
pub(crate) fn order(needs: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; needs.len()];
    let mut sorted = Vec::with_capacity(needs.len());
    for start in 0..needs.len() {
        if marks[start] != Mark::New {
            continue;
        }
        marks[start] = Mark::Open;
        let mut path = vec![(start, 0)];
        while let Some((item, next)) = path.last_mut() {
            let item = *item;
            match needs[item].get(*next) {
                None => {
                    marks[item] = Mark::Done;
                    sorted.push(item);
                    path.pop();
                }
                Some(&need) => {
                    *next += 1;
                    match marks[need] {
                        Mark::Done => {}
                        Mark::New => {
                            marks[need] = Mark::Open;
                            path.push((need, 0));
                        }
                        Mark::Open => {
                            let from = path.iter().position(|(i, _)| *i == need).unwrap_or(0);
                            let mut cycle: Vec<usize> =
                                path[from..].iter().map(|(i, _)| *i).collect();
                            cycle.push(need);
                            return Err(cycle);
                        }
                    }
                }
            }
        }
    }
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn keeps_the_given_order_where_it_can() {
        assert_eq!(order(&[vec![], vec![0], vec![]]), Ok(vec![0, 1, 2]));
        assert_eq!(order(&[vec![2], vec![], vec![1]]), Ok(vec![1, 2, 0]));
        assert_eq!(
            order(&[vec![], vec![2], vec![3], vec![1]]),
            Err(vec![1, 2, 3, 1])
        );
        assert_eq!(order(&[vec![0]]), Err(vec![0, 0]));
    }
}
