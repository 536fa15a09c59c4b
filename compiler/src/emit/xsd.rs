//! XML Schema 1.0 of a form.
