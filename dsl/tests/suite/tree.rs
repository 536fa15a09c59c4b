//! Syntax in a compact form for a reader: `(and (is tremor present) (>= hy.stage 3))`.

use kohyo_dsl::ast::*;

/// A whole file, one line per header entry, item and member.
pub fn file(file: &File) -> String {
    let mut out = Vec::new();
    if let Some(h) = &file.header {
        out.push(header(h));
    }
    for item in &file.items {
        let private = if item.private { "private " } else { "" };
        out.push(format!("{private}{}", item_kind(&item.kind)));
    }
    out.join("\n")
}

fn header(h: &Header) -> String {
    let mut out = subject(&h.subject);
    out += &format!(" {}", text(&h.title));
    if let Some(e) = &h.edition {
        let to =
            e.to.as_ref()
                .map_or(String::new(), |d| format!(" to {}", date(d)));
        out += &format!("\n  edition {} from {}{to}", text(&e.name), date(&e.from));
    }
    for s in &h.sources {
        out += &format!("\n  source {}{}", text(&s.notice), after(" in ", &s.text));
    }
    if let Some((status, _)) = &h.status {
        out += &format!("\n  status {status:?}");
    }
    if let Some(prefix) = &h.prefix {
        out += &format!("\n  prefix {}", prefix.text);
    }
    for note in &h.notes {
        out += &format!("\n  note {}", text(note));
    }
    if let Some(edition) = &h.fallback {
        out += &format!("\n  renewal may use {}", text(edition));
    }
    out
}

fn subject(subject: &Subject) -> String {
    match subject {
        Subject::Disease {
            programme,
            number,
            branch,
        } => {
            let branch = branch
                .as_ref()
                .map_or(String::new(), |b| format!(" branch {}", b.text));
            format!("disease {programme:?} {}{branch}", number.text)
        }
        Subject::Module(p) => format!("module {}", path(p)),
        Subject::Programme(name) => format!("programme {}", name.text),
    }
}

fn item_kind(kind: &ItemKind) -> String {
    match kind {
        ItemKind::Use { module, alias } => {
            let alias = alias
                .as_ref()
                .map_or(String::new(), |a| format!(" as {}", a.text));
            format!("use {}{alias}", path(module))
        }
        ItemKind::Exception(e) => format!(
            "{:?} in {} when {} because {}",
            e.kind,
            path(&e.of),
            expr(&e.when),
            text(&e.reason)
        ),
        ItemKind::Reuse(reuse) => {
            let judgements: Vec<&str> = reuse.judgements.iter().map(|n| n.text.as_str()).collect();
            let judgements = judgements.join(", ");
            let subject = subject(&reuse.disease);
            format!("use {subject} only {judgements} as {}", reuse.alias.text)
        }
        ItemKind::Code { name, label, codes } => {
            format!("code {} {} [{}]", name.text, text(label), code_list(codes))
        }
        ItemKind::Section {
            name,
            label,
            members,
        } => {
            format!(
                "section {} {}{}",
                name.text,
                text(label),
                member_list(members, 1)
            )
        }
        ItemKind::Criterion(d) => format!("criterion {}", definition(d)),
        ItemKind::Score(d) => format!("score {}", definition(d)),
        ItemKind::Value(d, ty) => {
            let ty = ty
                .as_ref()
                .map_or(String::new(), |t| format!(" : {}", type_expr(t)));
            format!("value {}{ty}", definition(d))
        }
        ItemKind::Grade {
            definition: d,
            outcomes,
        } => {
            format!("grade {} : {}", definition(d), outcome_list(outcomes))
        }
        ItemKind::Threshold(t) => threshold(t),
        ItemKind::Table(t) => table(t),
        ItemKind::Judgement(j) => judgement(j),
        ItemKind::Check(c) => check(c),
        ItemKind::Convert(c) => {
            let fields: Vec<String> = c.fields.iter().map(path).collect();
            let (left, right) = (number(&c.left), number(&c.right));
            format!("convert {left} = {right} for [{}]", fields.join(" "))
        }
        ItemKind::Function(f) => function(f),
        ItemKind::NotJudged { sentence, reason } => {
            format!("not judged {} because {}", text(sentence), text(reason))
        }
        ItemKind::Migration(m) => migration(m),
    }
}

