//! The pages of the portal: releases, one release, one disease, a document, what changed.

use super::files::{Part, is_document, read, short};
use super::{markdown, page, release as named, shelf, size};
use crate::assess;
use crate::error::Error;
use crate::handlers::records::{StatusBadge, programme_label, status_badge};
use crate::pages::Page;
use crate::portal::{ChangedForm, Changes, Group, Release, Shelf, Validity, group_of, what_of};
use crate::start::App;
use axum::extract::{OriginalUri, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use kohyo_bundle::{FileEntry, FormEntry, Kind};
use kohyo_engine::Date;
use kohyo_engine::look_up::{means, without_branch, written_number};
use kohyo_engine::program::Programme;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The document that leads to the others.
const GUIDE: &str = "docs/targets/README.md";

/// A release in a list or at the head of a page.
#[derive(Serialize)]
struct ReleaseView {
    id: String,
    platform: String,
    published: String,
    valid_from: String,
    valid_until: String,
    state: ValidityLabel,
    /// How many editions of forms.
    forms: usize,
    /// How many diseases.
    diseases: usize,
    size: String,
    previous: Option<String>,
    changes: String,
    has_kit: bool,
    /// Where reading begins, if something to read came along.
    guide: Option<&'static str>,
    hash: String,
    key_id: String,
    key_name: String,
    fingerprint: String,
}

/// Validity in words.
#[derive(Clone, Copy, Serialize)]
pub(super) struct ValidityLabel {
    pub(super) name: &'static str,
    label: &'static str,
}

pub(super) fn validity_label(validity: Validity) -> ValidityLabel {
    let (name, label) = match validity {
        Validity::Later => ("not_yet", "これから有効"),
        Validity::Now => ("valid", "有効"),
        Validity::Ended => ("ended", "終了"),
    };
    ValidityLabel { name, label }
}

impl ReleaseView {
    fn of(shelf: &Shelf, release: &Release, on: Date) -> Self {
        let manifest = release.manifest();
        let of_diseases = manifest.forms.iter();
        let of_diseases = of_diseases.filter(|form| form.programme != Programme::Itself);
        let diseases = count_diseases(of_diseases.map(|form| form.key.as_str()));
        let key = release.signed_by();
        Self {
            id: release.id().to_owned(),
            platform: manifest.platform.clone(),
            published: manifest.published.japanese(),
            valid_from: manifest.valid_from.japanese(),
            valid_until: manifest.valid_until.japanese(),
            state: validity_label(release.validity(on)),
            forms: manifest.forms.len(),
            diseases,
            size: size(release.length()),
            previous: manifest.previous.as_ref().map(|p| p.release.clone()),
            changes: changes_in_words(shelf, release),
            has_kit: manifest.files.iter().any(|file| file.kind == Kind::Kit),
            guide: manifest.file(GUIDE).map(|_| GUIDE),
            hash: release.hash().to_string(),
            key_id: key.id().to_string(),
            key_name: key.name().to_owned(),
            fingerprint: key.fingerprint(),
        }
    }
}

/// How many diseases these forms are of, in the order of their keys: the branches of a disease are
/// one.
fn count_diseases<'k>(keys: impl Iterator<Item = &'k str>) -> usize {
    let mut diseases: Vec<&str> = keys.map(without_branch).collect();
    diseases.dedup();
    diseases.len()
}

/// What changed since the release before, in a few words.
pub(super) fn changes_in_words(shelf: &Shelf, release: &Release) -> String {
    let Some(previous) = &release.manifest().previous else {
        return "最初のリリースです。".to_owned();
    };
    let Some(before) = shelf.before(release) else {
        return format!("{}からの変更です。", previous.release);
    };
    let changes = Changes::between(before.manifest(), release.manifest());
    let counts = [
        ("追加", changes.added.len()),
        ("規則の変更", changes.rules.len()),
        ("資料の変更", changes.files.len()),
        ("廃止", changes.withdrawn.len()),
    ];
    let words: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| format!("{what} {count}"))
        .collect();
    if words.is_empty() {
        format!("{}からの変更はありません。", previous.release)
    } else {
        format!("{}から: {}。", previous.release, words.join("、"))
    }
}

/// The portal's first page.
pub(crate) async fn list(State(app): State<App>, asked: HeaderMap) -> Result<Response, Error> {
    let shelf = shelf(&app)?;
    let on = assess::today(&app)?;
    let view = |release: &Arc<Release>| ReleaseView::of(&shelf, release, on);
    let all: Vec<ReleaseView> = shelf.releases().iter().map(view).collect();
    let html = Page::anonymous("様式・点検規則の配布")
        .with("nav", "releases")
        .with("current", &shelf.current(on).map(view))
        .with("releases", &all)
        .text("portal/releases.html")?;
    Ok(page(html, &asked))
}

