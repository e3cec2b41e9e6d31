//! `aside-desk`: the conversation zone's program. Wiring only: configuration, back end, link, router.

mod accounts;
mod audit;
mod config;
mod output;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use aside_base::{Origin, SiteId};
use aside_desk_domain::Role;
use aside_operate::{StartError, refuse};
use clap::{Args, Parser, Subcommand};

/// The desk of Aside: conversations between a brand's agents and its visitors.
#[derive(Parser)]
#[command(name = "aside-desk", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the workspace and the visitors' chat.
    Serve {
        #[command(flatten)]
        file: ConfigFile,
        /// What is logged: error, warn, info or debug; before the configuration's.
        #[arg(long)]
        log: Option<String>,
    },
    /// Sites: one for each brand.
    Site {
        #[command(subcommand)]
        command: SiteCommand,
    },
    /// Admins: who decides who may do what. The first one starts a house; it makes all others in the workspace.
    Admin {
        #[command(subcommand)]
        command: PersonCommand,
    },
    /// Managers: who leads agents.
    Manager {
        #[command(subcommand)]
        command: PersonCommand,
    },
    /// Agents: who answers visitors.
    Agent {
        #[command(subcommand)]
        command: PersonCommand,
    },
    /// Prints the audit log as JSON lines, oldest first. Works while the desk serves.
    Audit {
        #[command(flatten)]
        file: ConfigFile,
    },
    /// Prints the API's OpenAPI document.
    Openapi,
}

#[derive(Subcommand)]
enum SiteCommand {
    /// Creates a site; one that exists stays as it is.
    Create(NewSite),
}

#[derive(Subcommand)]
enum PersonCommand {
    /// Creates an account, with a first password on standard input that must be changed at the first sign-in; one that
    /// exists stays as it is, password included.
    Create(NewPerson),
}

#[derive(Args)]
struct ConfigFile {
    /// The configuration file.
    #[arg(long = "config", value_name = "FILE")]
    path: PathBuf,
}

/// A site's settings.
#[derive(Args)]
struct NewSite {
    #[command(flatten)]
    file: ConfigFile,
    /// Its short name, such as northwind.
    id: SiteId,
    /// The brand's name for people.
    #[arg(long)]
    brand: String,
    /// An origin whose pages may carry the widget; may be given more than once.
    #[arg(long = "origin", value_name = "ORIGIN", required = true)]
    origins: Vec<Origin>,
    /// The brand's privacy page.
    #[arg(long)]
    privacy_url: Option<String>,
    /// The brand's contact page.
    #[arg(long)]
    contact_url: Option<String>,
    /// Seconds from sending to the first click.
    #[arg(long, default_value_t = 86_400)]
    invitation_life: u32,
    /// Seconds from the click to the loaded form.
    #[arg(long, default_value_t = 300)]
    open_limit: u32,
    /// Seconds from the first opening to the sending.
    #[arg(long, default_value_t = 1_800)]
    submit_limit: u32,
}

/// Somebody's account.
#[derive(Args)]
struct NewPerson {
    #[command(flatten)]
    file: ConfigFile,
    /// The person's site.
    #[arg(long)]
    site: SiteId,
    /// The name to log in with.
    #[arg(long)]
    name: String,
    /// The name that people see.
    #[arg(long)]
    display_name: String,
}

fn main() -> ExitCode {
    aside_operate::install_provider();
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&error),
    }
}

async fn create_person(role: Role, command: PersonCommand) -> Result<(), StartError> {
    let PersonCommand::Create(new) = command;
    accounts::create_person(role, new).await
}

fn run(command: Command) -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(StartError::new)?;
    match command {
        Command::Serve { file, log } => runtime.block_on(serve::serve(&file.path, log.as_deref())),
        Command::Site { command: SiteCommand::Create(site) } => runtime.block_on(accounts::create_site(site)),
        Command::Admin { command } => runtime.block_on(create_person(Role::Admin, command)),
        Command::Manager { command } => runtime.block_on(create_person(Role::Manager, command)),
        Command::Agent { command } => runtime.block_on(create_person(Role::Agent, command)),
        Command::Audit { file } => runtime.block_on(audit::print(&file.path)),
        Command::Openapi => {
            let document = aside_desk_http::openapi().to_pretty_json().map_err(StartError::new)?;
            output::line(&document);
            Ok(())
        }
    }
}