fn function(f: &Function) -> String {
    let parameters: Vec<String> = f
        .parameters
        .iter()
        .map(|p| {
            let kind = if p.whole { "integer" } else { "decimal" };
            let unit = p
                .unit
                .as_ref()
                .map_or(String::new(), |u| format!(" {}", text(u)));
            format!("{}: {kind}{unit}", p.name.text)
        })
        .collect();
    let label = f
        .label
        .as_ref()
        .map_or(String::new(), |l| format!(" {}", text(l)));
    let cites = cited(&f.cites);
    format!(
        "function {}{label} ({}){cites} : {} = rhai {}",
        f.name.text,
        parameters.join(", "),
        type_expr(&f.result),
        text(&f.script)
    )
}

fn migration(m: &Migration) -> String {
    let mut out = format!("migrate from {}", text(&m.edition));
    for line in &m.lines {
        out += &match &line.kind {
            MigrationLineKind::Carried {
                new,
                old,
                map,
                where_it_fits,
            } => {
                let codes = map.iter().flatten();
                let codes: Vec<String> = codes
                    .map(|code| format!("{} -> {}", code.old.text, code.new.text))
                    .collect();
                let map = map
                    .as_ref()
                    .map_or(String::new(), |_| format!(" [{}]", codes.join(", ")));
                let fits = if *where_it_fits { " where it fits" } else { "" };
                format!("\n  {} from {}{map}{fits}", new.text, old.text)
            }
            MigrationLineKind::Dropped { names: n, reason } => {
                format!("\n  drop {} because {}", names(n), text(reason))
            }
            MigrationLineKind::Asked { names: n, reason } => {
                format!("\n  ask {} because {}", names(n), text(reason))
            }
        };
    }
    out
}

fn definition(d: &Definition) -> String {
    format!(
        "{}{}{} = {}",
        d.name.text,
        after(" ", &d.label),
        cited(&d.cites),
        expr(&d.rule)
    )
}

fn outcome_list(outcomes: &[Outcome]) -> String {
    let one = |o: &Outcome| format!("{}{}", o.name.text, after(" ", &o.label));
    outcomes.iter().map(one).collect::<Vec<_>>().join(" | ")
}

fn threshold(t: &Threshold) -> String {
    let mut out = format!(
        "threshold {}{}{}{}",
        t.name.text,
        after(" ", &t.label),
        after(" in ", &t.unit),
        cited(&t.cites)
    );
    for p in &t.periods {
        let to =
            p.to.as_ref()
                .map_or(String::new(), |d| format!(" to {}", date(d)));
        out += &format!("\n  {} from {}{to}", number(&p.value), date(&p.from));
    }
    out
}

fn table(t: &Table) -> String {
    let mut out = format!(
        "table {}{} : {}",
        t.name.text,
        after(" ", &t.label),
        outcome_list(&t.outcomes)
    );
    for column in &t.columns {
        out += &format!("\n  column {}", expr(column));
    }
    for (head, cells) in &t.rows {
        out += &format!("\n  row {} -> {}", expr(head), names(cells));
    }
    out
}

fn judgement(j: &Judgement) -> String {
    let mut out = format!(
        "judgement {} {}{}{}",
        j.name.text,
        text(&j.label),
        cited(&j.cites),
        if j.ordered { " in order" } else { "" }
    );
    for s in &j.subtypes {
        let cites = cited(&s.cites);
        out += &format!(
            "\n  subtype {} {}{cites} when {}",
            s.name.text,
            text(&s.label),
            expr(&s.when)
        );
    }
    for c in &j.categories {
        let cites = cited(&c.cites);
        let of = c
            .subtype
            .as_ref()
            .map_or(String::new(), |s| format!("{}: ", s.text));
        out += &format!(
            "\n  {of}{} {}{cites} when {}",
            c.name.text,
            text(&c.label),
            expr(&c.when)
        );
    }
    if let Some((name, label)) = &j.otherwise {
        out += &format!("\n  otherwise {} {}", name.text, text(label));
    }
    out + &format!(
        "\n  eligible {}{}",
        names(&j.eligible),
        cited(&j.eligible_cites)
    )
}

