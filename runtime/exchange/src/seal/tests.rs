//! Nothing but the container that was sealed is opened: every cut, every bit, every exchange.

mod vectors;

use super::header::hex;
use super::suite::{COMMITMENT, SEALED_CHUNK, SIGNATURE};
use super::*;
use crate::finding::RecordFinding;
use insta::assert_snapshot;
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::io::{Cursor, Read};
use std::sync::LazyLock;

const DAY: u64 = 24 * 60 * 60;
/// 2026-06-01T00:00:00Z.
const SEALED: u64 = 1_780_272_000;
const FROM: u64 = SEALED - 30 * DAY;
const TO: u64 = SEALED + 700 * DAY;

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

fn passphrase() -> Passphrase {
    Passphrase::new("うめの花は二月に咲く")
}

fn strong() -> Passphrase {
    Passphrase::new("うめの花は二月に咲くことが多い")
}

struct World {
    platform: PlatformKeys,
    other_platform: PlatformKeys,
    hospital: SigningKey,
    other_hospital: SigningKey,
    register: Register,
}

/// Two platforms and two hospitals; opening key files is slow on purpose, so it is done once.
static WORLD: LazyLock<World> = LazyLock::new(|| {
    let platform = PlatformKeys::generate("試験受付", &mut rng(1)).unwrap();
    let other_platform = PlatformKeys::generate("別の受付", &mut rng(2)).unwrap();
    let issue = |seed, hospital: &str, name: &str| {
        let file = platform
            .issue(&new_key(hospital, name), &strong(), &mut rng(seed))
            .unwrap();
        file.unlock(&strong()).unwrap()
    };
    let hospital = issue(3, "1310000001", "東病院");
    let other_hospital = issue(4, "1310000002", "西病院");
    let mut register = Register::default();
    for key in [&hospital, &other_hospital] {
        register.set(key.certificate().clone(), State::Active);
    }
    World {
        platform,
        other_platform,
        hospital,
        other_hospital,
        register,
    }
});

fn new_key(hospital: &str, name: &str) -> NewKey {
    NewKey {
        hospital: hospital.into(),
        name: name.into(),
        not_before: FROM,
        not_after: TO,
        tool_min_version: "0.1.0".into(),
    }
}

fn contents(payload: &[u8]) -> Contents<'_> {
    Contents {
        payload,
        records: 2,
        created: SEALED,
        tool: "kohyo 0.1.0",
        release: "forms-test",
    }
}

fn sealed_by(key: &SigningKey, payload: &[u8], seed: u64) -> Vec<u8> {
    let mut out = Vec::new();
    seal(&contents(payload), key, &mut rng(seed), &mut out).unwrap();
    out
}

fn sealed(payload: &[u8], seed: u64) -> Vec<u8> {
    sealed_by(&WORLD.hospital, payload, seed)
}

/// The payload, or why there is none.
fn open(container: &[u8]) -> Result<Vec<u8>, BoxError> {
    open_at(container, &WORLD.register, SEALED + DAY)
}

fn open_at(container: &[u8], register: &Register, received: u64) -> Result<Vec<u8>, BoxError> {
    let sealed = SealedBox::begin(Cursor::new(container))?;
    let mut verified = sealed.verify(&WORLD.platform, register, received)?;
    let mut payload = Vec::new();
    verified.payload()?.read_to_end(&mut payload)?;
    Ok(payload)
}

fn refused(container: &[u8]) -> String {
    match open(container) {
        Ok(_) => "opened".to_owned(),
        Err(error) => error.check().to_owned(),
    }
}

/// Check id, message and help.
fn whole(error: &BoxError) -> String {
    let finding: RecordFinding = error.finding();
    format!("{}: {finding}", finding.check)
}

#[test]
fn what_is_sealed_is_what_is_opened() {
    for length in [1, 2, 16_383, 16_384, 16_385, 32_768, 40_000] {
        let payload: Vec<u8> = (0..length).map(|n| (n * 7 % 251) as u8).collect();
        let container = sealed(&payload, 9);
        assert_eq!(open(&container).unwrap(), payload, "{length}");
        let opened = SealedBox::begin(Cursor::new(&container)).unwrap();
        let claims = opened.claims().clone();
        assert_eq!(
            (claims.records, claims.length, claims.hospital.as_str()),
            (2, length as u64, "1310000001")
        );
        let verified = opened
            .verify(&WORLD.platform, &WORLD.register, SEALED)
            .unwrap();
        assert_eq!(verified.header(), &claims);
        assert_eq!(verified.sender().name(), "東病院");
    }
}

