//! The two-dimensional code at the foot of each page: form, edition and page.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// `SHITEI-006/2020/1` as a picture. Capitals and digits alone make a small code.
pub(crate) fn page(form: &str, page: u32) -> Option<String> {
    let text = format!("{}/{page}", form.to_uppercase());
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let picture = code
        .render::<svg::Color<'_>>()
        .min_dimensions(100, 100)
        .quiet_zone(true)
        .build();
    Some(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stays_small_and_differs_from_page_to_page() {
        // Capitals, digits, `-` and `/` alone: 11 bits for two characters.
        let code = QrCode::with_error_correction_level("SHITEI-006/2020/1", EcLevel::M).unwrap();
        assert_eq!(code.version(), qrcode::Version::Normal(1));
        let longest = QrCode::with_error_correction_level("SHITEI-019-B02/2020/12", EcLevel::M);
        assert_eq!(longest.unwrap().version(), qrcode::Version::Normal(2));
        assert_ne!(page("shitei-006/2020", 1), page("shitei-006/2020", 2));
    }
}
