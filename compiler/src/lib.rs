//! Definitions to programs and artefacts.
