//! The authoring plane: edit, preview, prove.
