//! Whole-system promises; see `tests/tests/`.
