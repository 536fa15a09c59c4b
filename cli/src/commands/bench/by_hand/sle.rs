//! 049 全身性エリテマトーデス by hand: its items and its judgement.

use super::errors::Fault;
use super::values::{
    Choice, Code, Codes, Day, Days, Digits, Finding, Kana, Month, No, Number, Phone, Prefecture,
    TestFinding, Text, Tri, Unknown, Value, Yes,
};

/// Namespace of its records.
pub const NAMESPACE: &str = "urn:kohyo:form:shitei-049:2020";
/// First day of the edition.
pub const VALID_FROM: Days = Days::day(2017, 4, 1);

items! { Sle, |r, renewal|
    patient {
        recipient_number "受給者番号": Digits<7>, shown if renewal;
        family_name_kana "姓（かな）": Kana<40>, required;
        given_name_kana "名（かな）": Kana<40>, required;
        family_name "姓（漢字）": Text<40, 1>, required;
        given_name "名（漢字）": Text<40, 1>, required;
        name_changed "以前の登録からの氏名の変更": Choice<2>, shown if renewal;
        former_family_name_kana "以前の姓（かな）": Kana<40>,
            shown if renewal.min(r.name_changed.wrote(1)), required;
        former_given_name_kana "以前の名（かな）": Kana<40>,
            shown if renewal.min(r.name_changed.wrote(1)), required;
        former_family_name "以前の姓（漢字）": Text<40, 1>,
            shown if renewal.min(r.name_changed.wrote(1)), required;
        former_given_name "以前の名（漢字）": Text<40, 1>,
            shown if renewal.min(r.name_changed.wrote(1)), required;
        postal_code "郵便番号": Digits<7>, required;
        address "住所": Text<100, 2>, required;
        birth_date "生年月日": Day, required;
        sex "性別": Choice<2>, required;
        insurer_number "保険者番号": Text<8, 1>;
        insured_symbol "被保険者記号": Text<20, 1>;
        insured_number "被保険者番号": Text<20, 1>;
        insured_branch "被保険者番号枝番": Digits<2>;
        insurance_from "資格取得年月日": Day;
    }
    basics {
        birth_prefecture "出生都道府県": Prefecture;
        birth_municipality "出生市区町村": Text<40, 1>;
        birth_name_changed "出生時氏名の変更": Choice<2>;
        birth_family_name_kana "出生時の姓（かな）": Kana<40>, shown if r.birth_name_changed.wrote(1), required;
        birth_given_name_kana "出生時の名（かな）": Kana<40>, shown if r.birth_name_changed.wrote(1), required;
        birth_family_name "出生時の姓（漢字）": Text<40, 1>, shown if r.birth_name_changed.wrote(1), required;
        birth_given_name "出生時の名（漢字）": Text<40, 1>, shown if r.birth_name_changed.wrote(1), required;
        family_history "近親者の発症者の有無": Finding, required;
        relatives "発症者続柄": Codes<11>, shown if r.family_history.wrote(1), required;
        relative_other "その他の続柄": Text<40, 1>,
            shown if r.family_history.wrote(1).min(r.other_relative()), required;
        onset "発症年月": Month, required;
        diagnosed_on "診断年月日": Day;
        care "介護認定": Choice<3>, required;
        care_level "要介護度": Number<1, 0, 1, 5>, shown if r.care.wrote(1), required;
        support_level "要支援の程度": Number<1, 0, 1, 2>, shown if r.care.wrote(2), required;
        mobility "移動の程度": Choice<3>, required;
        self_care "身の回りの管理": Choice<3>, required;
        usual_activities "ふだんの活動": Choice<3>, required;
        pain "痛み／不快感": Choice<3>, required;
        anxiety "不安／ふさぎ込み": Choice<3>, required;
    }
    diagnosis {
        malar_rash "顔面紅斑": Finding, required;
        discoid_rash "円板状皮疹": Finding, required;
        photosensitivity "光線過敏症": Finding, required;
        oral_ulcer "口腔内潰瘍（無痛性で口腔あるいは鼻咽腔に出現）": Finding, required;
        arthritis "関節炎（2関節以上で非破壊性）": Finding, required;
        pleuritis "胸膜炎": Finding, required;
        pericarditis "心膜炎": Finding, required;
        urine_protein_test "蛋白尿の検査": Choice<2>, required;
        urine_protein "尿蛋白量（最高値）": Number<4, 2, 0, 9999>, unit "g/日",
            required if r.urine_protein_test.is(1) == Yes;
        urine_protein_date "蛋白尿の検査日": Day, shown if r.urine_protein_test.wrote(1), required;
        proteinuria_persistent "0.5g/日以上の蛋白尿の持続": Finding, required;
        cellular_casts "細胞性円柱": TestFinding, required;
        kidney_biopsy "腎生検": Choice<2>, required;
        renal_class "ループス腎炎の病型": Code<8, 8>, shown if r.kidney_biopsy.wrote(1), required;
        seizure "痙攣発作": Finding, required;
        psychosis "精神障害": Finding, required;
        hemolytic_anemia "溶血性貧血": TestFinding, required;
        blood_test "血球数の検査": Choice<2>, required;
        wbc "白血球数（最低値）": Number<6, 0, 0, 999_999>, unit "/mm3",
            required if r.blood_test.is(1) == Yes;
        lymphocytes "リンパ球数（最低値）": Number<6, 0, 0, 999_999>, unit "/mm3",
            required if r.blood_test.is(1) == Yes;
        platelets "血小板数（最低値）": Number<7, 0, 0, 9_999_999>, unit "/mm3",
            required if r.blood_test.is(1) == Yes;
        blood_test_date "血球数の検査日": Day, shown if r.blood_test.wrote(1), required;
        anti_dsdna "抗2本鎖DNA抗体": Finding, required;
        anti_dsdna_titer "抗2本鎖DNA抗体価": Number<6, 1, 0, 999_999>, unit "IU/mL",
            shown if r.anti_dsdna.is_done();
        anti_sm "抗Sm抗体": Finding, required;
        anticardiolipin "抗カルジオリピン抗体": Finding, required;
        lupus_anticoagulant "ループスアンチコアグラント": Finding, required;
        false_positive_syphilis "梅毒反応偽陽性": Finding, required;
        ana "抗核抗体": Finding, required;
        ana_titer "抗核抗体価": Number<5, 0, 0, 99_999>, unit "倍", shown if r.ana.is_done();
        ana_pattern "染色型": Codes<6>, shown if r.ana.wrote(1);
        ticked "診断のカテゴリー": Choice<2>, shown if !renewal, required;
    }
    summary {
        summary_text "症状の概要、経過、特記すべき事項など": Text<250, 7>;
    }
    course {
        initial_symptoms "初発症状": Codes<9>, required;
        progress "経過": Choice<6>, required;
        relapse "再燃（直近1年間）": Finding, required;
        lupus_nephritis "ループス腎炎": Finding, required;
        cns_lupus "中枢神経ループス": Finding, required;
        antiphospholipid_syndrome "抗リン脂質抗体症候群": Finding, required;
        interstitial_pneumonia "間質性肺炎": Finding, required;
        alveolar_hemorrhage "肺胞出血": Finding, required;
        pulmonary_hypertension "肺高血圧症": Finding, required;
        sjogren "シェーグレン症候群": Finding, required;
    }
    treatment {
        nsaid "非ステロイド系消炎鎮痛剤": Finding, required;
        steroid "副腎皮質ステロイド剤": Finding, required;
        steroid_dose "プレドニゾロン換算量（現在）": Number<4, 1, 0, 2000>, unit "mg/日",
            shown if r.steroid.wrote(1), required;
        steroid_max_dose "プレドニゾロン換算量（最大）": Number<4, 1, 0, 2000>, unit "mg/日",
            shown if r.steroid.wrote(1);
        steroid_pulse "ステロイドパルス療法": Finding, required;
        immunosuppressant "免疫抑制剤": Finding, required;
        immunosuppressant_name "免疫抑制剤の名称": Text<60, 1>, shown if r.immunosuppressant.wrote(1), required;
        hydroxychloroquine "ヒドロキシクロロキン": Finding, required;
        biologic "生物学的製剤": Finding, required;
        apheresis "血液浄化療法": Finding, required;
        dialysis "血液透析": Choice<2>, required;
        dialysis_start "透析導入年月": Month, shown if r.dialysis.wrote(1), required;
        treatment_effect "治療の効果": Choice<5>, required;
    }
    severity {
        severity_on "重症度判定日": Day, required;
        sledai_seizure "SLEDAI 痙攣": Finding, required;
        sledai_psychosis "SLEDAI 精神症状": Finding, required;
        sledai_organic_brain "SLEDAI 器質的脳障害": Finding, required;
        sledai_visual "SLEDAI 視力障害": Finding, required;
        sledai_cranial_nerve "SLEDAI 脳神経障害": Finding, required;
        sledai_lupus_headache "SLEDAI ループス頭痛": Finding, required;
        sledai_cva "SLEDAI 脳血管障害": Finding, required;
        sledai_vasculitis "SLEDAI 血管炎": Finding, required;
        sledai_arthritis "SLEDAI 関節炎": Finding, required;
        sledai_myositis "SLEDAI 筋炎": Finding, required;
        sledai_urinary_casts "SLEDAI 尿円柱": Finding, required;
        sledai_hematuria "SLEDAI 血尿": Finding, required;
        sledai_urine_rbc "直近6か月間の尿沈渣赤血球（最高値）": Number<3, 0, 0, 999>, unit "/HPF";
        sledai_proteinuria "SLEDAI 蛋白尿": Finding, required;
        sledai_urine_protein "直近6か月間の尿蛋白（最高値）": Number<4, 2, 0, 9999>, unit "g/24時間";
        sledai_pyuria "SLEDAI 膿尿": Finding, required;
        sledai_urine_wbc "直近6か月間の尿沈渣白血球（最高値）": Number<3, 0, 0, 999>, unit "/HPF";
        sledai_rash "SLEDAI 新たな皮疹": Finding, required;
        sledai_alopecia "SLEDAI 脱毛": Finding, required;
        sledai_mucosal_ulcer "SLEDAI 粘膜潰瘍": Finding, required;
        sledai_pleurisy "SLEDAI 胸膜炎": Finding, required;
        sledai_pericarditis "SLEDAI 心膜炎": Finding, required;
        sledai_low_complement "SLEDAI 低補体血症": Finding, required;
        sledai_dna_binding "SLEDAI 抗DNA抗体上昇": Finding, required;
        sledai_fever "SLEDAI 発熱": Finding, required;
        sledai_temperature "直近6か月間の最高体温": Number<3, 1, 300, 450>, unit "℃";
        sledai_thrombocytopenia "SLEDAI 血小板減少": Finding, required;
        sledai_platelets "直近6か月間の血小板数（最低値）": Number<7, 0, 0, 9_999_999>, unit "/mm3";
        sledai_leukopenia "SLEDAI 白血球減少": Finding, required;
        sledai_wbc "直近6か月間の白血球数（最低値）": Number<6, 0, 0, 999_999>, unit "/mm3";
    }
    ventilator {
        vent_use "使用の有無": Choice<2>, required;
        vent_start "開始時期": Month, shown if r.vent_use.wrote(1), required;
        vent_weaning "離脱の見込み": Choice<2>, shown if r.vent_use.wrote(1), required;
        vent_type "種類": Choice<2>, shown if r.vent_use.wrote(1), required;
        vent_schedule "施行状況": Choice<4>, shown if r.vent_use.wrote(1), required;
        vent_eating "食事": Choice<3>, shown if r.vent_use.wrote(1), required;
        vent_transfer "車椅子とベッド間の移動": Choice<3>, shown if r.vent_use.wrote(1), required;
        vent_grooming "整容": Choice<3>, shown if r.vent_use.wrote(1), required;
        vent_toilet "トイレ動作": Choice<3>, shown if r.vent_use.wrote(1), required;
        vent_bathing "入浴": Choice<3>, shown if r.vent_use.wrote(1), required;
        vent_walking "歩行": Choice<3>, shown if r.vent_use.wrote(1), required;
        vent_stairs "階段昇降": Choice<3>, shown if r.vent_use.wrote(1), required;
        vent_dressing "着替え": Choice<3>, shown if r.vent_use.wrote(1), required;
        vent_bowels "排便コントロール": Choice<3>, shown if r.vent_use.wrote(1), required;
        vent_bladder "排尿コントロール": Choice<3>, shown if r.vent_use.wrote(1), required;
    }
    physician {
        physician_number "指定医番号": Text<20, 1>, required;
        facility_name "医療機関名": Text<60, 1>, required;
        facility_address "所在地": Text<100, 2>, required;
        facility_phone "電話番号": Phone, required;
        department "診療科": Text<40, 1>;
        physician_name "医師の氏名": Text<40, 1>, required;
        written_on "記載年月日": Day, required;
        physician_kind "指定医の区分": Choice<2>, required;
    }
}

