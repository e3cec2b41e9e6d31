//! The one writing thread.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::{CommitError, OpenError, connection};

/// How many commands may wait. Beyond it callers are told to come back.
const QUEUE: usize = 4096;
/// How many commands share one COMMIT at most, so that the first of them does not wait for ever.
const BATCH: usize = 512;

/// Hands commands to the writing thread. Clones share it; the thread ends with the last clone.
#[derive(Clone)]
pub struct Writer {
    thread: Arc<Thread>,
}

struct Thread {
    queue: Option<SyncSender<Task>>,
    handle: Option<JoinHandle<()>>,
}

impl Drop for Thread {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(handle) = self.handle.take()
            && handle.thread().id() != std::thread::current().id()
        {
            // A panic of the thread was told to each caller already.
            let _ = handle.join();
        }
    }
}

/// What the thread does next.
enum Task {
    /// A write, which may share its COMMIT with others.
    Write(Command),
    /// Something that needs the connection without a transaction.
    Alone(Box<dyn FnOnce(&Connection) + Send>),
}

/// One write: run inside the transaction, answered after its COMMIT.
struct Command {
    name: &'static str,
    run: Box<dyn FnOnce(&Connection) -> Ran + Send>,
}

/// What a run left to do once its batch is committed or lost.
struct Ran {
    keep: bool,
    answer: Box<dyn FnOnce(Result<(), CommitError>) + Send>,
}

impl Writer {
    /// Opens the database at `path`, lets `prepare` migrate it, and starts the writing thread.
    ///
    /// # Errors
    /// [`OpenError`] turned into the caller's own error, or what `prepare` refuses.
    pub fn open<E: From<OpenError>>(
        path: &Path,
        prepare: impl FnOnce(&mut Connection) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut connection = connection::writing(path)?;
        prepare(&mut connection)?;
        let (sender, receiver) = sync_channel(QUEUE);
        let handle = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || serve(&connection, &receiver))
            .map_err(OpenError::from)?;
        Ok(Self { thread: Arc::new(Thread { queue: Some(sender), handle: Some(handle) }) })
    }

    /// Runs `command` in the writing thread and waits until its effect is on the disk.
    ///
    /// The inner error is the command's own: it rolls back this command and no other.
    ///
    /// # Errors
    /// [`CommitError`] when the command could not be run or its COMMIT failed.
    pub async fn write<T, E>(
        &self,
        name: &'static str,
        command: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, CommitError>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let (reply, answered) = oneshot::channel();
        let run = Box::new(move |connection: &Connection| {
            let outcome = command(connection);
            let keep = outcome.is_ok();
            // The receiver may be gone: a caller that hung up still had its command carried out.
            let answer = Box::new(move |committed: Result<(), CommitError>| {
                let _ = reply.send(committed.map(|()| outcome));
            });
            Ran { keep, answer }
        });
        self.send(Task::Write(Command { name, run }))?;
        answered.await.map_err(|_| CommitError::Unknown)?
    }

    /// Moves the log into the database and cuts it to nothing, so that what was deleted or written over before is in neither
    /// of the two files any more. Waits for whoever reads right now.
    ///
    /// # Errors
    /// [`CommitError::Failed`] also when somebody read for too long: nothing is lost, try again.
    pub async fn truncate_log(&self) -> Result<(), CommitError> {
        let (reply, answered) = oneshot::channel();
        let truncate = move |connection: &Connection| {
            let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
            let outcome = match busy {
                Ok(false) => Ok(()),
                Ok(true) => Err(CommitError::Failed("the log is being read".to_owned())),
                Err(error) => Err(CommitError::Failed(error.to_string())),
            };
            let _ = reply.send(outcome);
        };
        self.send(Task::Alone(Box::new(truncate)))?;
        answered.await.map_err(|_| CommitError::Unknown)?
    }

    fn send(&self, task: Task) -> Result<(), CommitError> {
        let queue = self.thread.queue.as_ref().ok_or(CommitError::Stopped)?;
        queue.try_send(task).map_err(|error| match error {
            TrySendError::Full(_) => CommitError::Full,
            TrySendError::Disconnected(_) => CommitError::Stopped,
        })
    }
}

fn serve(connection: &Connection, queue: &Receiver<Task>) {
    while let Ok(first) = queue.recv() {
        let (mut batch, mut alone) = (Vec::with_capacity(16), None);
        let mut next = Some(first);
        while let Some(task) = next.take() {
            match task {
                Task::Write(command) => batch.push(command),
                Task::Alone(run) => alone = Some(run),
            }
            if alone.is_none() && batch.len() < BATCH {
                next = queue.try_recv().ok();
            }
        }
        write(connection, batch);
        if let Some(run) = alone {
            run(connection);
        }
    }
}

fn write(connection: &Connection, batch: Vec<Command>) {
    if !batch.is_empty() {
        let mut ran = Vec::with_capacity(batch.len());
        let committed = commit(connection, batch, &mut ran);
        if let Err(error) = &committed {
            tracing::error!(%error, "a batch of writes was lost");
            if !connection.is_autocommit() {
                // If even this fails the next BEGIN fails too, and its callers are told.
                let _ = connection.execute_batch("ROLLBACK");
            }
        }
        for done in ran {
            (done.answer)(committed.clone());
        }
    }
}

/// Runs a batch inside one transaction. On an error everything in `ran` is lost, kept or not.
fn commit(connection: &Connection, batch: Vec<Command>, ran: &mut Vec<Ran>) -> Result<(), CommitError> {
    let step = |sql: &str| {
        let mut statement = connection.prepare_cached(sql)?;
        statement.execute([]).map(|_| ())
    };
    let failed = |error: rusqlite::Error| CommitError::Failed(error.to_string());
    step("BEGIN IMMEDIATE").map_err(failed)?;
    // One that is alone is undone by undoing everything; a savepoint would keep a copy of each page it changes.
    let alone = batch.len() == 1;
    for command in batch {
        if !alone {
            step("SAVEPOINT command").map_err(failed)?;
        }
        let done = (command.run)(connection);
        let keep = done.keep;
        ran.push(done);
        if connection.is_autocommit() {
            // SQLite gave the whole transaction up (disk full, I/O error): nothing of the batch stands.
            return Err(CommitError::Failed(format!("the transaction ended inside {}", command.name)));
        }
        match (alone, keep) {
            (true, true) => {}
            (true, false) => return step("ROLLBACK").map_err(failed),
            (false, true) => step("RELEASE command").map_err(failed)?,
            (false, false) => {
                step("ROLLBACK TO command").map_err(failed)?;
                step("RELEASE command").map_err(failed)?;
            }
        }
    }
    step("COMMIT").map_err(failed)
}
