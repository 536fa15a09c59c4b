//! Files of hospitals from their first byte to their records.

mod hospital;
mod in_the_database;
mod keys;
mod together;

use crate::support::{START, Sender, Server, hash, on_both};
use axum::http::StatusCode;
use hospital::{container, document, drafts, key, sender, token, tool_list};
use kohyo_exchange::seal::{Contents, seal};
use kohyo_server::verify_audit;
use tokio::io::AsyncWriteExt;

on_both! {
    async fn a_container_becomes_drafts_that_a_physician_confirms(server: Server) {
        let mut manager = server.signed_in("yamada").await;
        let before = drafts(&mut manager).await;
        let key = key(&mut manager, "").await;
        let sender = sender(&server, &mut manager).await;
        let bytes = container(&["一", "!二", "三"], &key, START);
        let status = sender.send(&bytes, "each", "2026-11.kohyo-box").await;
        assert_eq!(status["state"], "done", "{status}");
        let receipt = &status["receipt"];
        assert_eq!((&receipt["records"], &receipt["registered"], &receipt["refused"]), (&3.into(), &2.into(), &1.into()));
        assert_eq!(receipt["kid"], key.certificate().kid().to_string());
        assert_eq!(drafts(&mut manager).await, before + 2);

        let id = status["id"].as_str().unwrap();
        let page = manager.get(&format!("/imports/{id}")).await;
        assert_eq!(page.text("receipt"), receipt["number"].as_str().unwrap());
        assert!(page.body.contains("required.tremor") && page.body.contains("1件は、エラーがあるため"));
        let records: serde_json::Value = sender.json(&format!("/imports/{id}/records.json")).await;
        assert_eq!(records[1]["outcome"], "refused");
        let path = format!("/records/{}", records[0]["record"].as_str().unwrap());
        let done = manager.confirm(&path, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert_eq!(manager.get(&path).await.text("verdict-result"), "認定基準を満たす");
        // The key's page lists what came under it.
        let keys = manager.get("/keys").await;
        assert!(keys.body.contains(&format!("/imports?kid={}", key.certificate().kid())));
        verify_audit(&server.config).await.unwrap();
    }

    async fn the_error_list_is_the_tools_byte_for_byte(server: Server) {
        let mut manager = server.signed_in("yamada").await;
        let key = key(&mut manager, "").await;
        let sender = sender(&server, &mut manager).await;
        let good = document(&["一", "!二", "三", "!四"]);
        let text = String::from_utf8(good.clone()).unwrap();
        let broken = text.replacen("</rigidity>", "</rigid>", 3).into_bytes();
        let odd = text.replacen(">160<", ">=16O<", 2).replace("2020\"", "1999\"").into_bytes();
        let cut = good[..good.len() - 300].to_vec();
        let mut files = vec![good.clone(), broken, odd, cut, b"<records xmlns='urn:kohyo:records'/>".to_vec(), b"no XML".to_vec()];
        files.extend([document(&["五"])]);
        for file in files {
            let status = sender.send(&file, "each", "records.xml").await;
            let id = status["id"].as_str().unwrap();
            for (ending, json) in [("csv", false), ("json", true)] {
                let list = sender.bytes(&format!("/imports/{id}/errors.{ending}")).await;
                let expected = tool_list("records.xml", &file, json);
                if status["state"] == "refused" && status["refusal"]["error"] != "import.nothing" {
                    panic!("{status}");
                }
                assert_eq!(String::from_utf8_lossy(&list), String::from_utf8_lossy(&expected));
            }
        }
        // A container is listed as its payload is.
        let sealed = container(&["六", "!七"], &key, START);
        let status = sender.send(&sealed, "each", "records.xml").await;
        let list = sender.bytes(&format!("/imports/{}/errors.csv", status["id"].as_str().unwrap())).await;
        let expected = tool_list("records.xml", &document(&["六", "!七"]), false);
        assert_eq!(String::from_utf8_lossy(&list), String::from_utf8_lossy(&expected));
    }

    async fn sent_twenty_times_eight_at_a_time_it_is_registered_once(server: Server) {
        let mut manager = server.signed_in("yamada").await;
        let before = drafts(&mut manager).await;
        let key = key(&mut manager, "").await;
        let token = token(&mut manager).await;
        let names: Vec<String> = (0..40).map(|n| format!("患者{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let bytes = container(&names, &key, START);
        let mut receipts = Vec::new();
        for round in [8, 8, 4] {
            let sending = (0..round).map(|_| {
                let sender = Sender::new(&server.router, &token);
                let bytes = bytes.clone();
                tokio::spawn(async move { sender.send(&bytes, "each", "x.kohyo-box").await })
            });
            for sent in sending.collect::<Vec<_>>() {
                receipts.push(sent.await.unwrap().to_string());
            }
        }
        assert_eq!(receipts.len(), 20);
        assert!(receipts.iter().all(|receipt| receipt == &receipts[0]), "{receipts:#?}");
        assert!(receipts[0].contains("\"registered\":40"), "{}", receipts[0]);
        assert_eq!(drafts(&mut manager).await, before + 40);
        // Sealed anew, the records are the same records.
        let again = container(&names, &key, START);
        assert_ne!(hash(&again), hash(&bytes));
        let sender = Sender::new(&server.router, &token);
        let status = sender.send(&again, "each", "x.kohyo-box").await;
        let receipt = &status["receipt"];
        assert_eq!((&receipt["registered"], &receipt["duplicates"]), (&0.into(), &40.into()));
        assert_eq!(drafts(&mut manager).await, before + 40);
        verify_audit(&server.config).await.unwrap();
    }

    async fn all_or_nothing_registers_nothing_and_can_be_sent_again(server: Server) {
        let mut manager = server.signed_in("yamada").await;
        let before = drafts(&mut manager).await;
        let sender = sender(&server, &mut manager).await;
        let file = document(&["一", "!二", "三"]);
        let status = sender.send(&file, "all", "a.xml").await;
        assert_eq!(status["refusal"]["error"], "import.all_or_nothing", "{status}");
        assert_eq!(drafts(&mut manager).await, before);
        let id = status["id"].as_str().unwrap().to_owned();
        let records = sender.json(&format!("/imports/{id}/records.json")).await;
        let outcomes: Vec<&str> = records.as_array().unwrap().iter().map(|r| r["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["held", "refused", "held"]);
        assert!(manager.get(&format!("/imports/{id}")).await.has("import-refused"));
        // What registered nothing is checked anew.
        let status = sender.send(&file, "each", "b.xml").await;
        assert_eq!(status["receipt"]["registered"], 2, "{status}");
        assert_eq!((&status["id"], &status["name"]), (&id.into(), &"b.xml".into()));
        let clean = sender.send(&document(&["四", "五"]), "all", "b.xml").await;
        assert_eq!(clean["receipt"]["registered"], 2, "{clean}");
        assert_eq!(drafts(&mut manager).await, before + 4);
    }

    async fn the_same_record_is_registered_once_until_it_is_deleted(server: Server) {
        let mut manager = server.signed_in("yamada").await;
        let before = drafts(&mut manager).await;
        let sender = sender(&server, &mut manager).await;
        let first = sender.send(&document(&["一", "一", "二"]), "each", "a.xml").await;
        assert_eq!(first["receipt"]["duplicates"], 1, "{first}");
        let records = sender.json(&format!("/imports/{}/records.json", first["id"].as_str().unwrap())).await;
        assert_eq!(records[0]["record"], records[1]["record"]);
        assert_eq!(drafts(&mut manager).await, before + 2);
        let path = format!("/records/{}", records[0]["record"].as_str().unwrap());
        manager.delete(&path).await;
        let second = sender.send(&document(&["一", "二", "三"]), "each", "b.xml").await;
        assert_eq!((&second["receipt"]["registered"], &second["receipt"]["duplicates"]), (&2.into(), &1.into()), "{second}");
        assert_eq!(drafts(&mut manager).await, before + 3);
    }

    async fn re_issued_and_compromised_keys_follow_the_rules(server: Server) {
        let mut manager = server.signed_in("yamada").await;
        let sender = sender(&server, &mut manager).await;
        let old = key(&mut manager, "").await;
        let early = container(&["一"], &old, START);
        server.wait(60);
        let new = key(&mut manager, &old.certificate().kid().to_string()).await;
        assert_eq!(sender.send(&early, "each", "a").await["state"], "done");
        let late = container(&["二"], &old, START + 90);
        assert_eq!(sender.send(&late, "each", "b").await["refusal"]["error"], "box.key_reissued");
        let in_time = container(&["三"], &old, START);
        server.wait(31 * 24 * 60 * 60);
        let mut manager = server.signed_in("yamada").await;
        assert_eq!(sender.send(&in_time, "each", "c").await["refusal"]["error"], "box.key_too_late");
        let fresh = container(&["四"], &new, START + 120);
        assert_eq!(sender.send(&fresh, "each", "d").await["state"], "done");
        let kid = new.certificate().kid();
        manager.get("/keys").await;
        let unticked = manager.post(&format!("/keys/{kid}/compromised"), &[]).await;
        assert_eq!(unticked.status, StatusCode::UNPROCESSABLE_ENTITY);
        manager.get("/keys").await;
        manager.post(&format!("/keys/{kid}/compromised"), &[("_ack", "yes")]).await;
        for created in [START + 120, START + 31 * 24 * 60 * 60] {
            let stolen = container(&["五"], &new, created);
            let status = sender.send(&stolen, "each", "e").await;
            assert_eq!(status["refusal"]["error"], "box.key_compromised", "{status}");
        }
        // What came before stays, and is shown.
        let list = manager.get(&format!("/imports?kid={kid}")).await;
        assert_eq!(list.body.matches("data-testid=\"import-line\"").count(), 1);
        assert_eq!(sender.send(&fresh, "each", "d").await["state"], "done");
    }

    async fn what_is_no_delivery_is_refused_with_its_reason(server: Server) {
        let mut manager = server.signed_in("yamada").await;
        let before = drafts(&mut manager).await;
        let key = key(&mut manager, "").await;
        let sender = sender(&server, &mut manager).await;
        let whole = container(&["一", "二"], &key, START);
        let mut changed = whole.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        let miscounted = {
            let contents = Contents { payload: &document(&["一", "二"]), records: 3, created: START as u64, tool: "t", release: "r" };
            let mut bytes = Vec::new();
            seal(&contents, &key, &mut rand::rng(), &mut bytes).unwrap();
            bytes
        };
        for (bytes, reason) in [
            (whole[..whole.len() - 1].to_vec(), "box.truncated"),
            ([whole.as_slice(), b"x"].concat(), "box.extended"),
            (changed, "box.signature"),
            (miscounted, "box.count"),
            (b"PK\x03\x04 an archive".to_vec(), "import.archive"),
            (b"%PDF-1.7 a scan".to_vec(), "import.foreign"),
            (document(&["!一"]), "import.nothing"),
        ] {
            let status = sender.send(&bytes, "each", "x").await;
            assert_eq!(status["refusal"]["error"], reason, "{status}");
            let list = sender.bytes(&format!("/imports/{}/errors.csv", status["id"].as_str().unwrap())).await;
            let list = String::from_utf8(list).unwrap();
            assert!(list.lines().count() > 1 && (reason == "import.nothing" || list.contains(reason)), "{list}");
        }
        assert_eq!(drafts(&mut manager).await, before);
        // Of another hospital: its key, its files, its tokens.
        let mut other = server.signed_in("suzuki").await;
        let theirs = self::sender(&server, &mut other).await;
        let status = theirs.send(&whole, "each", "x").await;
        assert_eq!(status["refusal"]["error"], "import.other_hospital", "{status}");
        let ours = sender.send(&whole, "each", "x").await;
        let path = format!("/imports/{}", ours["id"].as_str().unwrap());
        assert_eq!(theirs.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(Sender::new(&server.router, "kohyo_x").get("/imports").await.status, StatusCode::UNAUTHORIZED);
        let mut officer = server.signed_in("takahashi").await;
        assert_eq!(officer.get("/imports").await.status, StatusCode::FORBIDDEN);
        let mut clerk = server.signed_in("sato").await;
        assert_eq!(clerk.get("/imports").await.status, StatusCode::OK);
        assert_eq!(clerk.get("/keys").await.status, StatusCode::FORBIDDEN);
    }

    async fn bytes_go_on_where_they_stopped_and_wrong_ones_are_found(server: Server) {
        let mut manager = server.signed_in("yamada").await;
        let sender = sender(&server, &mut manager).await;
        let names: Vec<String> = (0..200).map(|n| format!("患者{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let file = document(&names);
        assert!(file.len() > 150_000, "{}", file.len());
        let (status, body) = sender.begin(&file, "each", "x.xml").await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        let path = format!("/imports/{}", body["id"].as_str().unwrap());
        let early = sender.post(&format!("{path}/finish")).await;
        assert_eq!((early.0, &early.1["error"]), (StatusCode::CONFLICT, &"import.incomplete".into()));
        let (status, offset) = sender.patch(&path, 0, &file[..100_000]).await;
        assert_eq!((status, offset), (StatusCode::NO_CONTENT, 65_536));
        let (status, offset) = sender.patch(&path, 100_000, &file[100_000..]).await;
        assert_eq!((status, offset), (StatusCode::CONFLICT, 65_536));
        assert_eq!(sender.json(&path).await["offset"], 65_536);
        let mut wrong = file.clone();
        wrong[70_000] ^= 1;
        let (status, offset) = sender.patch(&path, 65_536, &wrong[65_536..]).await;
        assert_eq!((status, offset), (StatusCode::NO_CONTENT, file.len() as u64));
        let (status, body) = sender.post(&format!("{path}/finish")).await;
        assert_eq!((status, &body["error"]), (StatusCode::UNPROCESSABLE_ENTITY, &"import.hash".into()));
        let (status, _) = sender.patch(&path, 0, &[file.as_slice(), b"more"].concat()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let status = sender.send(&file, "each", "x.xml").await;
        assert_eq!(status["receipt"]["registered"], 200, "{status}");
        let (status, body) = sender.announce(&"0".repeat(64), 1 << 40, "each").await;
        assert_eq!((status, &body["error"]), (StatusCode::PAYLOAD_TOO_LARGE, &"import.too_large".into()));
        let (status, body) = sender.announce("ABC", 5, "each").await;
        assert_eq!((status, &body["error"]), (StatusCode::BAD_REQUEST, &"import.sha256".into()));
    }

    async fn the_mode_is_the_one_asked_for_last_also_while_bytes_come(server: Server) {
        let mut manager = server.signed_in("yamada").await;
        let sender = sender(&server, &mut manager).await;
        let file = document(&["一"; 60]);
        let (_, body) = sender.begin(&file, "each", "a.xml").await;
        let path = format!("/imports/{}", body["id"].as_str().unwrap());
        let (mut bytes, coming) = tokio::io::duplex(1024);
        let sending = {
            let (sender, path) = (sender.clone(), path.clone());
            tokio::spawn(async move { sender.patch_stream(&path, 0, coming).await })
        };
        // It has begun when there is room for more than the pipe holds.
        bytes.write_all(&[b' '; 4096]).await.unwrap();
        let (status, body) = sender.begin(&file, "all", "a.xml").await;
        assert_eq!((status, &body["mode"]), (StatusCode::OK, &"all".into()));
        drop(bytes);
        assert_eq!(sending.await.unwrap(), StatusCode::NO_CONTENT);
        assert_eq!(sender.json(&path).await["mode"], "all");
    }

    async fn a_page_without_scripts_sends_a_file(server: Server) {
        let mut clerk = server.signed_in("sato").await;
        let page = clerk.get("/imports").await;
        assert!(page.has("send-file") && page.body.contains("64MB、5000件"));
        assert!(page.has("no-key") && page.body.contains("責任者に"));
        let file = document(&["一", "!二"]);
        let sent = clerk.post_file("/imports/form", "each", "六月分.xml", &file).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let path = sent.location();
        let mut page = clerk.get(&path).await;
        for _ in 0..600 {
            if !page.has("import-progress") { break; }
            assert!(page.body.contains("http-equiv=\"refresh\""));
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            page = clerk.get(&path).await;
        }
        assert!(page.has("import-done") && page.body.contains("六月分.xml"), "{}", page.body);
        assert_eq!(page.body.matches("data-testid=\"import-record\"").count(), 2);
        // The same again leads to the same.
        let again = clerk.post_file("/imports/form", "each", "六月分.xml", &file).await;
        assert_eq!(again.location(), path);
        let long = clerk.post_file("/imports/form", &"each".repeat(100), "x.xml", &file).await;
        assert_eq!(long.status, StatusCode::BAD_REQUEST);
        assert!(long.body.contains("長すぎる"), "{}", long.body);
        clerk.csrf = "wrong".to_owned();
        let forged = clerk.post_file("/imports/form", "each", "x.xml", &file).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        assert_eq!(std::fs::read_dir(server.config.data_dir.join("spool")).unwrap().count(), 0);
    }
}
