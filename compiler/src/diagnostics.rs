//! Everything the compiler reports: each kind of finding is declared once, in a file of its own.
//!
//! | codes | about |
//! |---|---|
//! | E00xx | the syntax (`kohyo-dsl`, `dsl/src/codes.rs`) |
//! | E02xx | files and names |
//! | E03xx | types and units |
//! | E04xx | structure of the form |
//! | E05xx, E062x–E064x | rules |
//! | E060x–E061x | fields |
//! | E065x–E066x | editions |
//! | E07xx | proofs, cases, limits |
//!
//! **To add a finding**, copy `diagnostics/e0305_unit_missing.rs` to `diagnostics/eNNNN_name.rs`
//! and write: what is found (first line), its `DECLARATION` (code, severity, Japanese title and
//! explanation, an example in which exactly this is found, the mended example in which nothing is
//! found) and the function that makes it, which begins with `DECLARATION.found(…)`.
//! Then add its two lines here: `mod` and the entry of `declared!`, under the pass that finds it.
//! The tests at the end run the examples; `kohyo explain` prints them.
//! A code is never used again for something else. Withdrawn: E0402.

mod words;
pub(crate) use words::Compared;

mod e0201_missing_file;
mod e0202_unknown_module;
mod e0203_module_cycle;
mod e0204_unknown_name;
mod e0205_unknown_alias;
mod e0206_ambiguous_name;
mod e0207_private_name;
mod e0208_long_path;
mod e0209_duplicate_name;
mod e0210_duplicate_wire_name;
mod e0211_field_name;
mod e0212_section_name;
mod e0213_duplicate_check;
mod e0214_duplicate_code;
mod e0215_unknown_option;
mod e0301_not_a_type;
mod e0302_decimal_digits;
mod e0303_bad_range;
mod e0304_long_number;
mod e0305_unit_missing;
mod e0306_unit_mismatch;
mod e0307_value_type;
mod e0308_condition_expected;
mod e0309_number_expected;
mod e0310_date_expected;
mod e0311_field_is_no_condition;
mod e0312_judgement_is_no_condition;
mod e0313_rule_is_no_condition;
mod e0314_rule_is_no_number;
mod e0315_field_is_no_number;
mod e0316_code_without_points;
mod e0317_not_a_value;
mod e0318_not_a_field;
mod e0319_not_a_rule;
mod e0320_is_needs_name;
mod e0321_is_needs_choice;
mod e0322_is_on_rule;
mod e0323_includes_needs_choices;
mod e0324_unknown_function;
mod e0325_wrong_arity;
mod e0326_threshold_outside;
mod e0327_empty_range;
mod e0328_threshold_between;
mod e0329_value_beyond_type;
mod e0330_compared_code;
mod e0331_other_codes;
mod e0332_whole_period;
mod e0334_calendar;
mod e0335_same_month;
mod e0401_only_unknown_codes;
mod e0403_no_edition;
mod e0404_no_source;
mod e0405_no_judgement;
mod e0406_bad_number;
mod e0407_too_many;
mod e0408_not_in_catalogue;
mod e0409_other_name;
mod e0410_withdrawn_id;
mod e0411_programme_name;
mod e0412_not_one_judgement;
mod e0413_programme_renewal;
mod e0501_rule_cycle;
mod e0502_hidden_read;
mod e0503_answered_in_rule;
mod e0504_judgement_not_readable;
mod e0505_no_otherwise;
mod e0506_no_eligible;
mod e0507_no_last_arm;
mod e0508_grade_rule;
mod e0509_outcome_expected;
mod e0510_count_too_large;
mod e0511_empty_block;
mod e0512_shown_else_yes_no;
mod e0513_shown_else_number;
mod e0514_no_birth_date;
mod e0515_differs_needs;
mod e0516_differs_code;
mod e0517_constant_joined;
mod e0600_row_range;
mod e0601_sides;
mod e0602_not_in_repeat;
mod e0603_inner_name;
mod e0604_not_repeated;
mod e0605_repeat_is_no_value;
mod e0606_largest_of_no_rows;
mod e0607_no_sides;
mod e0608_better_unsaid;
mod e0609_better_misplaced;
mod e0610_conversion;
mod e0611_conversion_field;
mod e0612_conversion_twice;
mod e0613_default_type;
mod e0614_unmarked_unknown;
mod e0615_points_of_several;
mod e0621_band_gap;
mod e0622_band_overlap;
mod e0623_period_order;
mod e0624_threshold_expires;
mod e0625_bad_shift;
mod e0626_duplicate_category;
mod e0627_empty_subtype;
mod e0628_negative_weight;
mod e0629_not_excepted;
mod e0630_counted_twice;
mod e0631_counted_not;
mod e0632_late_threshold;
mod e0633_mixed_days;
mod e0640_script;
mod e0641_function_head;
mod e0642_function_digits;
mod e0643_whole_argument;
mod e0644_other_type;
mod e0645_unknown_disease;
mod e0646_unknown_judgement;
mod e0650_no_such_edition;
mod e0651_without_destination;
mod e0652_without_origin;
mod e0653_fits_never;
mod e0654_fits_sometimes;
mod e0655_homeless_codes;
mod e0656_unknown_becomes_known;
mod e0657_said_twice;
mod e0658_unknown_migrated_field;
mod e0659_unknown_mapped_code;
mod e0660_older_has_errors;
mod e0661_no_way;
mod e0662_same_edition;
mod e0663_not_migrated;
mod e0664_not_newest;
mod e0665_edition_in_module;
mod e0666_used_disease;
mod e0667_not_older;
mod e0668_migrated_twice;
mod e0701_gap;
mod e0702_two_answers;
mod e0703_categories_overlap;
mod e0704_category_never;
mod e0705_category_covered;
mod e0706_otherwise_unreachable;
mod e0707_judgement_open;
mod e0708_arm_never;
mod e0709_arm_covered;
mod e0710_criterion_never;
mod e0711_criterion_always;
mod e0712_check_never;
mod e0713_check_always;
mod e0714_no_record;
mod e0715_no_eligible_record;
mod e0716_no_answer;
mod e0717_required_never_shown;
mod e0718_never_shown;
mod e0719_never_required;
mod e0720_influences_nothing;
mod e0721_threshold_beyond;
mod e0722_no_such_exception;
mod e0723_boundary_twice;
mod e0724_never_hidden;
mod e0725_between_arms;
mod e0760_beyond_engine;
mod e0761_uses_too_deep;