/// What is told about an answer that is missing or should not be there.
pub trait Presence {
    fn missing(&mut self, item: Item);
    fn hidden(&mut self, item: Item);
}

/// The result of both judgements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Eligible,
    Mild,
    NotMet,
    Undetermined,
}

/// What the record comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// 全身性エリテマトーデス: 4 of 11 criteria.
    pub diagnosis: Tri,
    /// 対象: SLEDAI of 4 or more.
    pub severity: Tri,
    pub outcome: Outcome,
}

impl Sle {
    /// Judges the answers. No rule reads an item twice, so what all completions of the unknown
    /// answers agree on is what the least and the most points agree on.
    pub fn judge(&self) -> Verdict {
        let diagnosis = self.diagnosis();
        let severity = self.severity();
        let outcome = match (diagnosis, severity) {
            (No, _) => Outcome::NotMet,
            (Yes, Yes) => Outcome::Eligible,
            (Yes, No) => Outcome::Mild,
            _ => Outcome::Undetermined,
        };
        Verdict {
            diagnosis,
            severity,
            outcome,
        }
    }

    fn diagnosis(&self) -> Tri {
        let serositis = self.pleuritis.is(1).max(self.pericarditis.is(1));
        let persistent = self
            .urine_protein
            .at_least(50)
            .min(self.proteinuria_persistent.is(1));
        let renal = persistent.max(self.cellular_casts.is(1));
        let neurologic = self.seizure.is(1).max(self.psychosis.is(1));
        let hematologic = (self.hemolytic_anemia.is(1))
            .max(self.wbc.at_most(4000))
            .max(self.lymphocytes.at_most(1500))
            .max(self.platelets.at_most(100_000));
        let antiphospholipid = (self.anticardiolipin.is(1))
            .max(self.lupus_anticoagulant.is(1))
            .max(self.false_positive_syphilis.is(1));
        let immunologic = self
            .anti_dsdna
            .is(1)
            .max(self.anti_sm.is(1))
            .max(antiphospholipid);
        let criteria = [
            self.malar_rash.is(1),
            self.discoid_rash.is(1),
            self.photosensitivity.is(1),
            self.oral_ulcer.is(1),
            self.arthritis.is(1),
            serositis,
            renal,
            neurologic,
            hematologic,
            immunologic,
            self.ana.is(1),
        ];
        let mut points = Points::default();
        for criterion in criteria {
            points.add(1, criterion);
        }
        points.at_least(4)
    }

