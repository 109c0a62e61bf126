// Files and directories that a program makes itself: on Linux in /tmp, verified in its own memory.
use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};

fn main() -> std::io::Result<()> {
    let folder = "/tmp/tessera-own-files-test";
    let _ = fs::remove_dir(folder);
    fs::create_dir(folder)?;
    let name = |file: &str| format!("{folder}/{file}");
    fs::write(name("b"), "second")?;
    let mut file = fs::File::create(name("a"))?;
    file.write_all(b"0123456789")?;
    drop(file);
    let mut file = fs::OpenOptions::new().read(true).write(true).open(name("a"))?;
    file.seek(SeekFrom::Start(4))?;
    file.write_all(b"xy")?;
    file.set_len(8)?;
    file.seek(SeekFrom::Start(0))?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    println!("{text}");
    let mut file = fs::OpenOptions::new().append(true).open(name("b"))?;
    file.write_all(b" and third")?;
    drop(file);
    fs::rename(name("b"), name("c"))?;
    println!("{} {}", fs::read_to_string(name("c"))?, fs::read_to_string(name("b")).is_err());
    let mut found: Vec<_> = fs::read_dir(folder)?.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    println!("{found:?} {}", fs::metadata(name("c"))?.len());
    println!("{:?}", fs::remove_dir(folder).is_err());
    fs::remove_file(name("a"))?;
    fs::remove_file(name("c"))?;
    fs::remove_dir(folder)?;
    println!("{}", fs::metadata(folder).is_err());
    Ok(())
}
