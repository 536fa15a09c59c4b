//! Building a release: what it is, what is in it, what changed; signed.

use crate::args::BuildArgs;
use crate::commands::check_records::{parse_day, today};
use crate::commands::emit;
use crate::commands::key::VERSION;
use crate::commands::release::contents::{self, Contents};
use crate::disk::{Failure, Workspace, read_text};
use crate::{output, programs};
use kohyo_bundle::{Bundle, Previous, PublicKey, Release, ReleaseKey, TrustedKeys, Use};
use kohyo_compiler::changes::{ChangeList, changes};
use kohyo_compiler::withdrawn;
use kohyo_engine::{Date, Form, Program};
use kohyo_paper::Fonts;
use kohyo_tool::Outputs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

pub fn run(workspace: &Workspace, args: &BuildArgs) -> Result<ExitCode, Failure> {
    let (Some(id), Some(key), Some(out)) = (&args.id, &args.key, &args.out) else {
        // The arguments are required; clap has said so.
        return Ok(ExitCode::from(2));
    };
    let read = [
        Some(key),
        args.previous.as_ref(),
        args.previous_key.as_ref(),
    ];
    let read: Vec<PathBuf> = read.into_iter().flatten().cloned().collect();
    Outputs::of(&read).file(out)?;
    let key = ReleaseKey::parse(&read_text(key)?)
        .map_err(|e| Failure::Other(format!("{}: {e}", key.display())))?;
    let previous = match &args.previous {
        Some(path) => Some(previous(path, args.previous_key.as_deref(), &key)?),
        None => None,
    };
    let release = described(id, &key, args, previous.as_ref())?;
    // A release has every form or is none.
    let programs = programs::compiled(workspace)?;
    let forms = programs.into_iter().map(crate::commands::form);
    let forms: Vec<Arc<Form>> = forms
        .map(|form| form.map(Arc::new))
        .collect::<Result<_, _>>()?;
    let contents = Contents {
        kit: !args.without_kit,
        paper: match args.without_paper {
            true => None,
            false => Some(fonts()?),
        },
    };
    let bar = emit::progress_bar(forms.len());
    let made = contents::make(&forms, &contents, |program| {
        bar.set_message(format!("{} {}", program.key, program.title));
        bar.inc(1);
    });
    bar.finish_and_clear();
    let programs = programs::of_records(forms.iter().map(|form| form.program()));
    let list = match &previous {
        Some(previous) => Some(compared(previous, id, &programs)?),
        None => None,
    };
    if let Some(list) = &list {
        allocated(workspace, list, &release)?;
    }
    let (from, until) = (release.valid_from, release.valid_until);
    let catalogue = workspace.catalogue()?.unwrap_or_default();
    let builder = contents::gathered(release, made?, &contents, list.as_ref(), &catalogue)?;
    let files = builder.len();
    contents::publish(builder, &key, out)?;
    output::line(&format!(
        "リリース {id} を {} に書きました（{} 様式、{files} ファイル）\n有効期間: {} から {} まで\n署名の鍵: {}（鍵番号 {}）",
        out.display(),
        forms.len(),
        from.japanese(),
        until.japanese(),
        key.public().name(),
        key.public().id()
    ));
    Ok(ExitCode::SUCCESS)
}

// ---- what the release is

fn previous(path: &Path, public: Option<&Path>, key: &ReleaseKey) -> Result<Bundle, Failure> {
    let mut keys = vec![key.public()];
    if let Some(path) = public {
        let public = PublicKey::parse(&read_text(path)?)
            .map_err(|e| Failure::Other(format!("{}: {e}", path.display())))?;
        keys.push(public);
    }
    Bundle::open_file(path, &TrustedKeys::new(keys), Use::Archive)
        .map_err(|e| programs::refused(&e))
}

fn described(
    id: &str,
    key: &ReleaseKey,
    args: &BuildArgs,
    previous: Option<&Bundle>,
) -> Result<Release, Failure> {
    let day = |text: &Option<String>| text.as_deref().map(parse_day).transpose();
    let published = match day(&args.published)? {
        Some(day) => day,
        None => today()?,
    };
    let valid_from = day(&args.from)?.unwrap_or(published);
    let valid_until = match day(&args.until)? {
        Some(day) => day,
        None => a_year_later(valid_from).ok_or_else(|| {
            Failure::Other("`--until` に、判定に使える最後の日を書いてください".to_owned())
        })?,
    };
    Ok(Release {
        id: id.to_owned(),
        platform: key.public().name().to_owned(),
        published,
        valid_from,
        valid_until,
        previous: previous.map(|bundle| Previous {
            release: bundle.manifest().release.clone(),
            manifest: bundle.hash(),
        }),
        made_with: format!("kohyo {VERSION}"),
    })
}

/// The last day of the year that begins on this day.
fn a_year_later(day: Date) -> Option<Date> {
    let (month, of_month) = (day.month_number()?, day.day_of_month()?);
    // 29 February has no day a year later; the year ends on the day before 1 March.
    let next = Date::day(day.year_number() + 1, month, of_month)
        .or_else(|| Date::day(day.year_number() + 1, 3, 1))?;
    Date::from_day_number(next.first_day() - 1)
}

fn compared(previous: &Bundle, id: &str, new: &[&Program]) -> Result<ChangeList, Failure> {
    let old = programs::of_bundle(previous)?;
    let bar = emit::progress_bar(0);
    bar.set_message("変更一覧");
    let list = changes((&old.name, &old.of_records()), (id, new), |done, all| {
        bar.set_length(u64::try_from(all).unwrap_or(0));
        bar.set_position(u64::try_from(done).unwrap_or(0));
    });
    bar.finish_and_clear();
    Ok(list)
}

/// Every id that was published and is gone stands in `withdrawn.yaml`, so that it cannot return.
fn allocated(workspace: &Workspace, list: &ChangeList, release: &Release) -> Result<(), Failure> {
    let known = withdrawn::read(&workspace.files).map_err(|e| Failure::Other(e.to_string()))?;
    let missing: Vec<String> = list
        .withdrawn()
        .into_iter()
        .filter(|(form, kind, id)| {
            !known
                .iter()
                .any(|gone| gone.form == *form && gone.kind == *kind && gone.id == *id)
        })
        .map(|(form, kind, id)| {
            format!(
                "  - {{ form: {form}, kind: {}, id: \"{id}\", from: {}, reason: 理由を書く }}",
                withdrawn::word(kind),
                release.valid_from
            )
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::Other(format!(
        "前のリリース {} にあったIDが、記録のないままなくなっています\n  意図した廃止なら、forms/{} に次の行を加えてください（同じIDを別の意味で使わないためです）\nwithdrawn:\n{}",
        list.old,
        withdrawn::FILE,
        missing.join("\n")
    )))
}

/// The fonts of the forms on paper: a release that silently lacked them would differ from machine to machine.
fn fonts() -> Result<Fonts, Failure> {
    Fonts::find().map_err(|none| {
        Failure::Other(format!(
            "{none}\n  紙の様式（PDF）を入れずに作るには `--without-paper` を付けてください"
        ))
    })
}
