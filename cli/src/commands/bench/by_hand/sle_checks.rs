//! 049 全身性エリテマトーデス by hand: what is missing, what should not be there, and the checks
//! across items, with those of the shared modules.

use super::errors::{Error, Level};
use super::sle::{Item, Presence, Sle, Verdict};
use super::values::{Days, No, Tri, Unknown, Value, Yes, before, most_years, past};

/// What a check depends on besides the answers.
#[derive(Clone, Copy)]
pub struct Context {
    /// The day of judgement.
    pub today: Days,
    pub renewal: bool,
}

/// Adds what the rules of the form find. `unread` are the items whose element has an error of its
/// own: what could not be read is not missing as well.
pub fn check(
    sle: &Sle,
    verdict: Verdict,
    context: Context,
    unread: &[Item],
    errors: &mut Vec<Error>,
) {
    let mut rules = Rules { unread, errors };
    sle.presence(Tri::from(context.renewal), &mut rules);
    rules.patient(sle, context);
    rules.basics(sle, context);
    rules.ventilator(sle, context);
    rules.physician(sle, context);
    rules.dates(sle);
    rules.disease(sle, verdict, context);
}

struct Rules<'a> {
    unread: &'a [Item],
    errors: &'a mut Vec<Error>,
}

impl Presence for Rules<'_> {
    #[cold]
    fn missing(&mut self, item: Item) {
        if self.unread.contains(&item) {
            return;
        }
        self.errors.push(Error {
            check: format!("required.{}", item.name()).into(),
            message: format!("「{}」が未記入です", item.label()).into(),
            ..at(item, Level::Error, "記入してください")
        });
    }

    #[cold]
    fn hidden(&mut self, item: Item) {
        self.errors.push(Error {
            check: format!("hidden.{}", item.name()).into(),
            message: format!("「{}」は記入しない項目ですが、記入があります", item.label()).into(),
            ..at(
                item,
                Level::Error,
                "記入を消すか、条件となる回答を確かめてください",
            )
        });
    }
}

#[cold]
fn at(item: Item, level: Level, help: &'static str) -> Error {
    Error {
        check: "".into(),
        level,
        path: format!("/record/{}/{}", item.section().name(), item.name()),
        place: None,
        item: item.label(),
        value: None,
        message: "".into(),
        help,
    }
}