fn check(c: &Check) -> String {
    let at: Vec<String> = c.at.iter().map(path).collect();
    let only = c.only.map_or(String::new(), |o| format!(" only {o:?}"));
    format!(
        "check {} {:?} {} at [{}]{only}{} violated {}",
        c.id.text,
        c.level,
        text(&c.message),
        at.join(" "),
        after(" help ", &c.help),
        expr(&c.violated)
    )
}

fn member_list(members: &[Member], depth: usize) -> String {
    members
        .iter()
        .map(|m| format!("\n{}{}", "  ".repeat(depth), member(m, depth)))
        .collect()
}

fn member(member: &Member, depth: usize) -> String {
    match member {
        Member::Group {
            name,
            label,
            modifiers,
            members,
            ..
        } => format!(
            "group {} {}{}{}",
            name.text,
            text(label),
            modifier_list(modifiers),
            member_list(members, depth + 1)
        ),
        Member::Field(f) => format!(
            "field {} {} : {}{}",
            f.name.text,
            text(&f.label),
            type_expr(&f.ty),
            modifier_list(&f.modifiers)
        ),
        Member::Note(t) => format!("note {}", text(t)),
        Member::Display(p) => format!("display {}", path(p)),
        Member::Repeat(r) => format!(
            "repeat {} {} {}{}{}",
            r.name.text,
            text(&r.label),
            repeat_kind(&r.kind),
            modifier_list(&r.modifiers),
            member_list(&r.members, depth + 1)
        ),
    }
}

fn repeat_kind(kind: &RepeatKind) -> String {
    match kind {
        RepeatKind::Rows { low, high, count } => {
            let (name, label) = (&count.name.text, text(&count.label));
            format!("rows {low}..{high} ({name} {label})")
        }
        RepeatKind::Sides(sides) => {
            let one = |s: &Side| format!("{} {}", s.name.text, text(&s.label));
            format!(
                "sides [{}]",
                sides.iter().map(one).collect::<Vec<_>>().join(", ")
            )
        }
    }
}

fn modifier_list(modifiers: &[Modifier]) -> String {
    let one = |m: &Modifier| match &m.kind {
        ModifierKind::RequiredWhen(e) => format!(" +required-when {}", expr(e)),
        ModifierKind::ShownWhen(e) => format!(" +shown-when {}", expr(e)),
        ModifierKind::Help(t) => format!(" +help {}", text(t)),
        ModifierKind::Cites(t) => format!(" +{}", cited(t).trim_start()),
        ModifierKind::Default(DefaultAnswer::Codes(codes)) => {
            format!(" +default {}", names(codes))
        }
        ModifierKind::Default(DefaultAnswer::Number(n)) => format!(" +default {}", number(n)),
        ModifierKind::Default(DefaultAnswer::Date(d)) => format!(" +default {}", date(d)),
        ModifierKind::Default(DefaultAnswer::Text(t)) => format!(" +default {}", text(t)),
        ModifierKind::Was(n) => format!(" +was {}", n.text),
        ModifierKind::Required
        | ModifierKind::NewOnly
        | ModifierKind::RenewalOnly
        | ModifierKind::Better { .. }
        | ModifierKind::Default(DefaultAnswer::Today)
        | ModifierKind::Carry(_)
        | ModifierKind::Personal(_) => format!(" +{:?}", m.kind),
    };
    modifiers.iter().map(one).collect()
}

