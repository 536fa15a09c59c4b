//! `kohyo key`: keys of hospitals, from the platform that issues them to the hospital that seals.

use crate::args::{KeyCommand, PassphraseArgs, Reason};
use crate::commands::passphrase::{self, failure};
use crate::disk::{Failure, add, keep, listed, make_folder, read_text};
use crate::output;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use kohyo_exchange::seal::{
    Certificate, Kid, NewKey, Passphrase, PlatformFile, PlatformKeys, PlatformPublic, Register,
    State,
};
use kohyo_tool::{KeyFolder, Outputs, PUBLIC_FILE, longest_valid};
use rand::Rng;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// This program, as keys and containers name it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

const SECRET_FILE: &str = "platform.kohyo-secret";
const CERTIFICATE: &str = "kohyo-cert";
const STATE: &str = "state";

pub fn run(command: KeyCommand) -> Result<ExitCode, Failure> {
    match command {
        KeyCommand::NewPlatform {
            name,
            out,
            passphrase,
        } => new_platform(&name, &out, &passphrase)?,
        KeyCommand::Issue {
            platform,
            hospital,
            name,
            from,
            to,
            tool_min_version,
            register,
            replaces,
            out,
            key_passphrase_file,
            passphrase,
        } => {
            hospital_number(&hospital)?;
            Outputs::of(&[]).fresh(&out)?;
            let keys = platform_keys(&platform, &passphrase)?;
            let first = passphrase::given(key_passphrase_file.as_deref(), "KOHYO_KEY_PASSPHRASE")?;
            let new = NewKey {
                hospital,
                name,
                not_before: from.map_or_else(|| Ok(now()), |day| begin_of(&day))?,
                not_after: begin_of(&to)?.saturating_add(24 * 60 * 60 - 1),
                tool_min_version: tool_min_version.unwrap_or_else(|| VERSION.to_owned()),
            };
            issue(&keys, &new, first, &register, replaces.as_deref(), &out)?;
        }
        KeyCommand::Withdraw {
            kid,
            reason,
            register,
        } => withdraw(&register, &parse_kid(&kid)?, reason)?,
        KeyCommand::Import {
            file,
            platform,
            change_passphrase,
            new_passphrase_file,
            passphrase,
            keys,
        } => {
            let folder = keys_folder(keys.keys)?;
            let new = change_passphrase.then_some(new_passphrase_file.as_deref());
            import(&file, platform.as_deref(), &folder, &passphrase, new)?;
        }
        KeyCommand::Show { keys } => show(&keys_folder(keys.keys)?)?,
        KeyCommand::Verify {
            kid,
            passphrase,
            keys,
        } => {
            let kid = kid.as_deref().map(parse_kid).transpose()?;
            let key = keys_folder(keys.keys)?.usable(now(), VERSION, kid)?;
            let passphrase = passphrase::existing(&passphrase, "鍵ファイル")?;
            key.unlock(&passphrase).map_err(|e| failure(&e))?;
            output::line(&describe(key.certificate()));
            output::line("署名、有効期間、パスフレーズを確かめました。封緘に使えます");
        }
    }
    Ok(ExitCode::SUCCESS)
}

// ---- platform

fn new_platform(name: &str, out: &Path, args: &PassphraseArgs) -> Result<(), Failure> {
    let secret = out.join(SECRET_FILE);
    for file in [&secret, &out.join(PUBLIC_FILE)] {
        if file.exists() {
            return Err(Failure::Other(format!(
                "{} はすでにあります\n  受付先の鍵を失うと届いた封緘ファイルを開けなくなるため、上書きしません",
                file.display()
            )));
        }
    }
    let file = args.passphrase_file.as_deref();
    let passphrase = passphrase::new(file, "KOHYO_PASSPHRASE", "受付先の秘密鍵")?;
    let rng = &mut rand::rng();
    let keys = PlatformKeys::generate(name, rng).map_err(|e| failure(&e))?;
    let file = keys.to_file(&passphrase, rng).map_err(|e| failure(&e))?;
    make_folder(out)?;
    add(&secret, file.to_text().as_bytes())?;
    add(&out.join(PUBLIC_FILE), keys.public().to_text().as_bytes())?;
    output::line(&format!(
        "{} と {} を作りました\n指紋: {}\n秘密鍵ファイルとパスフレーズの控えを、別々の安全な場所に置いてください。失うと封緘ファイルを開けません",
        secret.display(),
        PUBLIC_FILE,
        keys.public().fingerprint()
    ));
    Ok(())
}

