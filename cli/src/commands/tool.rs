//! `kohyo tool`: the check tool as a page on this machine.

use crate::args::ReleaseFile;
use crate::commands::check_records::today;
use crate::commands::judging::Judging;
use crate::commands::key::{VERSION, keys_folder};
use crate::disk::Failure;
use crate::output;
use kohyo_tool::{Config, Tool, reason, remedy, serve_on};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub fn run(
    forms: Option<&Path>,
    folder: Option<PathBuf>,
    port: u16,
    keys: Option<PathBuf>,
    release: &ReleaseFile,
) -> Result<ExitCode, Failure> {
    let judging = Judging::open(forms, release, keys.clone(), today()?)?;
    let config = Config {
        library: judging.forms,
        release: judging.release,
        keys: keys_folder(keys)?,
        folder: folder.unwrap_or_else(|| PathBuf::from(".")),
        version: VERSION.to_owned(),
    };
    let fail = |e: std::io::Error| {
        let remedy = remedy(&e, "ほかのポートを指定するか、端末を再起動してください");
        Failure::Other(format!("起動できません: {}\n  {remedy}", reason(&e)))
    };
    let runtime = tokio::runtime::Runtime::new().map_err(fail)?;
    runtime.block_on(async {
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = tokio::net::TcpListener::bind(wanted).await.map_err(fail)?;
        let tool = Tool::new(config, listener.local_addr().map_err(fail)?)?;
        output::line(&format!(
            "ブラウザーで次のアドレスを開いてください（ほかの人に教えないでください）\n  {}\n終了するには、画面の「終了する」か Ctrl+C を押してください",
            tool.url()
        ));
        serve_on(listener, tool).await?;
        Ok(ExitCode::SUCCESS)
    })
}
