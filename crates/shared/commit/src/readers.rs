//! Read-only connections: some on threads of their own, some for whoever only looks something up.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::{CommitError, OpenError, connection};

/// How many reads may wait for a thread.
const QUEUE: usize = 4096;

type Read = Box<dyn FnOnce(&Connection) + Send>;

/// A few threads that read what is committed. Clones share them; they end with the last clone, which waits for them: SQLite
/// puts the WAL away when the last connection closes, and only a [`crate::Writer`]'s can. So drop readers before their writer.
#[derive(Clone)]
pub struct Readers {
    threads: Arc<Threads>,
}

struct Threads {
    queue: Option<SyncSender<Read>>,
    handles: Vec<JoinHandle<()>>,
    /// What [`Readers::look`] uses, while nobody does.
    idle: Mutex<Vec<Connection>>,
}

impl Drop for Threads {
    fn drop(&mut self) {
        drop(self.queue.take());
        let own = std::thread::current().id();
        for handle in self.handles.drain(..).filter(|handle| handle.thread().id() != own) {
            // A panic of the thread was told to each caller already.
            let _ = handle.join();
        }
    }
}

impl Readers {
    /// Opens `threads` read-only connections to the database at `path`, which must exist, and as many again for
    /// [`Readers::look`].
    ///
    /// # Errors
    /// [`OpenError`] when a connection or thread cannot be made.
    pub fn open(path: &Path, threads: usize) -> Result<Self, OpenError> {
        let (queue, receiver) = sync_channel::<Read>(QUEUE);
        let receiver = Arc::new(Mutex::new(receiver));
        let mut handles = Vec::with_capacity(threads.max(1));
        let mut idle = Vec::with_capacity(threads.max(1));
        for number in 0..threads.max(1) {
            let connection = connection::reading(path)?;
            idle.push(connection::reading(path)?);
            let receiver = Arc::clone(&receiver);
            let thread = std::thread::Builder::new().name(format!("sqlite-reader-{number}"));
            handles.push(thread.spawn(move || serve(&connection, &receiver))?);
        }
        Ok(Self { threads: Arc::new(Threads { queue: Some(queue), handles, idle: Mutex::new(idle) }) })
    }

    /// Runs `read` on one of the threads, in a transaction of its own: everything it reads is of one moment.
    ///
    /// # Errors
    /// [`CommitError`] when it could not be run; the inner error is the read's own.
    pub async fn read<T, E>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, CommitError>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let (reply, answered) = oneshot::channel();
        let run: Read = Box::new(move |connection| {
            let outcome = in_snapshot(connection, name, read);
            // A caller that hung up needs no answer.
            let _ = reply.send(outcome);
        });
        let queue = self.threads.queue.as_ref().ok_or(CommitError::Stopped)?;
        queue.try_send(run).map_err(|error| match error {
            TrySendError::Full(_) => CommitError::Full,
            TrySendError::Disconnected(_) => CommitError::Stopped,
        })?;
        answered.await.map_err(|_| CommitError::Unknown)?
    }

    /// As [`Readers::read`], in the calling thread: for a few rows by their key, and nothing longer, because whatever else
    /// runs on that thread waits. Handing so short a read to another thread and back costs several times the read.
    ///
    /// # Errors
    /// As [`Readers::read`].
    pub async fn look<T, E>(
        &self,
        name: &'static str,
        read: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, CommitError>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let Some(connection) = self.threads.idle().pop() else { return self.read(name, read).await };
        let outcome = in_snapshot(&connection, name, read);
        self.threads.idle().push(connection);
        outcome
    }
}

impl Threads {
    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        // Pushing and popping leave nothing half done.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn in_snapshot<T, E>(
    connection: &Connection,
    name: &'static str,
    read: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<Result<T, E>, CommitError> {
    let step = |sql: &str| connection.prepare_cached(sql).and_then(|mut statement| statement.execute([]).map(|_| ()));
    let failed = |error: rusqlite::Error| CommitError::Failed(format!("{name}: {error}"));
    step("BEGIN DEFERRED").map_err(failed)?;
    let outcome = read(connection);
    step("COMMIT").map_err(failed)?;
    Ok(outcome)
}

fn serve(connection: &Connection, queue: &Mutex<Receiver<Read>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(read) => read(connection),
            Err(_) => return,
        }
    }
}
