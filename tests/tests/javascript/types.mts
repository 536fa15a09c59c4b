// What the types allow and what they refuse; every form is imported below.

import { findings, fields, judge } from "./shitei-006-2020.mjs";
import type { Answers } from "./shitei-006-2020.mjs";

const context = { today: "2026-04-01", application: "new" } as const;
const answers: Answers = { tremor: "1", birth_date: "1950-04-01", imaging: null };
const category: "definite" | "probable" | "none" | null = judge(answers, context).judgements.diagnosis.category;
const labels: string[] = findings(answers, context).flatMap((finding) =>
  finding.fields.map((name) => fields[name].label),
);
void [category, labels];

// @ts-expect-error 選択肢にない番号
judge({ tremor: "9" }, context);
// @ts-expect-error 様式にない項目
judge({ tremour: "1" }, context);
// @ts-expect-error 申請の種類
judge(answers, { today: "2026-04-01", application: "old" });

