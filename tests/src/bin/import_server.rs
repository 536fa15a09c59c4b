//! The server as a process of its own, for tests that end it without warning.
//!
//! Arguments: folder of the installation, address of the database, address to listen on, file of
//! one program.

use kohyo_engine::from_json;
use kohyo_server::{Config, Library, serve};
use std::path::PathBuf;
use std::sync::Arc;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, database, listen, program] = arguments.as_slice() else {
        panic!("folder, database, address, program");
    };
    let form = from_json(&std::fs::read(program).unwrap()).unwrap();
    let library = Library::new([Arc::new(form)]).unwrap();
    let config = Config {
        database: database.clone(),
        ..Config::local(PathBuf::from(folder), listen.parse().unwrap())
    };
    serve(&config, library).await.unwrap();
}