use crate::Files;
use kohyo_dsl::{Declaration, Diagnostic, Example};

/// Makes the constructors visible and lists the declarations by the pass that finds them.
macro_rules! declared {
    ($($pass:ident { $($file:ident;)* })*) => {
        $($(pub(crate) use $file::*;)*)*
        const ALL: &[Declared] = &[$($(Declared {
            declaration: $file::DECLARATION,
            pass: Pass::$pass,
        }),*),*];
    };
}

declared! {
    Compile {
        e0201_missing_file;
        e0202_unknown_module;
        e0203_module_cycle;
        e0204_unknown_name;
        e0205_unknown_alias;
        e0206_ambiguous_name;
        e0207_private_name;
        e0208_long_path;
        e0209_duplicate_name;
        e0210_duplicate_wire_name;
        e0211_field_name;
        e0212_section_name;
        e0213_duplicate_check;
        e0214_duplicate_code;
        e0215_unknown_option;
        e0301_not_a_type;
        e0302_decimal_digits;
        e0303_bad_range;
        e0304_long_number;
        e0305_unit_missing;
        e0306_unit_mismatch;
        e0307_value_type;
        e0308_condition_expected;
        e0309_number_expected;
        e0310_date_expected;
        e0311_field_is_no_condition;
        e0312_judgement_is_no_condition;
        e0313_rule_is_no_condition;
        e0314_rule_is_no_number;
        e0315_field_is_no_number;
        e0316_code_without_points;
        e0317_not_a_value;
        e0318_not_a_field;
        e0319_not_a_rule;
        e0320_is_needs_name;
        e0321_is_needs_choice;
        e0322_is_on_rule;
        e0323_includes_needs_choices;
        e0324_unknown_function;
        e0325_wrong_arity;
        e0326_threshold_outside;
        e0327_empty_range;
        e0328_threshold_between;
        e0329_value_beyond_type;
        e0330_compared_code;
        e0331_other_codes;
        e0332_whole_period;
        e0334_calendar;
        e0335_same_month;
        e0401_only_unknown_codes;
        e0403_no_edition;
        e0404_no_source;
        e0405_no_judgement;
        e0406_bad_number;
        e0407_too_many;
        e0411_programme_name;
        e0412_not_one_judgement;
        e0413_programme_renewal;
        e0501_rule_cycle;
        e0502_hidden_read;
        e0503_answered_in_rule;
        e0504_judgement_not_readable;
        e0505_no_otherwise;
        e0506_no_eligible;
        e0507_no_last_arm;
        e0508_grade_rule;
        e0509_outcome_expected;
        e0510_count_too_large;
        e0511_empty_block;
        e0512_shown_else_yes_no;
        e0513_shown_else_number;
        e0514_no_birth_date;
        e0515_differs_needs;
        e0516_differs_code;
        e0517_constant_joined;
        e0600_row_range;
        e0601_sides;
        e0602_not_in_repeat;
        e0603_inner_name;
        e0604_not_repeated;
        e0605_repeat_is_no_value;
        e0606_largest_of_no_rows;
        e0607_no_sides;
        e0608_better_unsaid;
        e0609_better_misplaced;
        e0610_conversion;
        e0611_conversion_field;
        e0612_conversion_twice;
        e0613_default_type;
        e0614_unmarked_unknown;
        e0615_points_of_several;
        e0621_band_gap;
        e0622_band_overlap;
        e0623_period_order;
        e0624_threshold_expires;
        e0625_bad_shift;
        e0626_duplicate_category;
        e0627_empty_subtype;
        e0628_negative_weight;
        e0629_not_excepted;
        e0630_counted_twice;
        e0631_counted_not;
        e0632_late_threshold;
        e0633_mixed_days;
        e0640_script;
        e0641_function_head;
        e0642_function_digits;
        e0643_whole_argument;
        e0644_other_type;
        e0645_unknown_disease;
        e0646_unknown_judgement;
        e0650_no_such_edition;
        e0651_without_destination;
        e0652_without_origin;
        e0653_fits_never;
        e0654_fits_sometimes;
        e0655_homeless_codes;
        e0656_unknown_becomes_known;
        e0657_said_twice;
        e0658_unknown_migrated_field;
        e0659_unknown_mapped_code;
        e0660_older_has_errors;
        e0661_no_way;
        e0662_same_edition;
        e0663_not_migrated;
        e0664_not_newest;
        e0665_edition_in_module;
        e0666_used_disease;
        e0667_not_older;
        e0668_migrated_twice;
        e0760_beyond_engine;
        e0761_uses_too_deep;
    }
    Catalogue {
        e0408_not_in_catalogue;
        e0409_other_name;
    }
    Withdrawn {
        e0410_withdrawn_id;
    }
    Prove {
        e0701_gap;
        e0702_two_answers;
        e0703_categories_overlap;
        e0704_category_never;
        e0705_category_covered;
        e0706_otherwise_unreachable;
        e0707_judgement_open;
        e0708_arm_never;
        e0709_arm_covered;
        e0710_criterion_never;
        e0711_criterion_always;
        e0712_check_never;
        e0713_check_always;
        e0714_no_record;
        e0715_no_eligible_record;
        e0716_no_answer;
        e0717_required_never_shown;
        e0718_never_shown;
        e0719_never_required;
        e0721_threshold_beyond;
        e0722_no_such_exception;
        e0723_boundary_twice;
        e0724_never_hidden;
        e0725_between_arms;
    }
    Unused {
        e0720_influences_nothing;
    }
}