fn type_expr(ty: &TypeExpr) -> String {
    let range = |r: &Option<(NumberLiteral, NumberLiteral)>| {
        r.as_ref().map_or(String::new(), |(low, high)| {
            format!(" {}..{}", number(low), number(high))
        })
    };
    match &ty.kind {
        TypeKind::Text { chars, lines } => format!("text {chars} lines {lines:?}"),
        TypeKind::Kana { chars } => format!("kana {chars}"),
        TypeKind::Digits { count } => format!("digits {count}"),
        TypeKind::Integer { unit, range: r } => format!("integer{}{}", after(" ", unit), range(r)),
        TypeKind::Decimal {
            digits,
            fraction,
            unit,
            range: r,
        } => {
            format!(
                "decimal {digits}.{fraction}{}{}",
                after(" ", unit),
                range(r)
            )
        }
        TypeKind::Choice(codes) => format!("choice [{}]", code_list(codes)),
        TypeKind::Choices(codes) => format!("choices [{}]", code_list(codes)),
        TypeKind::Named(p) => path(p),
        TypeKind::ChoicesOf(p) => format!("choices of {}", path(p)),
        TypeKind::PostalCode
        | TypeKind::Phone
        | TypeKind::Date
        | TypeKind::Month
        | TypeKind::Year => {
            format!("{:?}", ty.kind)
        }
    }
}

