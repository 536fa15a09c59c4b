//! The records of a kit in another format: as many as say the same there.
//!
//! The kit is made as XML. A record that is peculiar by its values alone can be written as CSV or
//! FHIR, too; what is then found in it is asked of the checker of records, and a record of which it
//! says anything else than of the XML is left out with the reason. So an expectation is the same in
//! every format. Records for the checks of the format itself are added ([`spoilt`]).

use super::{Expected, ExpectedFinding, Kit, LeftOut, Record, Values, schema, spoilt};
use crate::emit::check_spec;
use kohyo_engine::Program;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How the records of a kit are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Record XML.
    #[default]
    Xml,
    /// CSV, a record in each file.
    Csv,
    /// QuestionnaireResponse, a record in each file.
    Fhir,
}

impl Format {
    /// Its name: `csv`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Csv => "csv",
            Self::Fhir => "fhir",
        }
    }

    /// For people: `CSV`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Xml => "XML",
            Self::Csv => "CSV",
            Self::Fhir => "FHIR",
        }
    }

    /// Whether it is XML, of which indices and reports need not speak.
    pub fn is_xml(&self) -> bool {
        *self == Self::Xml
    }

    /// How the names of its files end.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Csv => "csv",
            Self::Fhir => "json",
        }
    }
}

/// What writes and checks records in a format. The compiler itself does neither.
pub trait Exchange {
    /// The document of a record; nothing if its values cannot be written.
    fn written(&self, values: &Values) -> Option<Vec<u8>>;

    /// What the checker of records says of a document.
    fn said(&self, document: &[u8]) -> Expected;
}

impl Kit {
    /// The kit in another format than XML; `program` is that of its form.
    #[must_use]
    pub fn rewritten(self, format: Format, program: &Program, exchange: &dyn Exchange) -> Self {
        let mut kit = Self {
            format,
            records: Vec::new(),
            ..self
        };
        for record in self.records {
            match rewritten(&record, format, exchange) {
                Ok((document, file)) => kit.records.push(Record {
                    file,
                    document,
                    ..record
                }),
                Err(reason) => kit.left_out.push(LeftOut {
                    file: record.file,
                    reason,
                }),
            }
        }
        // A deck has no gaps: it promises nothing of any check.
        if kit.seed.is_none() {
            spoilt::add(&mut kit, program, exchange);
            kit.gaps.retain(|gap| !schema::is_of_a_format(&gap.check));
            kit.account_for_format(program);
        }
        kit
    }

    /// Every check that no record of this format fails has a reason.
    fn account_for_format(&mut self, program: &Program) {
        let records = self.records.iter();
        let findings = records.flat_map(|record| &record.expected.findings);
        let found: BTreeSet<String> = findings.map(|finding| finding.check.clone()).collect();
        let mut known: BTreeSet<String> = self.gaps.iter().map(|gap| gap.check.clone()).collect();
        for row in check_spec::rows(program) {
            if found.contains(&row.id) || !known.insert(row.id.clone()) {
                continue;
            }
            let reason = schema::outside(&row, self.format)
                .or_else(|| schema::not_reached(&row.id))
                .map_or_else(
                    || {
                        format!(
                            "XMLのキットの不適合の記録を、{}では同じ指摘になるように書けません",
                            self.format.label()
                        )
                    },
                    str::to_owned,
                );
            self.gaps.push(super::Gap {
                check: row.id,
                reason,
            });
        }
    }
}

/// The document of a record and the name of its file; the reason if it cannot be written.
fn rewritten(
    record: &Record,
    format: Format,
    exchange: &dyn Exchange,
) -> Result<(Vec<u8>, String), String> {
    let label = format.label();
    let Some(values) = &record.values else {
        return Err(format!(
            "XMLの書き方についての記録のため、{label}では書けません"
        ));
    };
    let Some(document) = exchange.written(values) else {
        return Err(format!("{label}では書けない値があります"));
    };
    let says = exchange.said(&document);
    let (wanted, found) = (sorted(&record.expected), sorted(&says));
    if wanted != found {
        return Err(format!(
            "{label}では指摘が変わります（XML: {}、{label}: {}）",
            told(&wanted),
            told(&found)
        ));
    }
    if record.expected.verdict != says.verdict {
        return Err(format!("{label}では判定が変わります"));
    }
    let stem = record.file.trim_end_matches(".xml");
    Ok((document, format!("{stem}.{}", format.extension())))
}

fn sorted(expected: &Expected) -> Vec<&ExpectedFinding> {
    let mut findings: Vec<&ExpectedFinding> = expected.findings.iter().collect();
    findings.sort();
    findings
}

/// The checks, for people.
fn told(findings: &[&ExpectedFinding]) -> String {
    let checks: BTreeSet<&str> = findings.iter().map(|f| f.check.as_str()).collect();
    let checks: Vec<&str> = checks.into_iter().collect();
    match checks.as_slice() {
        [] => "なし".to_owned(),
        checks => checks.join("、"),
    }
}