#[test]
fn the_same_records_never_give_the_same_bytes() {
    assert_ne!(sealed(b"<records/>", 1), sealed(b"<records/>", 2));
}

#[test]
fn a_container_cut_anywhere_is_refused() {
    // Three chunks, cut at every byte of both ends and around every boundary.
    let container = sealed(&[b'x'; 40_000], 5);
    let header = container.len() - 40_000 - 3 * 16 - COMMITMENT - SIGNATURE;
    let boundary = |n: usize| header + COMMITMENT + n * SEALED_CHUNK;
    let cuts = (0..header + COMMITMENT + 40)
        .chain(boundary(1) - 40..boundary(1) + 40)
        .chain(boundary(2) - 40..boundary(2) + 40)
        .chain(container.len() - 200..container.len());
    for cut in cuts {
        let check = refused(&container[..cut]);
        let expected = if cut == 0 {
            "box.not_a_box"
        } else {
            "box.truncated"
        };
        assert_eq!(check, expected, "cut at {cut}");
    }
    // A small one at every byte.
    let small = sealed(b"<records/>", 6);
    for cut in 1..small.len() {
        assert_eq!(refused(&small[..cut]), "box.truncated", "cut at {cut}");
    }
}

#[test]
fn a_container_with_something_behind_it_is_refused() {
    let container = sealed(b"<records/>", 5);
    for more in [&b"\0"[..], b"more", &container] {
        assert_eq!(refused(&[&container, more].concat()), "box.extended");
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    let container = sealed(b"<records/>", 7);
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for bit in 0..container.len() * 8 {
        let mut changed = container.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let check = refused(&changed);
        assert_ne!(check, "opened", "bit {bit}");
        *counts.entry(check).or_default() += 1;
    }
    let list: Vec<String> = counts.iter().map(|(c, n)| format!("{c} {n}")).collect();
    assert_snapshot!(list.join("\n"), @r"
    box.empty 1
    box.extended 2
    box.header 91
    box.not_a_box 64
    box.signature 2017
    box.suite 16
    box.too_large 38
    box.too_many_records 19
    box.truncated 24
    box.unknown_key 64
    box.version 16
    ");
}

/// Header and commitment, each chunk, signature.
fn pieces(container: &[u8], payload: usize) -> Vec<Vec<u8>> {
    let chunks = payload.div_ceil(16_384);
    let start = container.len() - payload - chunks * 16 - SIGNATURE;
    let (head, rest) = container.split_at(start);
    let (body, signature) = rest.split_at(rest.len() - SIGNATURE);
    let mut all = vec![head.to_vec()];
    all.extend(body.chunks(SEALED_CHUNK).map(<[u8]>::to_vec));
    all.push(signature.to_vec());
    all
}

#[test]
fn chunks_moved_doubled_or_spliced_are_refused() {
    let length = 4 * 16_384;
    let a = sealed(&vec![b'a'; length], 10);
    let b = sealed(&vec![b'b'; length], 11);
    let (of_a, of_b) = (pieces(&a, length), pieces(&b, length));
    assert_eq!((of_a.len(), of_a.concat()), (6, a.clone()));
    let mut tried = 0;
    let mut refuse = |pieces: &[Vec<u8>]| {
        assert_ne!(refused(&pieces.concat()), "opened");
        tried += 1;
    };
    for i in 0..of_a.len() {
        // One piece of the other container, one left out, one doubled.
        let mut spliced = of_a.clone();
        spliced[i] = of_b[i].clone();
        refuse(&spliced);
        let mut shorter = of_a.clone();
        shorter.remove(i);
        refuse(&shorter);
        let mut longer = of_a.clone();
        longer.insert(i, of_a[i].clone());
        refuse(&longer);
        for j in 0..i {
            let mut swapped = of_a.clone();
            swapped.swap(i, j);
            refuse(&swapped);
        }
        // The beginning of one, the rest of the other.
        if i > 0 {
            refuse(&[&of_a[..i], &of_b[i..]].concat());
        }
    }
    assert_eq!(tried, 6 * 3 + 15 + 5);
}

/// A sender who signs what he has tampered with is still found out by the chunks.
#[test]
fn chunks_are_bound_to_their_place_even_if_the_sender_signs_again() {
    let length = 3 * 16_384;
    let a = sealed(&vec![b'a'; length], 10);
    let of_a = pieces(&a, length);
    let resigned = |pieces: &[Vec<u8>]| {
        use ed25519_dalek::Signer;
        use sha2::{Digest, Sha256};
        let mut bytes = pieces[..pieces.len() - 1].concat();
        let hash = Sha256::digest(&bytes).into();
        let signature = WORLD.hospital.key.sign(&super::suite::signed(&hash));
        bytes.extend(signature.to_bytes());
        bytes
    };
    assert_eq!(refused(&resigned(&of_a)), "opened");
    let mut swapped = of_a.clone();
    swapped.swap(1, 2);
    assert_eq!(refused(&resigned(&swapped)), "box.chunk");
    let mut doubled = of_a.clone();
    doubled[3] = doubled[2].clone();
    assert_eq!(refused(&resigned(&doubled)), "box.chunk");
    let mut committed = of_a.clone();
    *committed[0].last_mut().unwrap() ^= 1;
    assert_eq!(refused(&resigned(&committed)), "box.commitment");
    // Another number of records in the header: the wrapping is bound to it.
    let mut header = of_a.clone();
    header[0][49] ^= 1;
    assert_eq!(refused(&resigned(&header)), "box.not_for_us");
}

#[test]
fn refusals_say_what_happened_and_what_to_do() {
    let World {
        platform,
        other_platform,
        hospital,
        other_hospital,
        register,
    } = &*WORLD;
    let container = sealed(b"<records/>", 20);
    let error = |container: &[u8]| whole(&open(container).unwrap_err());
    let mut version = container.clone();
    version[9] = 2;
    let mut suite = container.clone();
    suite[11] = 2;
    let begun = SealedBox::begin(Cursor::new(&container)).unwrap();
    let not_for_us = begun
        .verify(other_platform, register, SEALED)
        .err()
        .unwrap();
    let mut fewer = Register::default();
    fewer.set(other_hospital.certificate().clone(), State::Active);
    let unknown = open_at(&container, &fewer, SEALED).unwrap_err();
    let foreign = foreign_name(hospital, platform);
    let list = [
        error(b""),
        error(b"PK\x03\x04 something else"),
        error(&version),
        error(&suite),
        error(&container[..container.len() - 1]),
        error(&[&container[..], b"x"].concat()),
        whole(&not_for_us),
        whole(&unknown),
        error(&foreign),
    ];
    assert_snapshot!(list.join("\n"), @r"
    box.not_a_box: 封緘ファイル（kohyo-box）ではありません（`kohyo seal` で作ったファイル（.kohyo-box）を指定してください）
    box.not_a_box: 封緘ファイル（kohyo-box）ではありません（`kohyo seal` で作ったファイル（.kohyo-box）を指定してください）
    box.version: 封緘ファイルの形式の版2は、この版では扱えません（点検ツールを新しい版にしてください）
    box.suite: 封緘ファイルの暗号方式2は、この版では扱えません（点検ツールを新しい版にしてください）
    box.truncated: 封緘ファイルが途中で切れています（本来294バイト、実際は293バイト）（元のファイルを複写し直してください。直らなければ、医療機関で封緘し直してください）
    box.extended: 封緘ファイルの後ろに余分なデータがあります（本来294バイト）（元のファイルを複写し直してください。直らなければ、医療機関で封緘し直してください）
    box.not_for_us: この受付先あてに封緘されたファイルではありません（受付先を確認し、その受付先の鍵ファイルで封緘し直してください）
    box.unknown_key: 鍵番号ecd9c4a53ea15f18の鍵は登録されていません（医療機関の鍵ファイルが、この受付先で発行されたものか確認してください）
    box.hospital: 封緘ファイルの医療機関（1310000002）が、鍵の医療機関（1310000001）と違います（その医療機関に発行された鍵で封緘し直してください）
    ");
}

/// A container in which a hospital names another one, rightly signed and sealed.
fn foreign_name(hospital: &SigningKey, platform: &PlatformKeys) -> Vec<u8> {
    let mut certificate = hospital.certificate().clone();
    certificate.says.hospital = "1310000002".into();
    let liar = SigningKey {
        certificate,
        key: hospital.key.clone(),
    };
    assert_eq!(liar.certificate.says.seal_to, platform.public().seal_to);
    sealed_by(&liar, b"<records/>", 21)
}

#[test]
fn limits_hold_when_sealing_and_when_opening() {
    let seal_with = |records, payload: &[u8]| {
        let contents = Contents {
            records,
            ..contents(payload)
        };
        seal(&contents, &WORLD.hospital, &mut rng(1), &mut Vec::new())
            .map(|_| "sealed")
            .unwrap_or_else(|error| error.check())
    };
    assert_eq!(seal_with(5_000, b"x"), "sealed");
    assert_eq!(seal_with(5_001, b"x"), "box.too_many_records");
    assert_eq!(seal_with(0, b"x"), "box.empty");
    assert_eq!(seal_with(1, b""), "box.empty");
    assert_eq!(seal_with(1, &vec![0; 64 * 1024 * 1024]), "box.too_large");
    // A header that claims more is refused before anything is read.
    let container = sealed(b"<records/>", 1);
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = container.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        refused(&changed)
    };
    assert_eq!(with(46, &5_001_u32.to_be_bytes()), "box.too_many_records");
    assert_eq!(with(46, &[0; 4]), "box.empty");
    assert_eq!(with(50, &u64::MAX.to_be_bytes()), "box.too_large");
    assert_eq!(with(50, &[0; 8]), "box.empty");
}

#[test]
fn reissued_and_compromised_keys_follow_the_rules() {
    let registered = |state| Registered {
        certificate: WORLD.hospital.certificate().clone(),
        state,
    };
    let says = |state, created: u64, received: u64| {
        accepted(&registered(state), created, received)
            .map_or_else(|refusal| refusal.to_string(), |()| "受け付ける".to_owned())
    };
    let at = SEALED;
    let table = [
        ("使用中", State::Active, at, at + 400 * DAY),
        ("使用中、有効期間の最初", State::Active, FROM, at),
        ("使用中、有効期間の前", State::Active, FROM - 1, at),
        ("使用中、有効期間の最後", State::Active, TO, TO),
        ("使用中、有効期間の後", State::Active, TO + 1, TO + 2),
        ("使用中、時計が1日進む", State::Active, at + DAY, at),
        (
            "使用中、時計が1日と1秒進む",
            State::Active,
            at + DAY + 1,
            at,
        ),
        (
            "再発行、前に封緘、30日目",
            State::Reissued(at),
            at - 1,
            at + 30 * DAY,
        ),
        (
            "再発行、前に封緘、30日と1秒",
            State::Reissued(at),
            at - 1,
            at + 30 * DAY + 1,
        ),
        ("再発行、後に封緘", State::Reissued(at), at, at),
        ("漏えい、前に封緘", State::Compromised(at), at - 1, at - 1),
    ];
    let lines: Vec<String> = table
        .into_iter()
        .map(|(what, state, created, received)| {
            format!("{what}: {}", says(state, created, received))
        })
        .collect();
    assert_snapshot!(lines.join("\n"), @r"
    使用中: 受け付ける
    使用中、有効期間の最初: 受け付ける
    使用中、有効期間の前: 封緘された時刻が、鍵の有効期間より前です
    使用中、有効期間の最後: 受け付ける
    使用中、有効期間の後: 封緘された時刻が、鍵の有効期間を過ぎています
    使用中、時計が1日進む: 受け付ける
    使用中、時計が1日と1秒進む: 封緘された時刻が、受付時刻より後です
    再発行、前に封緘、30日目: 受け付ける
    再発行、前に封緘、30日と1秒: 鍵の再発行から30日を過ぎて届いたため、古い鍵の封緘ファイルは受け付けられません
    再発行、後に封緘: 鍵が再発行された後に、古い鍵で封緘されています
    漏えい、前に封緘: この鍵は漏えいの届出により使えなくなっています
    ");
    // The same through a container.
    let container = sealed(b"<records/>", 30);
    let mut register = WORLD.register.clone();
    let open = |register: &Register, received| {
        open_at(&container, register, received).map_or_else(|e| e.check(), |_| "opened")
    };
    register.set(
        WORLD.hospital.certificate().clone(),
        State::Reissued(SEALED + 1),
    );
    assert_eq!(open(&register, SEALED + 30 * DAY), "opened");
    assert_eq!(open(&register, SEALED + 31 * DAY), "box.key_too_late");
    register.set(
        WORLD.hospital.certificate().clone(),
        State::Compromised(SEALED + 9),
    );
    assert_eq!(open(&register, SEALED), "box.key_compromised");
}

#[test]
fn a_file_changed_after_it_was_verified_fails_to_read() {
    let file = tempfile::tempfile().unwrap();
    let container = sealed(&[b'x'; 40_000], 40);
    use std::io::{Seek, SeekFrom, Write};
    let mut writer = file.try_clone().unwrap();
    writer.write_all(&container).unwrap();
    let mut verified = SealedBox::begin(file)
        .unwrap()
        .verify(&WORLD.platform, &WORLD.register, SEALED)
        .unwrap();
    writer.seek(SeekFrom::Start(20_000)).unwrap();
    writer.write_all(b"other").unwrap();
    let mut payload = Vec::new();
    let outcome = verified.payload().unwrap().read_to_end(&mut payload);
    assert!(outcome.is_err());
    assert!(payload.len() <= 16_384, "{}", payload.len());
}

#[test]
fn a_key_file_is_text_and_every_line_of_it_is_checked() {
    let platform = WORLD.platform.public();
    let file = WORLD
        .platform
        .issue(&new_key("1310000009", "南病院"), &strong(), &mut rng(50))
        .unwrap();
    let text = file.to_text();
    assert_snapshot!(text, @r"
    kohyo-hospital-key 1
    kid: fbcab894e0e187bf
    hospital: 1310000009
    name: 南病院
    seal_to: 2bd9da78f01d8bc6948bbcbe44ec1e7163d05083e267d110cdb2e75d847e3b6f
    sign_with: 8fe2d5258c8fca0667ef431f07d3f8fe9dd134cf17cf987024cbcb26d5ecd047
    not_before: 2026-05-02T00:00:00Z
    not_after: 2028-05-01T00:00:00Z
    tool_min_version: 0.1.0
    signature: bf07b69f0316b8345035451008b4530d23292637daf896ce4150cf07894b7af7beefbd5c9b2c0dcfbef47b00b1cabd0cee51947a6bed5ee729a7f9a4ce1ee905
    secret_kdf: argon2id 65536 2 1
    secret_salt: 6b7f51c5e6f9615003522ea644e8b5fd
    secret: 8af6e40767e855fcff7a7da378ff9132c34a09b2cdca22df432743a3cd1bbc0f06a9e709ed8656137dba38eb2fbfc1a7
    ");
    assert_eq!(KeyFile::parse(&text, platform).unwrap(), file);
    // Another system's line ends do no harm.
    let windows = text.replace('\n', "\r\n");
    assert_eq!(KeyFile::parse(&windows, platform).unwrap(), file);
    assert_eq!(
        Certificate::parse(&file.certificate().to_text(), platform).unwrap(),
        *file.certificate()
    );
    let other = WORLD.other_platform.public();
    assert_eq!(KeyFile::parse(&text, other), Err(KeyError::Signature));
    // Whatever character is changed, the file is refused, at the latest by the passphrase.
    let lines = text.lines().count();
    for (number, line) in text.lines().enumerate() {
        let changed: String = text
            .lines()
            .enumerate()
            .map(|(at, text)| match at == number {
                true => format!("{}\n", turned(line)),
                false => format!("{text}\n"),
            })
            .collect();
        let parsed = KeyFile::parse(&changed, platform);
        if number + 2 < lines - 1 {
            assert!(parsed.is_err(), "{line}");
        } else if let Ok(file) = parsed {
            let unlocked = file.unlock(&strong()).map(|_| ());
            assert_eq!(unlocked, Err(KeyError::Passphrase), "{line}");
        }
        let without: String = text
            .lines()
            .filter(|l| *l != line)
            .map(|l| format!("{l}\n"))
            .collect();
        assert!(KeyFile::parse(&without, platform).is_err(), "{line}");
    }
    assert!(KeyFile::parse(&format!("{text}more: 1\n"), platform).is_err());
    for hostile in [
        "argon2id 4294967295 2 1",
        "argon2id 65536 99 1",
        "argon2id 8 1 1",
        "scrypt 1 1 1",
    ] {
        let changed = text.replace("argon2id 65536 2 1", hostile);
        assert!(KeyFile::parse(&changed, platform).is_err(), "{hostile}");
    }
}

/// The line with its last hexadecimal digit or letter turned into another.
fn turned(line: &str) -> String {
    let mut characters: Vec<char> = line.chars().collect();
    let last = characters.last_mut().unwrap();
    *last = if *last == '1' { '2' } else { '1' };
    characters.into_iter().collect()
}

#[test]
fn passphrases_open_only_what_they_sealed() {
    let file = WORLD
        .platform
        .issue(&new_key("1310000009", "南病院"), &strong(), &mut rng(51))
        .unwrap();
    assert!(file.unlock(&passphrase()).is_err());
    let weak = file.with_passphrase(&strong(), &passphrase(), &mut rng(1));
    assert_eq!(weak, Err(KeyError::WeakPassphrase));
    let new = Passphrase::new("二月は梅の花、三月は桃の花");
    let changed = file.with_passphrase(&strong(), &new, &mut rng(1)).unwrap();
    assert_eq!(changed.certificate(), file.certificate());
    assert!(changed.unlock(&strong()).is_err());
    assert!(changed.unlock(&new).is_ok());
    // か and a combining dakuten are が.
    let composed = Passphrase::new("ながいながい言葉ながい言葉");
    let apart = Passphrase::new("なか\u{3099}いなか\u{3099}い言葉なか\u{3099}い言葉");
    let changed = file
        .with_passphrase(&strong(), &composed, &mut rng(1))
        .unwrap();
    assert!(changed.unlock(&apart).is_ok());
}

#[test]
fn platform_keys_live_in_a_file_too() {
    let file = WORLD.platform.to_file(&strong(), &mut rng(60)).unwrap();
    let read = PlatformFile::parse(&file.to_text()).unwrap();
    assert_eq!(read, file);
    let keys = read.unlock(&strong()).unwrap();
    assert_eq!(keys.public(), WORLD.platform.public());
    assert!(read.unlock(&passphrase()).is_err());
    let public = PlatformPublic::parse(&keys.public().to_text()).unwrap();
    assert_eq!(&public, keys.public());
    assert_eq!(public.fingerprint().len(), 8 * 5 - 1);
    assert_ne!(
        public.fingerprint(),
        WORLD.other_platform.public().fingerprint()
    );
    // A key of one platform under the public lines of another is no pair.
    let mixed = file.to_text().replace(
        &hex(&keys.public().seal_to),
        &hex(&WORLD.other_platform.public().seal_to),
    );
    let mixed = PlatformFile::parse(&mixed).unwrap();
    assert!(mixed.unlock(&strong()).is_err());
}

#[test]
fn keys_are_used_only_in_their_time_and_by_tools_new_enough() {
    let certificate = WORLD.hospital.certificate();
    assert_eq!(certificate.usable(SEALED, "0.1.0"), Ok(()));
    assert_eq!(certificate.usable(SEALED, "0.10.0"), Ok(()));
    let error = |now, version| certificate.usable(now, version).unwrap_err().to_string();
    assert_snapshot!(error(SEALED, "0.0.9"), @"この鍵には、点検ツールの版0.1.0以上が必要です（いまの版は0.0.9）");
    assert_snapshot!(error(TO + 1, "0.1.0"), @"鍵の有効期間（2026-05-02 09:00から2028-05-01 09:00まで、日本時間）の外です");
}

#[test]
fn names_that_would_break_a_file_are_refused() {
    let issue = |hospital: &str, name: &str| {
        WORLD
            .platform
            .issue(&new_key(hospital, name), &strong(), &mut rng(1))
            .map(|_| ())
    };
    for (hospital, name) in [
        ("", "名"),
        ("1\nsignature: 0", "名"),
        ("1", "名\r"),
        ("1", " 名"),
    ] {
        assert!(
            matches!(issue(hospital, name), Err(KeyError::Value { .. })),
            "{hospital:?} {name:?}"
        );
    }
    let backwards = NewKey {
        not_before: TO,
        not_after: FROM,
        ..new_key("1", "名")
    };
    let error = WORLD
        .platform
        .issue(&backwards, &strong(), &mut rng(1))
        .unwrap_err();
    let said = format!("{error}（{}）", error.help());
    assert_snapshot!(said, @"有効期間の終わり（2026-05-02 09:00）が、始まり（2028-05-01 09:00）より前です（日本時間）（有効期間の最初の日と最後の日を確かめてください）");
}