fn hospital_number(text: &str) -> Result<(), Failure> {
    if text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(Failure::Other(format!(
        "「{text}」は医療機関の番号ではありません\n  半角の数字10桁で書いてください"
    )))
}

fn issue(
    keys: &PlatformKeys,
    new: &NewKey,
    first: Option<Passphrase>,
    register: &Path,
    replaces: Option<&str>,
    out: &Path,
) -> Result<(), Failure> {
    let replaced = replaces.map(parse_kid).transpose()?;
    if let Some(kid) = replaced {
        state_of(register, &kid)?;
    }
    let rng = &mut rand::rng();
    let (passphrase, made) = match first {
        Some(passphrase) => (passphrase, None),
        None => {
            let made = readable_passphrase(rng);
            (Passphrase::new(&made), Some(made))
        }
    };
    let file = keys.issue(new, &passphrase, rng).map_err(|e| failure(&e))?;
    make_folder(register)?;
    let certificate = file.certificate();
    // The register first: a key that is handed over must be known.
    let registered = register.join(format!("{}.{CERTIFICATE}", certificate.kid()));
    add(&registered, certificate.to_text().as_bytes())?;
    add(out, file.to_text().as_bytes())?;
    if let Some(kid) = replaced {
        withdraw(register, &kid, Reason::Reissued)?;
    }
    output::line(&describe(certificate));
    output::line(&format!("鍵ファイル: {}", out.display()));
    if let Some(made) = made {
        output::line(&format!(
            "最初のパスフレーズ: {made}\n鍵ファイルとは別の方法で医療機関に伝えてください。二度と表示されません"
        ));
    }
    Ok(())
}

/// Five groups of four characters that nobody confuses: 100 random bits.
fn readable_passphrase(rng: &mut impl Rng) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut letter = || {
        let number = rng.next_u32() % 32;
        let letter = usize::try_from(number).ok().and_then(|at| LETTERS.get(at));
        char::from(letter.copied().unwrap_or(b'0'))
    };
    let group = |_| (0..4).map(|_| letter()).collect::<String>();
    (0..5).map(group).collect::<Vec<_>>().join("-")
}

/// Registers what has become of a key. A compromised key stays one, and the time of the first
/// re-issue does not change: whoever has the old key can write any time into a container.
fn withdraw(register: &Path, kid: &Kid, reason: Reason) -> Result<(), Failure> {
    let path = register.join(format!("{kid}.{STATE}"));
    let said = match (state_of(register, kid)?, reason) {
        (State::Compromised(_), _) => {
            "は「漏えいの届出あり」のままです。この鍵で封緘したファイルは、これからも受け付けません"
        }
        (State::Reissued(_), Reason::Reissued) => {
            "は「再発行済み」のままです。初めに登録した時刻は変わりません"
        }
        (_, Reason::Reissued) => {
            keep(&path, format!("reissued {}\n", now()).as_bytes())?;
            "を「再発行済み」として登録しました"
        }
        (_, Reason::Compromised) => {
            keep(&path, format!("compromised {}\n", now()).as_bytes())?;
            "を「漏えいの届出あり」として登録しました"
        }
    };
    output::line(&format!("鍵 {kid} {said}"));
    Ok(())
}

/// What has become of a key that is in the register.
fn state_of(register: &Path, kid: &Kid) -> Result<State, Failure> {
    if register.join(format!("{kid}.{CERTIFICATE}")).is_file() {
        return state_at(&register.join(format!("{kid}.{STATE}")));
    }
    Err(Failure::Other(format!(
        "登録簿 {} に鍵 {kid} がありません\n  鍵番号とフォルダーを確認してください",
        register.display()
    )))
}

/// The platform's keys, opened.
pub fn platform_keys(path: &Path, args: &PassphraseArgs) -> Result<PlatformKeys, Failure> {
    let file = PlatformFile::parse(&read_text(path)?).map_err(|e| at(path, &e))?;
    let passphrase = passphrase::existing(args, "受付先の秘密鍵")?;
    file.unlock(&passphrase).map_err(|e| at(path, &e))
}

/// Every key in the register's folder.
pub fn register(folder: &Path, platform: &PlatformPublic) -> Result<Register, Failure> {
    let mut register = Register::default();
    for path in files(folder, CERTIFICATE)? {
        let certificate =
            Certificate::parse(&read_text(&path)?, platform).map_err(|e| at(&path, &e))?;
        let state = state_at(&path.with_extension(STATE))?;
        register.set(certificate, state);
    }
    Ok(register)
}

