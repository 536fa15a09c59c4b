//! Help and mistakes in Japanese: what the argument parser would say in English.
//!
//! The parser's own texts (headings, `[default: …]`, "unexpected argument") cannot be translated by
//! a setting, so the finished command is rewritten once, before it is used.

use super::Args;
use clap::builder::{PossibleValue, Str, StyledStr};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, Error};

const TEMPLATE: &str = "{before-help}{about}\n\n使い方: {usage}\n\n{all-args}{after-help}";

/// The whole command line, with Japanese help at every level.
pub fn command() -> Command {
    let mut command = Args::command();
    command.build(); // global options reach the subcommands, which learn their full names
    japanese(command)
}

fn japanese(mut command: Command) -> Command {
    let usage = command.render_usage();
    command
        .override_usage(usage_words(&usage))
        .help_template(TEMPLATE)
        .subcommand_help_heading("コマンド")
        .mut_args(argument)
        .mut_subcommands(japanese)
}

/// `Usage: kohyo check [OPTIONS] [TARGETS]...` in our words.
fn usage_words(usage: &StyledStr) -> String {
    let plain = usage.to_string();
    let plain = plain.trim().trim_start_matches("Usage:").trim();
    let words = plain
        .replace("[OPTIONS]", "[オプション]")
        .replace("<COMMAND>", "<コマンド>")
        .replace("[COMMAND]", "[コマンド]");
    VALUE_NAMES.iter().fold(words, |text, (english, japanese)| {
        ["<>", "[]"].iter().fold(text, |text, brackets| {
            let (open, close) = brackets.split_at(1);
            text.replace(
                &format!("{open}{english}{close}"),
                &format!("{open}{japanese}{close}"),
            )
        })
    })
}

/// Behind every option that a command has of its own.
const LAST: usize = 1_000;

/// What stands for a value in the help. Forms such as `YYYY-MM-DD` say more than a word would.
const VALUE_NAMES: [(&str, &str); 33] = [
    ("FORMAT", "形式"),
    ("DIR", "フォルダー"),
    ("FOLDER", "フォルダー"),
    ("FILE", "ファイル"),
    ("CASES", "ファイル"),
    ("RECORD", "記録"),
    ("PATH", "場所"),
    ("PATHS", "場所"),
    ("TARGET", "対象"),
    ("TARGETS", "対象"),
    ("DISEASE", "疾病"),
    ("DISEASES", "疾病"),
    ("OLD", "旧版"),
    ("NEW", "新版"),
    ("CODE", "コード"),
    ("COUNT", "件数"),
    ("SEED", "種"),
    ("THREADS", "本数"),
    ("PORT", "番号"),
    ("LISTEN", "アドレス"),
    ("STUDIO_LISTEN", "アドレス"),
    ("NAME", "名前"),
    ("NUMBER", "番号"),
    ("SLUG", "名前"),
    ("EDITION", "版"),
    ("SOURCE", "通知"),
    ("MODULES", "モジュール"),
    ("SHAPE", "形"),
    ("HOSPITAL", "番号"),
    ("KID", "鍵番号"),
    ("TOOL_MIN_VERSION", "版"),
    ("REASON", "理由"),
    ("CONTAINER", "封緘ファイル"),
];

