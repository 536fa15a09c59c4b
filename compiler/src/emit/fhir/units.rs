//! Units of the forms in UCUM, the code system of units that FHIR uses.

use serde_json::{Value, json};

/// Units as the forms write them, and in UCUM. What is not here is written as a text only: UCUM has
/// no code for it, or more than one meaning fits.
const UCUM: [(&str, &str); 63] = [
    ("%", "%"),
    ("mg/dL", "mg/dL"),
    ("g/dL", "g/dL"),
    ("g/L", "g/L"),
    ("mg/L", "mg/L"),
    ("ng/mL", "ng/mL"),
    ("pg/mL", "pg/mL"),
    ("ng/dL", "ng/dL"),
    ("µg/mL", "ug/mL"),
    ("µg/dL", "ug/dL"),
    ("µg/L", "ug/L"),
    ("µg", "ug"),
    ("mg", "mg"),
    ("g", "g"),
    ("kg", "kg"),
    ("mg/kg", "mg/kg"),
    ("g/kg", "g/kg"),
    ("mg/日", "mg/d"),
    ("g/日", "g/d"),
    ("µg/日", "ug/d"),
    ("g/24時間", "g/(24.h)"),
    ("mg/kg/日", "mg/kg/d"),
    ("g/kg/日", "g/kg/d"),
    ("mm", "mm"),
    ("cm", "cm"),
    ("m", "m"),
    ("cm2", "cm2"),
    ("mL", "mL"),
    ("L", "L"),
    ("fL", "fL"),
    ("mL/min", "mL/min"),
    ("mL/分", "mL/min"),
    ("mL/kg/分", "mL/kg/min"),
    ("L/分/m2", "L/min/m2"),
    ("mm/h", "mm/h"),
    ("mm/時", "mm/h"),
    ("m/s", "m/s"),
    ("kg/m2", "kg/m2"),
    ("/µL", "/uL"),
    ("/mm3", "/mm3"),
    ("/分", "/min"),
    ("/HPF", "/[HPF]"),
    ("U/L", "U/L"),
    ("U/mL", "U/mL"),
    ("µU/mL", "uU/mL"),
    ("IU/L", "[IU]/L"),
    ("IU/mL", "[IU]/mL"),
    ("mIU/mL", "m[IU]/mL"),
    ("nmol/L", "nmol/L"),
    ("mmol/L", "mmol/L"),
    ("mEq/L", "meq/L"),
    ("mmHg", "mm[Hg]"),
    ("dB", "dB"),
    ("mV", "mV"),
    ("℃", "Cel"),
    ("°", "deg"),
    ("歳", "a"),
    ("年", "a"),
    ("か月", "mo"),
    ("週", "wk"),
    ("日", "d"),
    ("時間", "h"),
    ("分", "min"),
];

/// The extension that gives a number its unit.
pub(super) fn extension(unit: &str) -> Value {
    let ucum = UCUM.iter().find(|(ours, _)| *ours == unit);
    let coding = match ucum {
        Some((_, code)) => json!({
            "system": "http://unitsofmeasure.org",
            "code": code,
            "display": unit,
        }),
        None => json!({ "display": unit }),
    };
    json!({
        "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unit",
        "valueCoding": coding,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_stands_once_in_the_table() {
        for (at, (unit, _)) in UCUM.iter().enumerate() {
            assert!(
                UCUM.iter().skip(at + 1).all(|(other, _)| other != unit),
                "{unit}"
            );
        }
    }

    #[test]
    fn what_ucum_does_not_have_is_a_text() {
        assert_eq!(
            extension("関節")["valueCoding"],
            json!({ "display": "関節" })
        );
        assert_eq!(extension("µg/mL")["valueCoding"]["code"], "ug/mL");
    }
}
