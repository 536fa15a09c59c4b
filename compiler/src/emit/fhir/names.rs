//! Names of variables: letters and digits only, as both FHIR (`id`) and FHIRPath want them.

use std::collections::{BTreeMap, BTreeSet};

/// At most so many characters; FHIR allows 64.
const LONGEST: usize = 56;

/// What FHIR and SDC call their own.
const TAKEN: [&str; 9] = [
    "resource",
    "rootResource",
    "context",
    "questionnaire",
    "qitem",
    "sct",
    "loinc",
    "ucum",
    "factory",
];

/// Names already given, by what they were given to.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    given: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Names {
    /// The name for this key: `hoehn_yahr shown` becomes `hoehnYahrShown`.
    pub(super) fn of(&mut self, key: &str) -> String {
        if let Some(name) = self.given.get(key) {
            return name.clone();
        }
        let base = camel(key);
        let numbered = (2..).map(|number| format!("{base}X{number}"));
        let mut candidates = std::iter::once(base.clone()).chain(numbered);
        let name = candidates
            .find(|name| !self.taken.contains(name) && !TAKEN.contains(&name.as_str()))
            .unwrap_or(base);
        self.given.insert(key.to_owned(), name.clone());
        self.taken.insert(name.clone());
        name
    }
}

fn camel(key: &str) -> String {
    let mut name = String::new();
    let mut upper = false;
    for c in key.chars() {
        if !c.is_ascii_alphanumeric() {
            upper = !name.is_empty();
        } else if name.len() < LONGEST {
            name.push(if upper { c.to_ascii_uppercase() } else { c });
            upper = false;
        }
    }
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name
    } else {
        format!("v{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_one_name_and_no_name_two_keys() {
        let mut names = Names::default();
        assert_eq!(names.of("hoehn_yahr shown"), "hoehnYahrShown");
        assert_eq!(names.of("hoehn_yahr shown"), "hoehnYahrShown");
        assert_eq!(names.of("a_1"), "a1");
        assert_eq!(names.of("a1"), "a1X2");
        assert_eq!(names.of("context"), "contextX2");
        assert_eq!(names.of("%a1 month"), "a1Month");
        assert_eq!(names.of("2nd"), "v2nd");
        assert!(names.of(&"long_".repeat(40)).len() <= 64);
    }
}