/// A kind of finding and the pass that finds it.
#[derive(Clone, Copy)]
struct Declared {
    declaration: Declaration,
    pass: Pass,
}

/// The part of the compiler that finds something.
#[derive(Clone, Copy)]
enum Pass {
    /// [`crate::compile`].
    Compile,
    /// [`crate::catalogue::check`].
    Catalogue,
    /// [`crate::withdrawn::check`].
    Withdrawn,
    /// [`crate::prove`].
    Prove,
    /// [`crate::prove`], for information.
    Unused,
}

/// Everything that can be found in a definition, by code: what the syntax reports and what the
/// compiler reports.
pub fn declarations() -> impl Iterator<Item = &'static Declaration> {
    all().map(|(declaration, _)| declaration)
}

/// The declaration of `code`, in capital or small letters; nothing if no finding has it.
pub fn declared(code: &str) -> Option<&'static Declaration> {
    declarations().find(|d| d.code.eq_ignore_ascii_case(code))
}

/// What the pass that finds `code` finds in `example`.
pub(crate) fn findings(code: &str, example: &Example) -> Vec<Diagnostic> {
    let Some((_, pass)) = all().find(|(d, _)| d.code == code) else {
        return Vec::new();
    };
    let mut files = Files::new();
    for (path, text) in example.files() {
        files.insert(path, text);
    }
    match pass {
        Pass::Compile => crate::compile(&files, example.main()).diagnostics,
        Pass::Catalogue => {
            crate::catalogue::check(&files, &mut crate::SyntaxCache::default()).unwrap_or_default()
        }
        Pass::Withdrawn => {
            let compiled = [crate::compile(&files, example.main())];
            crate::withdrawn::check(&files, &compiled).unwrap_or_default()
        }
        Pass::Prove => crate::prove(&crate::compile(&files, example.main())).findings,
        Pass::Unused => {
            let notes = crate::prove(&crate::compile(&files, example.main())).notes;
            let more = |d: &Diagnostic| d.message.contains("「追加」の");
            notes.into_iter().filter(more).collect()
        }
    }
}