/// The release to use today.
pub(crate) async fn latest(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Error> {
    let shelf = shelf(&app)?;
    let current = shelf
        .current(assess::today(&app)?)
        .ok_or(Error::NotPublished {
            what: "有効なリリース",
        })?;
    let asked = uri.path_and_query().map_or("", |path| path.as_str());
    let rest = asked.strip_prefix("/releases/latest").unwrap_or_default();
    Ok(Redirect::temporary(&format!("/releases/{}{rest}", current.id())).into_response())
}

/// A disease in the list of a release.
#[derive(Serialize)]
struct Disease {
    key: String,
    number: String,
    title: String,
    kana: Option<String>,
    short: Vec<String>,
    editions: Vec<String>,
    status: StatusBadge,
    /// What changed since the release before: `new`, `rules`, `files`, or nothing.
    change: Option<(&'static str, &'static str)>,
}

/// The diseases of a programme.
#[derive(Serialize)]
struct ProgrammeView {
    label: &'static str,
    /// How many diseases; the branches of one are listed each.
    count: usize,
    diseases: Vec<Disease>,
}

/// One release: its diseases, and how to verify it.
pub(crate) async fn release(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    let sought = query.get("q").map_or("", |text| text.trim());
    let (shelf, release) = named(&app, &id)?;
    let manifest = release.manifest();
    let changes = shelf
        .before(&release)
        .map(|before| Changes::between(before.manifest(), manifest))
        .unwrap_or_default();
    let mut programmes: Vec<ProgrammeView> = Vec::new();
    for editions in manifest.forms.chunk_by(|a, b| a.key == b.key) {
        let Some(newest) = newest(editions) else {
            continue;
        };
        let meant = |form: &FormEntry| means(sought, &form.key, &form.title, &form.names);
        if !editions.iter().any(meant) {
            continue;
        }
        let label = programme_label(newest.programme);
        let disease = disease(editions, newest, &changes);
        match programmes.iter_mut().find(|p| p.label == label) {
            Some(programme) => programme.diseases.push(disease),
            None => programmes.push(ProgrammeView {
                label,
                count: 0,
                diseases: vec![disease],
            }),
        }
    }
    for programme in &mut programmes {
        programme.count = count_diseases(programme.diseases.iter().map(|one| one.key.as_str()));
    }
    let shared = manifest.files.iter().filter(|file| file.form.is_none());
    let shared: Vec<&FileEntry> = shared.collect();
    let sums = sums(shared.iter().copied());
    let mut groups = groups(shared.into_iter());
    let titles = read(Arc::clone(&release), |release| {
        release.titles(markdown::title)
    })
    .await?;
    for file in groups.iter_mut().flat_map(|group| &mut group.files) {
        if let Some(title) = titles.get(&file.path) {
            file.what = Some(title.clone());
        }
    }
    let html = Page::anonymous(&format!("リリース {}", release.id()))
        .with("nav", "releases")
        .with(
            "release",
            &ReleaseView::of(&shelf, &release, assess::today(&app)?),
        )
        .with("q", sought)
        .with("programmes", &programmes)
        .with(
            "found",
            &programmes.iter().map(|p| p.diseases.len()).sum::<usize>(),
        )
        .with("groups", &groups)
        .with("sums", &sums)
        .text("portal/release.html")?;
    Ok(page(html, &asked))
}

/// The edition that began last.
fn newest(editions: &[FormEntry]) -> Option<&FormEntry> {
    editions
        .iter()
        .max_by_key(|form| (form.valid_from.first_day(), form.edition.as_str()))
}

fn disease(editions: &[FormEntry], newest: &FormEntry, changes: &Changes) -> Disease {
    let of_disease = |changed: &ChangedForm| changed.form.key == newest.key;
    let added = changes.added.iter().find(|(added, _)| of_disease(added));
    let change = if let Some((_, is_new)) = added {
        let label = if *is_new {
            "新しい疾病"
        } else {
            "新しい版"
        };
        Some(("new", label))
    } else if changes.rules.iter().any(of_disease) {
        Some(("rules", "規則の変更"))
    } else if changes.files.iter().any(of_disease) {
        Some(("files", "資料の変更"))
    } else {
        None
    };
    Disease {
        key: newest.key.clone(),
        number: written_number(&newest.key),
        title: newest.title.clone(),
        kana: newest.names.kana.clone(),
        short: newest.names.short.clone(),
        editions: editions.iter().map(|form| form.edition.clone()).collect(),
        status: status_badge(newest.status),
        change,
    }
}

/// A file on a page.
#[derive(Serialize)]
struct FileView {
    path: String,
    name: String,
    size: String,
    hash: String,
    /// For the address.
    version: String,
    document: bool,
    /// What it is, where its name does not say so.
    what: Option<String>,
    #[serde(skip)]
    order: usize,
}

/// Files that belong together.
#[derive(Serialize)]
struct GroupView {
    label: &'static str,
    what: &'static str,
    files: Vec<FileView>,
}

fn groups<'f>(files: impl Iterator<Item = &'f FileEntry>) -> Vec<GroupView> {
    let mut groups: BTreeMap<Group, Vec<FileView>> = BTreeMap::new();
    for file in files {
        let (order, what) = what_of(file).unzip();
        groups.entry(group_of(file)).or_default().push(FileView {
            path: file.path.clone(),
            name: file.name().to_owned(),
            size: size(file.size),
            hash: file.sha256.to_string(),
            version: short(file.sha256),
            document: is_document(file),
            what: what.map(str::to_owned),
            order: order.unwrap_or(usize::MAX),
        });
    }
    groups
        .into_iter()
        .map(|(group, mut files)| {
            // What people read comes first.
            files.sort_by_key(|file| (!file.document, file.order));
            GroupView {
                label: group.label,
                what: group.what,
                files,
            }
        })
        .collect()
}

