//! Containers that were cut, changed, spliced, or belong to others.

use super::{Case, GOOD, case};
use kohyo_exchange::seal::{
    Certificate, Contents, NewKey, Passphrase, PlatformKeys, Register, SealedBox, SigningKey,
    State, seal,
};
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::io::{Read, Seek};
use std::sync::LazyLock;

/// When they are sealed, in seconds since 1970.
pub const SEALED: u64 = 1_780_272_000;
/// When they are opened.
pub const OPENED: u64 = SEALED + 2_000_000;

struct World {
    register: Register,
    hospital: SigningKey,
    neighbour: SigningKey,
    stranger: SigningKey,
}

/// The keys of the platform that opens the containers, always the same.
pub fn platform() -> PlatformKeys {
    PlatformKeys::generate("受付", &mut StdRng::seed_from_u64(6)).unwrap()
}

/// The certificates of the hospitals that the platform knows, as text.
pub fn certificates() -> Vec<String> {
    let known = WORLD.register.iter();
    known.map(|key| key.certificate.to_text()).collect()
}

/// A register of these certificates.
///
/// # Panics
/// A text that is no certificate of [`platform`].
pub fn register<'t>(
    platform: &PlatformKeys,
    certificates: impl IntoIterator<Item = &'t str>,
) -> Register {
    let mut register = Register::default();
    for text in certificates {
        let certificate = Certificate::parse(text, platform.public()).unwrap();
        register.set(certificate, State::Active);
    }
    register
}

/// What is in a container, or the check that refuses it.
///
/// # Errors
/// The id of the check.
pub fn open(
    container: impl Read + Seek,
    platform: &PlatformKeys,
    register: &Register,
    now: u64,
) -> Result<Vec<u8>, &'static str> {
    let sealed = SealedBox::begin(container).map_err(|error| error.check())?;
    let verified = sealed.verify(platform, register, now);
    let mut verified = verified.map_err(|error| error.check())?;
    let mut payload = Vec::new();
    let read = verified
        .payload()
        .and_then(|mut file| file.read_to_end(&mut payload));
    read.map_or(Err("box.unreadable"), |_| Ok(payload))
}

/// A container that is as it should be, of this payload.
pub fn good(payload: &[u8]) -> Vec<u8> {
    sealed(&WORLD.hospital, payload, SEALED)
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let rng = &mut StdRng::seed_from_u64(7);
    let passphrase = Passphrase::new("a passphrase for the corpus");
    let platform = platform();
    let elsewhere = PlatformKeys::generate("別の受付", rng).unwrap();
    let mut key = |platform: &PlatformKeys, hospital: &str| {
        let new = NewKey {
            hospital: hospital.into(),
            name: "病院".into(),
            not_before: SEALED - 1,
            not_after: SEALED + 1_000_000,
            tool_min_version: "0.1.0".into(),
        };
        let file = platform.issue(&new, &passphrase, rng).unwrap();
        file.unlock(&passphrase).unwrap()
    };
    let hospital = key(&platform, "1310000001");
    let neighbour = key(&platform, "1310000002");
    let stranger = key(&elsewhere, "1310000003");
    let mut register = Register::default();
    register.set(hospital.certificate().clone(), State::Active);
    register.set(neighbour.certificate().clone(), State::Active);
    World {
        register,
        hospital,
        neighbour,
        stranger,
    }
});

fn sealed(key: &SigningKey, payload: &[u8], created: u64) -> Vec<u8> {
    let contents = Contents {
        payload,
        records: 1,
        created,
        tool: "test",
        release: "test",
    };
    let mut out = Vec::new();
    seal(
        &contents,
        key,
        &mut StdRng::seed_from_u64(created),
        &mut out,
    )
    .unwrap();
    out
}

/// Given to the check tool, a container is named as what it is.
pub fn as_records() -> Vec<Case> {
    let container = sealed(&WORLD.hospital, GOOD.as_bytes(), SEALED);
    vec![
        case("b_container.xml", container.clone(), "file.sealed"),
        case("b_cut.csv", &container[..100], "file.sealed"),
    ]
}

/// Given to the platform, each is refused.
pub fn cases() -> Vec<Case> {
    let world = &*WORLD;
    let payload = [GOOD.as_bytes(); 90].concat(); // three chunks
    let container = sealed(&world.hospital, &payload, SEALED);
    let other = sealed(&world.hospital, &payload, SEALED + 1);
    let of_neighbour = sealed(&world.neighbour, &payload, SEALED);
    let mut all = vec![
        case("empty", "", "box.not_a_box"),
        case("xml", GOOD, "box.not_a_box"),
        case("magic_only", "KOHYOBOX", "box.truncated"),
        case(
            "stranger",
            sealed(&world.stranger, &payload, SEALED),
            "box.unknown_key",
        ),
        case(
            "before_its_time",
            sealed(&world.hospital, &payload, SEALED - 2),
            "box.key_not_yet_valid",
        ),
        case(
            "after_its_time",
            sealed(&world.hospital, &payload, SEALED + 1_000_001),
            "box.key_expired",
        ),
        case("longer", [&container[..], b"x"].concat(), "box.extended"),
        case(
            "doubled",
            [&container[..], &container[..]].concat(),
            "box.extended",
        ),
    ];
    for step in 0..40 {
        let cut = 8 + (container.len() - 9) * step / 39;
        all.push(case(
            format!("cut_{step:02}"),
            &container[..cut],
            "box.truncated",
        ));
    }
    // Behind the numbers of the header every change is found by the signature.
    for step in 0..40 {
        let at = 58 + (container.len() - 59) * step / 39;
        let mut changed = container.clone();
        changed[at] ^= 1 << (step % 8);
        let expected = if at == 58 {
            "box.header"
        } else {
            "box.signature"
        };
        all.push(case(format!("changed_{step:02}"), changed, expected));
    }
    // The beginning of one container and the rest of another, at every boundary.
    let chunk = 16_384 + 16;
    let header = usize::from(u16::from_be_bytes([container[12], container[13]]));
    for (name, at) in [
        ("header", header),
        ("commitment", header + 32),
        ("chunk_1", header + 32 + chunk),
        ("chunk_2", header + 32 + 2 * chunk),
        ("signature", container.len() - 64),
    ] {
        for (whose, second) in [("own", &other), ("neighbours", &of_neighbour)] {
            let spliced = [&container[..at], &second[at..]].concat();
            all.push(case(
                format!("spliced_{name}_{whose}"),
                spliced,
                "box.signature",
            ));
        }
    }
    let mut swapped = container.clone();
    let (first, second) = (header + 32, header + 32 + chunk);
    let moved = container[first..second].to_vec();
    swapped.copy_within(second..second + chunk, first);
    swapped[second..second + chunk].copy_from_slice(&moved);
    all.push(case("chunks_swapped", swapped.clone(), "box.signature"));
    swapped[first..second].copy_from_slice(&moved);
    all.push(case("chunk_doubled", swapped, "box.signature"));
    for (name, at, value, expected) in [
        ("version", 9, 2, "box.version"),
        ("suite", 11, 9, "box.suite"),
        ("header_length", 13, 0, "box.header"),
        ("records", 47, 0xff, "box.too_many_records"),
        ("length", 50, 0xff, "box.too_large"),
        ("kid", 14, 0, "box.unknown_key"),
    ] {
        let mut changed = container.clone();
        changed[at] = if changed[at] == value {
            value ^ 1
        } else {
            value
        };
        all.push(case(format!("claims_{name}"), changed, expected));
    }
    all
}