/// What has become of a key; one of which nothing is registered is in use.
fn state_at(path: &Path) -> Result<State, Failure> {
    if !path.exists() {
        return Ok(State::Active);
    }
    let text = read_text(path)?;
    text.trim()
        .split_once(' ')
        .and_then(|(word, time)| {
            let time = time.parse().ok()?;
            match word {
                "reissued" => Some(State::Reissued(time)),
                "compromised" => Some(State::Compromised(time)),
                _ => None,
            }
        })
        .ok_or_else(|| {
            Failure::Other(format!(
                "{} を読めません\n  鍵の漏えいの届出がなかったかを確かめ、このファイルを消してから `kohyo key withdraw` で登録し直してください",
                path.display()
            ))
        })
}

// ---- hospital

fn import(
    file: &Path,
    platform: Option<&Path>,
    folder: &KeyFolder,
    args: &PassphraseArgs,
    change: Option<Option<&Path>>,
) -> Result<(), Failure> {
    let passphrase = passphrase::existing(args, "鍵ファイル")?;
    let new = match change {
        Some(file) => Some(passphrase::new(file, "KOHYO_NEW_PASSPHRASE", "鍵ファイル")?),
        None => None,
    };
    let (public, key) = folder.import(file, platform, &passphrase, new.as_ref())?;
    output::line(&describe(key.certificate()));
    output::line(&format!(
        "取り込みました\n受付先: {}\n指紋: {}（受付先からの書面の指紋と同じか確かめてください）",
        public.name,
        public.fingerprint()
    ));
    Ok(())
}

fn show(folder: &KeyFolder) -> Result<(), Failure> {
    let (public, keys) = folder.imported()?;
    output::line(&format!(
        "受付先: {}\n指紋: {}",
        public.name,
        public.fingerprint()
    ));
    let seals = longest_valid(&keys, now(), VERSION).map(|key| key.certificate().kid());
    for key in &keys {
        let certificate = key.certificate();
        let state = match certificate.usable(now(), VERSION) {
            Ok(()) if seals == Some(certificate.kid()) => {
                "使えます（`kohyo seal` が使う鍵です）".to_owned()
            }
            Ok(()) => format!(
                "使えます（この鍵で封緘するには `kohyo seal --kid {}` とします）",
                certificate.kid()
            ),
            Err(error) => format!("使えません（{error}）"),
        };
        output::line(&format!("\n{}\n{state}", describe(certificate)));
    }
    Ok(())
}

/// Where imported keys lie.
pub fn keys_folder(given: Option<PathBuf>) -> Result<KeyFolder, Failure> {
    if let Some(folder) = given {
        return Ok(KeyFolder::new(folder));
    }
    std::env::home_dir()
        .map(|home| KeyFolder::new(home.join(".kohyo").join("keys")))
        .ok_or_else(|| {
            Failure::Other(
                "鍵の置き場所が分かりません\n  `--keys DIR` で指定してください".to_owned(),
            )
        })
}

// ---- both

pub fn parse_kid(text: &str) -> Result<Kid, Failure> {
    text.parse().map_err(|()| {
        Failure::Other(format!(
            "「{text}」は鍵番号ではありません\n  16桁の番号を書いてください"
        ))
    })
}

fn describe(certificate: &Certificate) -> String {
    let (from, to) = certificate.validity();
    format!(
        "鍵番号: {}\n指紋: {}\n医療機関: {}（{}）\n有効期間: {} から {} まで（日本時間）\n必要な点検ツールの版: {}以上",
        certificate.kid(),
        certificate.fingerprint(),
        certificate.name(),
        certificate.hospital(),
        from,
        to,
        certificate.tool_min_version()
    )
}

/// Now, in seconds since 1970.
pub fn now() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or(0)
}

fn japan() -> TimeZone {
    TimeZone::fixed(Offset::constant(9))
}

/// The first second of a day in Japan.
fn begin_of(day: &str) -> Result<u64, Failure> {
    day.parse::<Date>()
        .ok()
        .and_then(|day| day.to_zoned(japan()).ok())
        .and_then(|time| u64::try_from(time.timestamp().as_second()).ok())
        .ok_or_else(|| {
            Failure::Other(format!(
                "「{day}」は日付ではありません\n  2026-04-01 のように書いてください"
            ))
        })
}

/// The files of a folder with this extension, by name.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = listed(folder)?;
    paths.retain(|path| path.extension().is_some_and(|e| e == extension));
    Ok(paths)
}

fn at(path: &Path, error: &kohyo_exchange::seal::KeyError) -> Failure {
    Failure::Other(format!("{}: {error}\n  {}", path.display(), error.help()))
}