fn all() -> impl Iterator<Item = (&'static Declaration, Pass)> {
    let syntax = kohyo_dsl::declarations().iter();
    let own = ALL.iter().map(|d| (&d.declaration, d.pass));
    syntax.map(|d| (d, Pass::Compile)).chain(own)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_declared_once() {
        let mut codes = BTreeSet::new();
        for declared in declarations() {
            assert!(
                codes.insert(declared.code),
                "{} is declared twice",
                declared.code
            );
        }
    }

    #[test]
    fn every_wrong_example_reports_its_code_and_every_right_one_nothing() {
        let mut mistakes = Vec::new();
        for declared in declarations() {
            let wrong = findings(declared.code, &declared.wrong);
            let codes: BTreeSet<_> = wrong.iter().map(|d| d.code).collect();
            let expected = codes == BTreeSet::from([declared.code])
                || (declared.code == "E0099" && codes.contains("E0099"));
            let right = findings(declared.code, &declared.right);
            if !expected || !right.is_empty() {
                mistakes.push(format!("{}: {codes:?} {right:#?}", declared.code));
            }
            let severe = wrong.iter().find(|d| d.code == declared.code);
            assert!(
                severe.is_none_or(|d| d.severity == declared.severity),
                "{}",
                declared.code
            );
        }
        assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    }

    /// A finding that is made without its declaration would have no explanation.
    #[test]
    fn no_code_is_used_undeclared() {
        let declared: BTreeSet<_> = declarations().map(|d| d.code).collect();
        let mut undeclared = Vec::new();
        let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                let codes = text.split('"').filter(|s| is_code(s));
                let unknown = codes.filter(|code| !declared.contains(code));
                undeclared.extend(unknown.map(|code| format!("{code} in {}", path.display())));
            }
        }
        assert!(undeclared.is_empty(), "{undeclared:#?}");
    }

    fn is_code(text: &str) -> bool {
        text.len() == 5
            && text
                .strip_prefix('E')
                .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
    }
}
