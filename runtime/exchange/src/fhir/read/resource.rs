//! The parts of the resources that are read. Everything else in them is passed over.

use crate::finding::shortened;
use kohyo_engine::program::FieldType;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// What a resource is.
pub(super) enum Kind {
    Response,
    Bundle,
    Other(String),
}

/// What a resource says it is; nothing if it does not say.
pub(super) fn kind_of(json: &str) -> Option<Kind> {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(rename = "resourceType", borrow)]
        resource_type: Cow<'a, str>,
    }
    let head: Head<'_> = serde_json::from_str(json).ok()?;
    Some(match &*head.resource_type {
        super::RESOURCE => Kind::Response,
        "Bundle" => Kind::Bundle,
        other => Kind::Other(other.to_owned()),
    })
}

/// Several resources.
#[derive(Deserialize)]
pub(super) struct Bundle<'a> {
    #[serde(default, borrow)]
    entry: Vec<BundleEntry<'a>>,
}

#[derive(Deserialize)]
struct BundleEntry<'a> {
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
}

impl<'a> Bundle<'a> {
    pub(super) fn resources(&self) -> impl Iterator<Item = &'a str> {
        self.entry
            .iter()
            .filter_map(|entry| entry.resource)
            .map(RawValue::get)
    }
}

/// A QuestionnaireResponse.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response<'a> {
    #[serde(borrow)]
    pub(super) questionnaire: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) status: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) authored: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) modifier_extension: Option<&'a RawValue>,
    #[serde(default, borrow)]
    pub(super) item: Vec<GivenItem<'a>>,
}

/// An item of a response.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GivenItem<'a> {
    #[serde(borrow)]
    pub(super) link_id: Option<Link<'a>>,
    #[serde(borrow)]
    pub(super) modifier_extension: Option<&'a RawValue>,
    #[serde(default, borrow)]
    pub(super) answer: Vec<GivenAnswer<'a>>,
    #[serde(default, borrow)]
    pub(super) item: Vec<GivenItem<'a>>,
}

/// A `linkId`.
pub(super) struct Link<'a> {
    pub(super) text: String,
    /// As it stands in the file.
    pub(super) written: &'a str,
}

impl<'de: 'a, 'a> Deserialize<'de> for Link<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = <&'a RawValue>::deserialize(deserializer)?.get();
        let text = serde_json::from_str(written).map_err(D::Error::custom)?;
        Ok(Self { text, written })
    }
}

/// An answer: one value, and perhaps items below it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GivenAnswer<'a> {
    #[serde(borrow)]
    value_integer: Option<&'a RawValue>,
    #[serde(borrow)]
    value_decimal: Option<&'a RawValue>,
    value_quantity: Option<Quantity<'a>>,
    #[serde(borrow)]
    value_date: Option<Cow<'a, str>>,
    #[serde(borrow)]
    value_string: Option<Cow<'a, str>>,
    value_coding: Option<Coding<'a>>,
    #[serde(borrow)]
    value_boolean: Option<&'a RawValue>,
    #[serde(borrow)]
    value_date_time: Option<&'a RawValue>,
    #[serde(borrow)]
    value_time: Option<&'a RawValue>,
    #[serde(borrow)]
    value_uri: Option<&'a RawValue>,
    #[serde(borrow)]
    value_attachment: Option<&'a RawValue>,
    #[serde(borrow)]
    value_reference: Option<&'a RawValue>,
    #[serde(default, borrow)]
    pub(super) item: Vec<GivenItem<'a>>,
}

#[derive(Deserialize)]
struct Quantity<'a> {
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    comparator: Option<Cow<'a, str>>,
    #[serde(borrow)]
    unit: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Coding<'a> {
    #[serde(borrow)]
    system: Option<Cow<'a, str>>,
    #[serde(borrow)]
    code: Option<Cow<'a, str>>,
}

/// Why an answer is refused: the check, the value, and what to do.
pub(super) type Refused = (&'static str, String, String);

impl<'a> GivenAnswer<'a> {
    /// Whether there is no value at all.
    pub(super) fn is_empty(&self) -> bool {
        self.value_integer.is_none()
            && self.value_decimal.is_none()
            && self.value_quantity.is_none()
            && self.value_date.is_none()
            && self.value_string.is_none()
            && self.value_coding.is_none()
            && self.other().is_none()
    }

    /// A value of a kind that no question of a form has.
    fn other(&self) -> Option<&'a RawValue> {
        self.value_boolean
            .or(self.value_date_time)
            .or(self.value_time)
            .or(self.value_uri)
            .or(self.value_attachment)
            .or(self.value_reference)
    }

    /// The value as it is written on every wire, if its code system and its unit are those of the
    /// question.
    pub(super) fn checked(&self, ty: &FieldType, system: &str) -> Result<Cow<'_, str>, Refused> {
        if let Some(Coding {
            system: Some(given),
            code,
        }) = &self.value_coding
            && given != system
            && is_choice(ty)
        {
            let code = code.as_deref().unwrap_or_default();
            return Err((
                "fhir.system",
                format!("{given}|{code}"),
                format!("system に {system} を書いてください"),
            ));
        }
        if let (Some(quantity), FieldType::Number { unit, .. }) = (&self.value_quantity, ty) {
            if let Some(comparator) = &quantity.comparator {
                return Err((
                    "fhir.value",
                    comparator.clone().into_owned(),
                    "「以上」「未満」などの付いた値は読めません。値そのものを書いてください"
                        .to_owned(),
                ));
            }
            if let Some(given) = &quantity.unit
                && unit.as_deref() != Some(given)
            {
                let help = match unit {
                    Some(unit) => format!("「{unit}」に換算して書いてください"),
                    None => "この項目に単位は付きません".to_owned(),
                };
                return Err(("fhir.unit", given.clone().into_owned(), help));
            }
        }
        self.text(ty)
    }

    /// The value as it is written on every wire.
    pub(super) fn text(&self, ty: &FieldType) -> Result<Cow<'_, str>, Refused> {
        if let Some(text) = &self.value_string {
            return Ok(Cow::Borrowed(text));
        }
        let wanted = match ty {
            FieldType::Choice { .. } | FieldType::Choices { .. } => {
                if let Some(code) = self.value_coding.as_ref().and_then(|c| c.code.as_deref()) {
                    return Ok(Cow::Borrowed(code));
                }
                "valueCoding（code）"
            }
            FieldType::Number { .. } => {
                let of_quantity = self.value_quantity.as_ref().and_then(|q| q.value);
                let number = self.value_integer.or(self.value_decimal).or(of_quantity);
                let number = number.map(RawValue::get);
                if let Some(number) =
                    number.filter(|text| !text.starts_with(['"', '[', '{', 't', 'f']))
                {
                    return Ok(Cow::Borrowed(number));
                }
                "valueInteger か valueDecimal（JSONの数）"
            }
            FieldType::Date { .. } => {
                if let Some(date) = &self.value_date {
                    return Ok(Cow::Borrowed(date));
                }
                "valueDate"
            }
            _ => "valueString",
        };
        let value = self.shown();
        Err(("fhir.value", value, format!("{wanted}で書いてください")))
    }

    /// The value for a message.
    fn shown(&self) -> String {
        let raw = self
            .value_integer
            .or(self.value_decimal)
            .or(self.other())
            .map(RawValue::get);
        let coding = || self.value_coding.as_ref().and_then(|c| c.code.as_deref());
        let text = raw.or(self.value_date.as_deref()).or_else(coding);
        shortened(text.unwrap_or_default())
    }
}

fn is_choice(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Choice { .. } | FieldType::Choices { .. })
}
