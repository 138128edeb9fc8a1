//! The folder of a demonstration: ours to fill and to empty, and only if it bears our mark.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::Failure;

/// Shows that the folder is ours. It is locked as long as a demonstration runs here.
const MARK: &str = "made-by-companion-demo.txt";
const MARK_SAYS: &str = "`companion demo` made this folder. Everybody in it is invented.\n\
    You can delete the whole folder, or start over with `companion demo --reset`.\n";
const KEY: &str = "master.key";
/// Whole, and in use.
const DATABASE: &str = "companion.db";
/// Not whole yet: whatever stops the filling leaves it under this name, and the next start begins again.
const FILLING: &str = "filling.db";
/// The copy of a whole one, until it has its name.
const COPY: &str = "copy.db";

#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _mark: File,
}

impl Folder {
    /// Takes the folder for this process, making it if it is not there. Refuses one that holds other things.
    pub fn take(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        fs::create_dir_all(path).map_err(|e| format!("the folder {shown} cannot be made: {e}"))?;
        let mark = path.join(MARK);
        if !mark.exists() && fs::read_dir(path)?.next().is_some() {
            return Err(format!(
                "{shown} holds other things and was not made by `companion demo`, so it stays as it is. Choose another folder with --dir."
            )
            .into());
        }
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&mark)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(format!(
                    "Another `companion demo` is using {shown}. Stop it first, or choose another folder with --dir."
                )
                .into());
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        if file.metadata()?.len() == 0 {
            file.write_all(MARK_SAYS.as_bytes())?;
        }
        Ok(Self { path: path.to_owned(), _mark: file })
    }

    pub fn is_filled(&self) -> bool {
        self.path.join(DATABASE).exists()
    }

    pub fn key(&self) -> PathBuf {
        self.path.join(KEY)
    }

    pub fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    pub fn filling(&self) -> PathBuf {
        self.path.join(FILLING)
    }

    pub fn copy(&self) -> PathBuf {
        self.path.join(COPY)
    }

    /// Deletes what a demonstration makes, by name, and nothing else.
    pub fn empty(&self) -> io::Result<()> {
        delete_database(&self.database())?;
        self.discard_half_made()?;
        delete(&self.key())
    }

    pub fn discard_half_made(&self) -> io::Result<()> {
        delete_database(&self.filling())?;
        delete_database(&self.copy())
    }

    /// The copy is complete: from now on it is the database.
    pub fn filled(&self) -> io::Result<()> {
        File::options().write(true).open(self.copy())?.sync_all()?;
        fs::rename(self.copy(), self.database())
    }
}

fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn delete_database(path: &Path) -> io::Result<()> {
    // The database first: a log without its database is nothing, a database without its log is a wrong one.
    delete(path)?;
    delete(&beside(path, "-wal"))?;
    delete(&beside(path, "-shm"))
}

fn delete(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        deleted => deleted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("companion-demo-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        path
    }

    #[test]
    fn a_folder_with_other_things_in_it_is_left_alone() {
        let path = scratch("other");
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("companion.db"), "somebody's own").unwrap();
        assert!(Folder::take(&path).is_err());
        assert_eq!(fs::read_to_string(path.join("companion.db")).unwrap(), "somebody's own");
        fs::remove_dir_all(&path).unwrap();
    }

    #[test]
    fn starting_over_deletes_only_what_a_demonstration_makes() {
        let path = scratch("reset");
        let folder = Folder::take(&path).unwrap();
        for name in ["companion.db", "companion.db-wal", "filling.db", "copy.db", "master.key", "my notes.txt"] {
            fs::write(path.join(name), "x").unwrap();
        }
        assert!(folder.is_filled());
        folder.empty().unwrap();
        let left: Vec<_> = fs::read_dir(&path).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "{left:?}");
        assert!(path.join("my notes.txt").exists() && !folder.is_filled());
        drop(folder);
        fs::remove_dir_all(&path).unwrap();
    }

    #[test]
    fn two_demonstrations_cannot_use_one_folder() {
        let path = scratch("twice");
        let first = Folder::take(&path).unwrap();
        assert!(Folder::take(&path).is_err());
        drop(first);
        assert!(Folder::take(&path).is_ok());
        fs::remove_dir_all(&path).unwrap();
    }
}
