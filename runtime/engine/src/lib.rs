//! What a program says about answers.