fn code_list(codes: &[Code]) -> String {
    let one = |c: &Code| {
        let points = c
            .points
            .as_ref()
            .map_or(String::new(), |p| format!(" points {}", number(p)));
        let unknown = if c.unknown { " unknown" } else { "" };
        format!(
            "{} {} {}{points}{unknown}",
            c.value.text,
            c.name.text,
            text(&c.label)
        )
    };
    codes.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// An expression in prefix form.
pub fn expr(e: &Expr) -> String {
    let list = |members: &[Expr]| members.iter().map(expr).collect::<Vec<_>>().join(" ");
    let not = |negated: &bool| if *negated { "-not" } else { "" };
    match &e.kind {
        ExprKind::Ref(p) => path(p),
        ExprKind::Number(n) => number(n),
        ExprKind::Date(d) => date(d),
        ExprKind::Text(t) => text(t),
        ExprKind::Bool(b) => if *b { "yes" } else { "no" }.to_owned(),
        ExprKind::Today => "today".to_owned(),
        ExprKind::Application(o) => format!("(application {o:?})"),
        ExprKind::Not(a) => format!("(not {})", expr(a)),
        ExprKind::And(all) => format!("(and {})", list(all)),
        ExprKind::Or(all) => format!("(or {})", list(all)),
        ExprKind::Unless(a, b) => format!("(unless {} {})", expr(a), expr(b)),
        ExprKind::Block {
            quantifier,
            members,
        } => format!("({quantifier:?} {})", list(members)),
        ExprKind::Each {
            quantifier,
            of,
            named,
            body,
        } => {
            let named = named.as_ref().map_or_else(String::new, |named| {
                format!("as {} {} ", named.name.text, text(&named.label))
            });
            format!("({quantifier:?}-each {} {named}{})", path(of), expr(body))
        }
        ExprKind::BetterSide { better, field } => {
            let word = if *better { "better" } else { "worse" };
            format!("({word} {})", path(field))
        }
        ExprKind::Labelled(label, a) => format!("({} {})", text(label), expr(a)),
        ExprKind::Points { amount, when } => format!("(points {} {})", expr(amount), expr(when)),
        ExprKind::Compare { left, op, right } => format!("({op:?} {} {})", expr(left), expr(right)),
        ExprKind::InRange {
            subject,
            low,
            high,
            ends,
        } => {
            let sign = ends.sign();
            format!(
                "(in {} {}{sign}{})",
                expr(subject),
                number(low),
                number(high)
            )
        }
        ExprKind::Is {
            subject,
            negated,
            options,
        } => {
            format!("(is{} {} {})", not(negated), expr(subject), names(options))
        }
        ExprKind::Answered { subject, negated } => {
            format!("(answered{} {})", not(negated), expr(subject))
        }
        ExprKind::Includes {
            subject,
            quantifier,
            options,
        } => {
            let how = match options.as_slice() {
                [_] => String::new(),
                _ => format!("{quantifier:?} "),
            };
            format!("(includes {} {how}{})", expr(subject), names(options))
        }
        ExprKind::Differs { ticked, judgement } => {
            format!("(differs {} {})", path(ticked), path(judgement))
        }
        ExprKind::If {
            condition,
            then,
            otherwise,
        } => {
            format!(
                "(if {} {} {})",
                expr(condition),
                expr(then),
                expr(otherwise)
            )
        }
        ExprKind::FirstMatch { arms, otherwise } => {
            let arms: String = arms
                .iter()
                .map(|(r, c)| format!(" [{} {}]", expr(r), expr(c)))
                .collect();
            let otherwise = otherwise
                .as_ref()
                .map_or(String::new(), |o| format!(" {}", expr(o)));
            format!("(first{arms}{otherwise})")
        }
        ExprKind::Bands { subject, bands } => {
            let bands: String = bands
                .iter()
                .map(|b| format!(" [{} {}]", expr(&b.gives), expr(&b.when)))
                .collect();
            format!("(bands {}{bands})", expr(subject))
        }
        ExprKind::Domains(domains) => {
            let domains: String = domains
                .iter()
                .map(|d| format!(" [{} {}]", text(&d.label), list(&d.members)))
                .collect();
            format!("(domains{domains})")
        }
        ExprKind::Within {
            subject,
            length,
            side,
            of,
        } => format!(
            "(within {} {} {side:?} {})",
            expr(subject),
            lasting(length),
            expr(of)
        ),
        ExprKind::Length(length) => format!("({})", lasting(length)),
        ExprKind::Cells { columns, rows } => {
            let rows: String = rows
                .iter()
                .map(|(head, cells)| format!(" [{} | {}]", expr(head), list(cells)))
                .collect();
            format!("(cells {}{rows})", list(columns))
        }
        ExprKind::Arithmetic { left, op, right } => {
            format!("({op:?} {} {})", expr(left), expr(right))
        }
        ExprKind::Negative(a) => format!("(- {})", expr(a)),
        ExprKind::Call {
            function,
            arguments,
        } => format!("({}() {})", function.text, list(arguments)),
        ExprKind::Age {
            unit: ElapsedUnit::Years,
            at,
        } => format!("(age {})", expr(at)),
        ExprKind::Age { unit, at } => format!("(age {unit:?} {})", expr(at)),
        ExprKind::Calendar { unit, of } => format!("({unit:?} of {})", expr(of)),
        ExprKind::Elapsed { unit, from, to } => format!("({unit:?} {} {})", expr(from), expr(to)),
        ExprKind::TreatUnknown { condition, as_yes } => {
            format!("(unknown={as_yes} {})", expr(condition))
        }
        ExprKind::IfShown { expr: a, otherwise } => {
            format!("(shown {} {})", expr(a), expr(otherwise))
        }
    }
}

fn names(names: &[Name]) -> String {
    names
        .iter()
        .map(|n| n.text.as_str())
        .collect::<Vec<_>>()
        .join(",")
}

fn path(p: &Path) -> String {
    p.names
        .iter()
        .map(|n| n.text.as_str())
        .collect::<Vec<_>>()
        .join(".")
}

fn number(n: &NumberLiteral) -> String {
    format!(
        "{}{}",
        n.digits,
        n.unit
            .as_ref()
            .map_or(String::new(), |u| format!("[{}]", u.text))
    )
}

fn date(d: &DateLiteral) -> String {
    format!("{:04}-{:02}-{:02}", d.year, d.month, d.day)
}

fn text(t: &Text) -> String {
    format!("{:?}", t.text)
}

fn cited(texts: &[Text]) -> String {
    let texts: Vec<String> = texts.iter().map(text).collect();
    match texts.as_slice() {
        [] => String::new(),
        texts => format!(" cites {}", texts.join(", ")),
    }
}

fn after(before: &str, t: &Option<Text>) -> String {
    t.as_ref()
        .map_or(String::new(), |t| format!("{before}{}", text(t)))
}

fn lasting(length: &Length) -> String {
    let rest = length
        .rest
        .map_or_else(String::new, |rest| format!("+{rest}"));
    format!("{}{rest} {:?}", length.count, length.unit)
}
