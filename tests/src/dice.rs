//! Dice for tests: what they are asked for is there, or the test is wrong.

/// The engine's dice.
pub struct Dice(kohyo_engine::Dice);

impl Dice {
    /// Dice that throw what this seed says.
    pub fn new(seed: u64) -> Self {
        Self(kohyo_engine::Dice::new(seed))
    }

    /// A number less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.index(end).expect("nothing to choose from")
    }

    /// So often out of a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.0.chance(percent)
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        self.0.pick(from).expect("nothing to choose from")
    }
}
