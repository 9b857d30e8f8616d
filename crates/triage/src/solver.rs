//! A linear support vector machine, trained by dual coordinate descent
//! (Hsieh et al., 2008: *A dual coordinate descent method for large-scale linear SVM*).

use crate::weighting::{Entry, Matrix};

/// One category against all the others.
pub(crate) struct BinaryProblem<'a> {
    pub(crate) texts: &'a Matrix,
    /// True for a text of the category.
    pub(crate) labels: &'a [bool],
    /// Cost of a text on the wrong side.
    pub(crate) cost: f32,
    /// `w²/scale` is the cost of a weight `w`: the larger the scale, the freer the column.
    pub(crate) scales: &'a [f32],
}

/// A weight for each column, and one added to every text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hyperplane {
    pub(crate) weights: Vec<f32>,
    pub(crate) bias: f32,
}

const MAX_PASSES: usize = 30;

/// Largest change of a dual variable in a pass, below which the solution is found.
const TOLERANCE: f32 = 0.01;

impl BinaryProblem<'_> {
    /// Minimises `½ Σ w²/scale + cost Σ max(0, 1 − y·(w·x + bias))²`, where `y` is 1 or −1.
    pub(crate) fn solve(&self) -> Hyperplane {
        let curvatures: Vec<f32> = (0..self.texts.len())
            .map(|text| self.curvature(self.texts.text(text)))
            .collect();
        let mut plane = Hyperplane {
            weights: vec![0.0; self.scales.len()],
            bias: 0.0,
        };
        let mut duals = vec![0.0; self.texts.len()];
        let mut order: Vec<usize> = (0..self.texts.len()).collect();
        let mut shuffle = Shuffle::new();

        for _ in 0..MAX_PASSES {
            shuffle.apply(&mut order);
            let mut largest: f32 = 0.0;
            for &text in &order {
                let change = self.improve(text, curvatures[text], &mut duals[text], &mut plane);
                largest = largest.max(change);
            }
            if largest < TOLERANCE {
                break;
            }
        }
        plane
    }

    /// Second derivative of the dual along the variable of a text; the bias counts as a column of 1.
    fn curvature(&self, text: &[Entry]) -> f32 {
        let squares = text
            .iter()
            .map(|(column, value)| value * value * self.scales[*column as usize]);
        squares.sum::<f32>() + 1.0 + self.slack()
    }

    /// Of the squared loss, in the dual.
    fn slack(&self) -> f32 {
        0.5 / self.cost
    }

    /// Newton's step on the variable of one text, which stays positive; returns by how much it moved.
    fn improve(&self, text: usize, curvature: f32, dual: &mut f32, plane: &mut Hyperplane) -> f32 {
        let entries = self.texts.text(text);
        let sign = if self.labels[text] { 1.0 } else { -1.0 };
        let gradient = sign * plane.score(entries) - 1.0 + self.slack() * *dual;
        let next = (*dual - gradient / curvature).max(0.0);

        let change = next - *dual;
        if change != 0.0 {
            *dual = next;
            plane.bias += sign * change;
            for (column, value) in entries {
                let column = *column as usize;
                plane.weights[column] += sign * change * self.scales[column] * value;
            }
        }
        change.abs()
    }
}

impl Hyperplane {
    /// Positive on the side of the category.
    pub(crate) fn score(&self, text: &[Entry]) -> f32 {
        let products = text
            .iter()
            .map(|(column, value)| self.weights[*column as usize] * value);
        products.sum::<f32>() + self.bias
    }
}

/// The same orders at each training: xorshift, from a fixed seed.
struct Shuffle(u64);

impl Shuffle {
    fn new() -> Self {
        Self(0x2545_f491_4f6c_dd1d)
    }

    fn apply(&mut self, order: &mut [usize]) {
        for last in (1..order.len()).rev() {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            order.swap(last, (self.0 % (last as u64 + 1)) as usize);
        }
    }
}