/// The hash and the path of every file, as `sha256sum` writes and reads them.
fn sums<'f>(files: impl Iterator<Item = &'f FileEntry>) -> String {
    let mut lines: Vec<(&str, String)> = files
        .map(|file| (file.path.as_str(), file.sha256.to_string()))
        .collect();
    lines.sort();
    let lines = lines.iter().map(|(path, hash)| format!("{hash}  {path}\n"));
    lines.collect()
}

/// A text of a release.
async fn text_of(release: &Arc<Release>, path: &str) -> Result<String, Error> {
    let path = path.to_owned();
    let bytes = read(Arc::clone(release), move |release| release.read(&path)).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A document, in the frame of the portal.
pub(super) async fn draw_document(
    release: &Arc<Release>,
    entry: &FileEntry,
    asked: &HeaderMap,
) -> Result<Response, Error> {
    let text = text_of(release, &entry.path).await?;
    let title = markdown::title(&text).unwrap_or_else(|| entry.name().to_owned());
    let html = Page::anonymous(&title)
        .with("nav", "releases")
        .with("release", release.id())
        .with("path", &entry.path)
        .with("version", &short(entry.sha256))
        .with("guide", GUIDE)
        .with_drawn("document", &markdown::drawn(&text))
        .text("portal/document.html")?;
    Ok(page(html, asked))
}

/// An edition of a disease with its files.
#[derive(Serialize)]
struct EditionView {
    edition: String,
    title: String,
    valid_from: String,
    valid_until: Option<String>,
    status: StatusBadge,
    source: String,
    groups: Vec<GroupView>,
    zip: String,
    files: usize,
    kit: Option<KitView>,
    card: Option<String>,
    /// Hashes and paths, as `sha256sum` writes and reads them.
    sums: String,
}

/// The conformance kit of an edition.
#[derive(Serialize)]
struct KitView {
    zip: String,
    files: usize,
}

/// One disease: its editions and their files.
pub(crate) async fn form(
    State(app): State<App>,
    Path((id, key)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    let (shelf, release) = named(&app, &id)?;
    let manifest = release.manifest();
    let mut forms: Vec<&FormEntry> = manifest.forms.iter().filter(|f| f.key == key).collect();
    forms
        .sort_by_key(|form| std::cmp::Reverse((form.valid_from.first_day(), form.edition.clone())));
    let Some(newest) = forms.first() else {
        return Err(Error::NotPublished { what: "様式" });
    };
    let mut editions = Vec::new();
    for form in &forms {
        editions.push(edition(&release, form).await?);
    }
    let html = Page::anonymous(&newest.title)
        .with("nav", "releases")
        .with(
            "release",
            &ReleaseView::of(&shelf, &release, assess::today(&app)?),
        )
        .with("key", &newest.key)
        .with("number", &written_number(&newest.key))
        .with("programme", programme_label(newest.programme))
        .with("kana", &newest.names.kana)
        .with("editions", &editions)
        .text("portal/form.html")?;
    Ok(page(html, &asked))
}

async fn edition(release: &Arc<Release>, form: &FormEntry) -> Result<EditionView, Error> {
    let files: Vec<&FileEntry> = release
        .manifest()
        .files_of(&form.key, &form.edition)
        .collect();
    let (kit, others): (Vec<&FileEntry>, Vec<&FileEntry>) =
        files.into_iter().partition(|file| Part::Kit.has(file));
    let card = others
        .iter()
        .find(|file| file.kind == Kind::Card && file.path.ends_with(".md"))
        .map(|file| file.path.clone());
    let card = match card {
        Some(path) => Some(plain_card(&text_of(release, &path).await?)),
        None => None,
    };
    Ok(EditionView {
        edition: form.edition.clone(),
        title: form.title.clone(),
        valid_from: form.valid_from.japanese(),
        valid_until: form.valid_until.map(Date::japanese),
        status: status_badge(form.status),
        source: form.source.clone(),
        zip: Part::All.name(&form.key, &form.edition),
        files: others.len(),
        sums: sums(others.iter().copied()),
        groups: groups(others.into_iter()),
        kit: (!kit.is_empty()).then(|| KitView {
            zip: Part::Kit.name(&form.key, &form.edition),
            files: kit.len(),
        }),
        card,
    })
}

/// The text of a card without the fence that keeps its layout where Markdown is drawn.
fn plain_card(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("```") && !line.starts_with("<!--"))
        .collect();
    lines.join("\n").trim().to_owned()
}

/// What changed in one release.
#[derive(Serialize)]
struct ChangesView {
    release: ReleaseView,
    /// The release before, and whether it is here to be compared with.
    compared: bool,
    lists: Vec<ChangeList>,
    files: Vec<FileView>,
}

#[derive(Serialize)]
struct ChangeList {
    label: &'static str,
    what: &'static str,
    forms: Vec<ChangedView>,
}

#[derive(Serialize)]
struct ChangedView {
    key: String,
    number: String,
    edition: String,
    title: String,
    /// Whether it has a page in this release.
    here: bool,
    new_disease: bool,
}

impl ChangesView {
    fn of(shelf: &Shelf, release: &Release, on: Date) -> Self {
        let before = shelf.before(release);
        let changes = before
            .map(|before| Changes::between(before.manifest(), release.manifest()))
            .unwrap_or_default();
        let view = |changed: &ChangedForm, new_disease: bool| ChangedView {
            key: changed.form.key.clone(),
            number: written_number(&changed.form.key),
            edition: changed.form.edition.clone(),
            title: changed.title.clone(),
            here: release
                .manifest()
                .form(&changed.form.key, &changed.form.edition)
                .is_some(),
            new_disease,
        };
        let plain = |changed: &[ChangedForm]| changed.iter().map(|c| view(c, false)).collect();
        let lists = vec![
            ChangeList {
                label: "追加された様式",
                what: "新しい疾病か、新しい版です。",
                forms: changes.added.iter().map(|(c, new)| view(c, *new)).collect(),
            },
            ChangeList {
                label: "規則が変わった様式",
                what: "項目・コード・チェック・判定のどれかが変わりました。実装の確認が必要です。",
                forms: plain(&changes.rules),
            },
            ChangeList {
                label: "資料だけが変わった様式",
                what: "判定プログラムは同じです。書き方や説明が変わりました。",
                forms: plain(&changes.files),
            },
            ChangeList {
                label: "廃止された様式",
                what: "このリリースには含まれません。",
                forms: plain(&changes.withdrawn),
            },
        ];
        Self {
            compared: before.is_some(),
            lists: lists
                .into_iter()
                .filter(|list| !list.forms.is_empty())
                .collect(),
            files: groups(
                release
                    .manifest()
                    .files
                    .iter()
                    .filter(|file| file.kind == Kind::Changes),
            )
            .into_iter()
            .flat_map(|group| group.files)
            .collect(),
            release: ReleaseView::of(shelf, release, on),
        }
    }
}

/// What changed from the release before.
pub(crate) async fn changes(
    State(app): State<App>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    let (shelf, release) = named(&app, &id)?;
    let view = ChangesView::of(&shelf, &release, assess::today(&app)?);
    draw_changes(
        &format!("リリース {id} の変更"),
        "releases",
        vec![view],
        &asked,
    )
}

/// What changed in every release.
pub(crate) async fn history(State(app): State<App>, asked: HeaderMap) -> Result<Response, Error> {
    let shelf = shelf(&app)?;
    let on = assess::today(&app)?;
    let view = |release: &Arc<Release>| ChangesView::of(&shelf, release, on);
    let all: Vec<ChangesView> = shelf.releases().iter().map(view).collect();
    draw_changes("変更履歴", "changes", all, &asked)
}

fn draw_changes(
    title: &str,
    nav: &str,
    all: Vec<ChangesView>,
    asked: &HeaderMap,
) -> Result<Response, Error> {
    let html = Page::anonymous(title)
        .with("nav", nav)
        .with("all", &all)
        .text("portal/changes.html")?;
    Ok(page(html, asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_one_disease() {
        let keys = [
            "shitei-006",
            "shitei-006",
            "shitei-300-b01",
            "shitei-300-b02",
            "shoman-11-080",
        ];
        assert_eq!(count_diseases(keys.into_iter()), 3);
    }
}
