//! The library as a folder: out, edited with anything, and in again.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use companion::{
    access::Role,
    resources::folder::{Report, export, import},
};
use companion_tests::{
    Value, World, json,
    pack::{article, text},
    pictures::{self, drawing},
    story,
};

use super::states;

/// Every file below a folder, with what is in it.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            found.append(
                &mut files(&entry)
                    .into_iter()
                    .map(|(f, b)| (Path::new(entry.file_name().unwrap()).join(f), b))
                    .collect(),
            );
        } else {
            found.insert(entry.file_name().unwrap().into(), fs::read(&entry).unwrap());
        }
    }
    found
}

async fn exported(world: &World, name: &str) -> PathBuf {
    let folder = world.database.folder().join(name);
    export(&world.app, world.provider.id, &folder).await.unwrap();
    folder
}

async fn imported(world: &World, folder: &Path, publish: bool) -> Result<Report, String> {
    import(&world.app, world.provider.id, folder, publish).await.map_err(|e| e.to_string())
}

fn write(folder: &Path, file: &str, words: impl AsRef<[u8]>) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, words).unwrap();
}

story!(what_goes_out_comes_in_unchanged, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let image = phone.new_id();
    world.lead.put_image(image, drawing(1)).await.is(201);
    world.lead.rewrite("sleep", &article("Nights", &format!("Look:\n\n![The sea](image:{image})"))).await;
    let draft = json!({ "edition": "cy-easy", "markdown": article("Diod gynnes", "Berwch y tegell.") });
    world.lead.post("/api/v1/team/resources", &draft).await.is(201);
    let retired = world.lead.resource("slow-breathing").await;
    world.lead.act_on(&retired, "retire", &json!({ "withdraw": false })).await.is(200);
    let before = (phone.pack().await.to_string(), world.lead.library().await);

    let out = exported(world, "out").await;
    let texts = files(&out).len() - 1;
    assert!(files(&out).contains_key(Path::new(&format!("images/{image}.jpg"))));
    let left_out = ["cy-easy/diod-gynnes.md", "en/slow-breathing.md"];
    assert!(left_out.iter().all(|file| !files(&out).contains_key(Path::new(file))), "what clients do not read");
    assert!(export(&world.app, world.provider.id, &out).await.is_err(), "an export never overwrites");
    for publish in [false, true] {
        let report = imported(world, &out, publish).await.unwrap();
        assert_eq!(report, Report { texts: 0, unchanged: texts, images: 1 });
        assert_eq!((phone.pack().await.to_string(), world.lead.library().await), before);
    }
    // Elsewhere it makes the same library, pictures and all.
    let elsewhere = world.another_provider("Elsewhere").await;
    let eve = world.worker(elsewhere, "Eve", &[Role::TeamLead]).await;
    let theirs = world.phone_of(&world.client_of(elsewhere, "Toni", &[&eve]).await).await;
    let report = import(&world.app, elsewhere.id, &out, true).await.unwrap();
    assert_eq!((report.texts, report.images), (1, 1));
    let (theirs_now, ours) = (theirs.pack().await, phone.pack().await);
    assert!(ours.came().iter().all(|text| theirs_now.came().contains(text)));
    assert_eq!(pictures::size(&theirs.bytes(&format!("/api/v1/me/resource-images/{image}")).await), (40, 20));
});

story!(a_fault_in_one_file_takes_nothing_in, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let before = (phone.pack().await.to_string(), world.lead.library().await);
    let good = article("A warm drink", "Put the kettle on.");
    for (file, bad, said) in [
        ("en/b.md", article("B", "One.\n\n<b>two</b>").into_bytes(), "en/b.md:13: HTML"),
        ("en/b.md", b"no front matter".to_vec(), "en/b.md:1: "),
        ("cy/Bad Name.md", good.clone().into_bytes(), "small letters"),
        (
            "en/b.md",
            article("B", "![x](image:00000000-0000-7000-8000-000000000001)").into_bytes(),
            "neither in images/",
        ),
        ("en/b.md", vec![0xff, 0xfe], "en/b.md: "),
        ("images/00000000-0000-7000-8000-000000000002.jpg", b"<svg>".to_vec(), "read as a picture"),
    ] {
        let folder = world.database.folder().join("in");
        write(&folder, "en/a.md", &good);
        write(&folder, "images/00000000-0000-7000-8000-000000000001.jpg", drawing(1));
        if said.contains("images/") && file.ends_with("md") {
            fs::remove_dir_all(folder.join("images")).unwrap();
        }
        write(&folder, file, &bad);
        let refused = imported(world, &folder, true).await.unwrap_err();
        assert!(refused.contains(said), "{refused}");
        fs::remove_dir_all(&folder).unwrap();
    }
    let empty = world.database.folder().join("empty");
    fs::create_dir(&empty).unwrap();
    assert!(imported(world, &empty, true).await.unwrap_err().contains("there is no en/*.md"));
    assert_eq!((phone.pack().await.to_string(), world.lead.library().await), before);
    assert_eq!(world.count("SELECT COUNT(*) FROM resource_image").await, 0);
});

story!(what_comes_in_is_a_draft_and_nobodys_draft_is_written_over, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let sleep = world.lead.resource("sleep").await;
    let drafted =
        world.lead.draft(&sleep, &text(&sleep, "published")["hash"], &article("Nights", "By Pat.")).await.is(200);
    let pats = text(&drafted, "draft").clone();
    let folder = world.database.folder().join("in");
    write(&folder, "en/sleep.md", article("Nights", "By\u{200b} hand.").replace('\n', "\r\n"));
    write(&folder, "en/a-warm-drink.md", article("A warm drink", "Put the kettle on."));
    write(&folder, "en/notes.txt", "not a text");
    assert_eq!(imported(world, &folder, false).await.unwrap(), Report { texts: 2, unchanged: 0, images: 0 });
    let sleep = world.lead.resource("sleep").await;
    assert_eq!(states(&sleep), [(3, "draft"), (2, "earlier"), (1, "published")]);
    let kept: &Value =
        sleep["texts"].as_array().unwrap().iter().find(|t| t["number"] == 2 && t["edition"] == "en").unwrap();
    assert_eq!((&kept["markdown"], &kept["by"]), (&pats["markdown"], &json!("Pat")));
    let draft = text(&sleep, "draft");
    assert_eq!(
        (&draft["by"], &draft["markdown"]),
        (&json!(null), &json!(article("Nights", "By hand."))),
        "in our form"
    );
    assert!(phone.pack().await.resource("a-warm-drink").is_none());

    // The same again changes nothing; asked to publish, it does.
    assert_eq!(imported(world, &folder, false).await.unwrap().unchanged, 2);
    assert_eq!(imported(world, &folder, true).await.unwrap(), Report { texts: 2, unchanged: 0, images: 0 });
    assert_eq!(imported(world, &folder, true).await.unwrap().unchanged, 2);
    let pack = phone.pack().await;
    assert_eq!(pack.text("sleep", "en")["blocks"][1]["text"][0]["text"], "By hand.");
    assert!(pack.text("a-warm-drink", "en")["reviewed"].is_null());
    assert_eq!(
        states(&world.lead.resource("sleep").await),
        [(4, "published"), (3, "earlier"), (2, "earlier"), (1, "earlier")]
    );
});