/// One argument under a Japanese heading, with its default, its variable and its values in words.
fn argument(argument: Arg) -> Arg {
    let heading = if argument.is_positional() {
        "引数"
    } else {
        "オプション"
    };
    let mut notes = Vec::new();
    let values: Vec<PossibleValue> = argument.get_possible_values();
    if takes_value(&argument) && !values.is_empty() {
        let listed: Vec<String> = values.iter().map(value_words).collect();
        notes.push(format!("値: {}", listed.join("、")));
    }
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    if takes_value(&argument) && !defaults.is_empty() {
        notes.push(format!("省略時は {}", defaults.join(" ")));
    }
    if let Some(variable) = argument.get_env() {
        notes.push(format!("環境変数 {}", variable.to_string_lossy()));
    }
    let help = argument
        .get_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let help = notes
        .into_iter()
        .fold(help, |text, note| format!("{text}［{note}］"));
    let names: Vec<Str> = argument
        .get_value_names()
        .unwrap_or_default()
        .iter()
        .map(value_name)
        .collect();
    let mut argument = argument
        .help(help)
        .help_heading(heading)
        .hide_default_value(true)
        .hide_possible_values(true)
        .hide_env(true);
    if takes_value(&argument) && !names.is_empty() {
        argument = argument.value_names(names);
    }
    // What every command has stands last.
    match argument.get_id().as_str() {
        "forms" => argument.display_order(LAST),
        "help" => argument.display_order(LAST + 1),
        "version" => argument.display_order(LAST + 2),
        _ => argument,
    }
}

fn takes_value(argument: &Arg) -> bool {
    matches!(argument.get_action(), ArgAction::Set | ArgAction::Append)
}

fn value_name(english: &Str) -> Str {
    VALUE_NAMES
        .iter()
        .find(|(name, _)| *name == english.as_str())
        .map_or_else(|| english.clone(), |(_, japanese)| Str::from(*japanese))
}

fn value_words(value: &PossibleValue) -> String {
    match value.get_help() {
        Some(help) => format!("{}（{help}）", value.get_name()),
        None => value.get_name().to_owned(),
    }
}

/// Whether this is no mistake but a wish: `--help`, `--version`.
pub fn is_wish(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    )
}

/// Whether a command without arguments is answered with its help.
pub fn is_empty(error: &Error) -> bool {
    error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

/// What is wrong with the arguments, what helps, and where to read on.
pub fn message(error: &Error) -> String {
    let mut text = mistake(error);
    for hint in hints(error) {
        text.push_str("\n  ヒント: ");
        text.push_str(&hint);
    }
    text.push_str("\n  使い方は `--help` をつけて実行すると表示されます");
    text
}

fn mistake(error: &Error) -> String {
    let argument = words(error, ContextKind::InvalidArg);
    let value = words(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => format!("「{argument}」という引数はありません"),
        ErrorKind::InvalidSubcommand => format!(
            "「{}」というコマンドはありません",
            words(error, ContextKind::InvalidSubcommand)
        ),
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("「{argument}」に値がありません")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("「{argument}」の値「{value}」は使えません")
        }
        ErrorKind::MissingRequiredArgument => {
            format!("必要な引数がありません: {argument}")
        }
        ErrorKind::MissingSubcommand => "コマンドがありません".to_owned(),
        ErrorKind::ArgumentConflict => {
            let prior = words(error, ContextKind::PriorArg);
            if prior.is_empty() || prior == argument {
                format!("「{argument}」は一度だけ書けます")
            } else {
                format!("「{argument}」と「{prior}」は一緒に使えません")
            }
        }
        ErrorKind::TooManyValues => format!("「{argument}」の値「{value}」は余分です"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("「{argument}」の値の数が違います")
        }
        ErrorKind::NoEquals => format!("「{argument}」の値は「=」でつないで書いてください"),
        ErrorKind::InvalidUtf8 => "UTF-8として読めない引数があります".to_owned(),
        _ => "引数を読めません".to_owned(),
    }
}

/// What the parser proposes instead.
fn hints(error: &Error) -> Vec<String> {
    let mut hints = Vec::new();
    for kind in [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ] {
        let proposed = words(error, kind);
        if !proposed.is_empty() {
            hints.push(format!("「{proposed}」ではありませんか"));
        }
    }
    let valid = words(error, ContextKind::ValidValue);
    if !valid.is_empty() {
        hints.push(format!("使える値は {valid} です"));
    }
    hints
}

fn words(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => names_in(text),
        Some(ContextValue::Strings(texts)) => texts
            .iter()
            .map(|text| names_in(text))
            .collect::<Vec<_>>()
            .join("、"),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn names_in(text: &str) -> String {
    text.replace("...", "…")
}
