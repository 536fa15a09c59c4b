//! On the wire, what forms share in memory stands in each of them.

use super::CodeTable;
use serde::{Deserialize, Deserializer, Serializer};
use std::sync::Arc;

pub(super) fn serialize<S: Serializer>(
    tables: &[Arc<CodeTable>],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(tables.iter().map(AsRef::as_ref))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Arc<CodeTable>>, D::Error> {
    let tables = Vec::<CodeTable>::deserialize(deserializer)?;
    Ok(tables.into_iter().map(Arc::new).collect())
}