    fn severity(&self) -> Tri {
        let eight = [
            self.sledai_seizure,
            self.sledai_psychosis,
            self.sledai_organic_brain,
            self.sledai_visual,
            self.sledai_cranial_nerve,
            self.sledai_lupus_headache,
            self.sledai_cva,
            self.sledai_vasculitis,
        ];
        let four = [
            self.sledai_arthritis,
            self.sledai_myositis,
            self.sledai_urinary_casts,
            self.sledai_hematuria,
            self.sledai_proteinuria,
            self.sledai_pyuria,
        ];
        let two = [
            self.sledai_rash,
            self.sledai_alopecia,
            self.sledai_mucosal_ulcer,
            self.sledai_pleurisy,
            self.sledai_pericarditis,
            self.sledai_low_complement,
            self.sledai_dna_binding,
        ];
        let one = [
            self.sledai_fever,
            self.sledai_thrombocytopenia,
            self.sledai_leukopenia,
        ];
        let mut points = Points::default();
        for (amount, items) in [(8, &eight[..]), (4, &four), (2, &two), (1, &one)] {
            for item in items {
                points.add(amount, item.is(1));
            }
        }
        points.at_least(4)
    }

    /// Whether その他 is among the relatives, if they are asked for.
    fn other_relative(&self) -> Tri {
        match self.family_history.is(1) {
            Yes => self.relatives.includes(11),
            No | Unknown => Unknown,
        }
    }
}

/// A score: the points it has for certain, and those it may have.
#[derive(Default)]
struct Points {
    least: u32,
    most: u32,
}

impl Points {
    fn add(&mut self, amount: u32, condition: Tri) {
        match condition {
            Yes => {
                self.least += amount;
                self.most += amount;
            }
            Unknown => self.most += amount,
            No => {}
        }
    }

    fn at_least(&self, threshold: u32) -> Tri {
        Tri::sure(self.least >= threshold, self.most < threshold)
    }
}