impl Rules<'_> {
    fn error(&mut self, violated: bool, check: &'static str, item: Item, message: &'static str) {
        self.found(violated, check, Level::Error, item, message);
    }

    fn warning(&mut self, violated: bool, check: &'static str, item: Item, message: &'static str) {
        self.found(violated, check, Level::Warning, item, message);
    }

    fn found(
        &mut self,
        violated: bool,
        check: &'static str,
        level: Level,
        item: Item,
        message: &'static str,
    ) {
        if violated {
            let found = at(item, level, "記入した値を確かめてください");
            self.errors.push(Error {
                check: check.into(),
                message: message.into(),
                ..found
            });
        }
    }

    fn patient(&mut self, r: &Sle, Context { today, .. }: Context) {
        let future = before(today, r.birth_date);
        self.error(
            future,
            "P001",
            Item::birth_date,
            "生年月日が判定日より後です",
        );
        let century = Days::day(1900, 1, 1);
        let old = before(r.birth_date, century);
        self.warning(old, "P002", Item::birth_date, "生年月日が1900年より前です");
        let early = before(r.insurance_from, r.birth_date);
        self.error(
            early,
            "P003",
            Item::insurance_from,
            "資格取得年月日が生年月日より前です",
        );
    }

    fn basics(&mut self, r: &Sle, Context { today, .. }: Context) {
        let early = before(r.onset, r.birth_date);
        self.error(early, "B001", Item::onset, "発症年月が生年月日より前です");
        let early = before(r.diagnosed_on, r.onset);
        self.error(
            early,
            "B002",
            Item::diagnosed_on,
            "診断年月日が発症年月より前です",
        );
        let early = before(r.diagnosed_on, r.birth_date);
        self.error(
            early,
            "B003",
            Item::diagnosed_on,
            "診断年月日が生年月日より前です",
        );
        let future = before(today, r.onset);
        self.error(future, "B004", Item::onset, "発症年月が判定日より後です");
        let future = before(today, r.diagnosed_on);
        self.error(
            future,
            "B005",
            Item::diagnosed_on,
            "診断年月日が判定日より後です",
        );
        let young = most_years(r.birth_date, today).is_some_and(|age| age < 40);
        let in_care = r.care.is(1).max(r.care.is(2)) == Yes;
        self.warning(
            young && in_care,
            "B006",
            Item::care,
            "40歳未満の方に介護認定があります",
        );
    }

    fn ventilator(&mut self, r: &Sle, Context { today, .. }: Context) {
        let shown = r.vent_use.is(1) == Yes;
        let early = shown && before(r.vent_start, r.birth_date);
        let message = "人工呼吸器の開始時期が生年月日より前です";
        self.error(early, "V001", Item::vent_start, message);
        let future = shown && before(today, r.vent_start);
        let message = "人工呼吸器の開始時期が判定日より後です";
        self.error(future, "V002", Item::vent_start, message);
        let walking = r
            .vent_schedule
            .is(3)
            .min(r.vent_type.is(1))
            .min(r.vent_walking.is(1));
        let message = "一日中施行で気管切開口を介しているのに、歩行が自立となっています";
        self.warning(shown && walking == Yes, "V003", Item::vent_walking, message);
    }

    fn physician(&mut self, r: &Sle, Context { today, renewal }: Context) {
        let future = before(today, r.written_on);
        self.error(
            future,
            "D001",
            Item::written_on,
            "記載年月日が判定日より後です",
        );
        let old = past(r.written_on, 6, today);
        self.warning(
            old,
            "D002",
            Item::written_on,
            "記載年月日から6か月を超えています",
        );
        let cooperating = !renewal && r.physician_kind.is(2) == Yes;
        let message = "協力難病指定医は新規の臨床調査個人票を作成できません";
        self.error(cooperating, "D003", Item::physician_kind, message);
    }

    fn dates(&mut self, r: &Sle) {
        let early = before(r.written_on, r.birth_date);
        self.error(
            early,
            "D010",
            Item::written_on,
            "記載年月日が生年月日より前です",
        );
        let early = before(r.written_on, r.onset);
        self.error(
            early,
            "D011",
            Item::written_on,
            "記載年月日が発症年月より前です",
        );
        let early = before(r.written_on, r.diagnosed_on);
        self.error(
            early,
            "D012",
            Item::written_on,
            "記載年月日が診断年月日より前です",
        );
        let late = before(r.written_on, r.severity_on);
        self.error(
            late,
            "D013",
            Item::severity_on,
            "重症度判定日が記載年月日より後です",
        );
        let early = before(r.severity_on, r.onset);
        self.error(
            early,
            "D014",
            Item::severity_on,
            "重症度判定日が発症年月より前です",
        );
        let old = past(r.severity_on, 6, r.written_on);
        let message = "重症度判定日から記載年月日まで6か月を超えています";
        self.warning(old, "D015", Item::severity_on, message);
    }

    fn disease(&mut self, r: &Sle, verdict: Verdict, Context { today, renewal }: Context) {
        let many = r.sledai_leukopenia.is(1).min(r.sledai_wbc.at_least(3000)) == Yes;
        let message = "白血球数が3,000/mm3以上ですが、SLEDAIの白血球減少が「あり」です";
        self.warning(many, "R001", Item::sledai_leukopenia, message);

        let few = r.sledai_platelets.below(100_000);
        let many = r.sledai_thrombocytopenia.is(1).min(!few) == Yes;
        let message = "血小板数が100,000/mm3以上ですが、SLEDAIの血小板減少が「あり」です";
        self.warning(many, "R002", Item::sledai_thrombocytopenia, message);
        let few = r.sledai_thrombocytopenia.is(2).min(few) == Yes;
        let message = "血小板数が100,000/mm3未満ですが、SLEDAIの血小板減少が「なし」です";
        self.warning(few, "R003", Item::sledai_thrombocytopenia, message);

        let cool = r.sledai_fever.is(1).min(r.sledai_temperature.at_most(380)) == Yes;
        let message = "最高体温が38℃以下ですが、SLEDAIの発熱が「あり」です";
        self.warning(cool, "R004", Item::sledai_fever, message);

        let little = r
            .sledai_proteinuria
            .is(1)
            .min(r.sledai_urine_protein.at_most(50))
            == Yes;
        let message = "尿蛋白が0.5g/24時間以下ですが、SLEDAIの蛋白尿が「あり」です";
        self.warning(little, "R005", Item::sledai_proteinuria, message);
        let few = r.sledai_hematuria.is(1).min(r.sledai_urine_rbc.at_most(5)) == Yes;
        let message = "尿沈渣の赤血球が5/HPF以下ですが、SLEDAIの血尿が「あり」です";
        self.warning(few, "R006", Item::sledai_hematuria, message);
        let few = r.sledai_pyuria.is(1).min(r.sledai_urine_wbc.at_most(5)) == Yes;
        let message = "尿沈渣の白血球が5/HPF以下ですが、SLEDAIの膿尿が「あり」です";
        self.warning(few, "R007", Item::sledai_pyuria, message);

        let more = r.lymphocytes.above(r.wbc) == Yes;
        self.error(
            more,
            "R008",
            Item::lymphocytes,
            "リンパ球数が白血球数を超えています",
        );
        let little = r
            .proteinuria_persistent
            .is(1)
            .min(r.urine_protein.below(50))
            == Yes;
        let message = "0.5g/日以上の蛋白尿の持続が「あり」ですが、尿蛋白量が0.5g/日未満です";
        self.warning(little, "R009", Item::proteinuria_persistent, message);

        let urine = r.urine_protein_test.is(1) == Yes && before(today, r.urine_protein_date);
        let blood = r.blood_test.is(1) == Yes && before(today, r.blood_test_date);
        let message = "検査日が判定日より後です";
        self.error(urine || blood, "R010", Item::urine_protein_date, message);

        let below = verdict.severity == No && r.diagnosed_on.is_answered();
        let message = "重症度が対象外ですが、診断年月日が記入されています";
        self.warning(!renewal && below, "R011", Item::diagnosed_on, message);

        let more = r
            .steroid
            .is(1)
            .min(r.steroid_dose.above(r.steroid_max_dose))
            == Yes;
        let message = "プレドニゾロン換算量の現在の量が最大の量を超えています";
        self.warning(more, "R012", Item::steroid_dose, message);

        let differs = match verdict.diagnosis {
            Yes => r.ticked.is(2),
            No => r.ticked.is(1),
            Unknown => Unknown,
        };
        let message = "チェックした診断のカテゴリーが、記入内容による判定と異なります";
        self.warning(!renewal && differs == Yes, "R013", Item::ticked, message);

        let counted =
            r.wbc.is_answered() || r.lymphocytes.is_answered() || r.platelets.is_answered();
        let message = "検査値が記入されていますが、血球数の検査が未実施です";
        self.warning(
            counted && r.blood_test.is(2) == Yes,
            "R014",
            Item::blood_test,
            message,
        );

        let high = r.ana.is(2).min(r.ana_titer.at_least(160)) == Yes;
        let message = "抗核抗体が陰性ですが、抗核抗体価が160倍以上です";
        self.warning(high, "R015", Item::ana, message);

        let early = r.dialysis.is(1) == Yes && before(r.dialysis_start, r.onset);
        let message = "透析導入年月が発症年月より前です";
        self.warning(early, "R016", Item::dialysis_start, message);

        let seizure = r.sledai_seizure.is(1).min(r.seizure.is(2));
        let psychosis = r.sledai_psychosis.is(1).min(r.psychosis.is(2));
        let message =
            "SLEDAIの痙攣又は精神症状が「あり」ですが、診断基準の神経学的病変が「なし」です";
        self.warning(
            seizure.max(psychosis) == Yes,
            "R017",
            Item::seizure,
            message,
        );

        let small = r.platelets.below(100).max(r.wbc.below(50)) == Yes;
        let message =
            "血小板数などの値が小さすぎます。単位が万/mm3になっていないか確かめてください";
        self.warning(small, "R018", Item::platelets, message);

        let met = verdict.diagnosis == Yes && verdict.severity == Yes;
        let message = "診断基準と重症度分類を満たしますが、診断年月日が未記入です";
        self.warning(
            !renewal && met && !r.diagnosed_on.is_answered(),
            "R020",
            Item::diagnosed_on,
            message,
        );
    }
}
