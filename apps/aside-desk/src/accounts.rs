//! `site create` and `admin|manager|agent create`: an operator's commands, straight to the database. They start an empty house;
//! everything after the first admin is done in the workspace.

use std::io::BufRead as _;

use aside_base::AgentId;
use aside_base::Clock as _;
use aside_desk_domain::{Agent, AgentName, DisplayName, PasswordHash, Role, Site};
use aside_desk_http::password;
use aside_desk_store::{Accounts as _, Creation, NewAgent as Account};
use aside_operate::{StartError, SystemClock, SystemRng};
use aside_wire::{Clocks, Keeping, Reopen};
use zeroize::Zeroizing;

use crate::config::{open_store, read};
use crate::{NewPerson, NewSite, output};

pub(crate) async fn create_site(new: NewSite) -> Result<(), StartError> {
    let site = Site {
        id: new.id,
        brand: new.brand,
        origins: new.origins,
        privacy_url: new.privacy_url,
        contact_url: new.contact_url,
        clocks: Clocks {
            invitation_life: new.invitation_life,
            open_limit: new.open_limit,
            submit_limit: new.submit_limit,
        },
        keeping: Keeping::default(),
        reopen: Reopen::default(),
    };
    site.check().map_err(StartError::new)?;
    let store = open_store(&read(&new.file.path)?)?;
    output::line(&match store.create_site(site, SystemClock.now()).await.map_err(StartError::new)? {
        Creation::Created(site) => format!("site {} created", site.id),
        Creation::Exists(site) => format!("site {} exists", site.id),
    });
    Ok(())
}

/// Creates somebody with a first password, which is to be changed at the first sign-in.
pub(crate) async fn create_person(role: Role, new: NewPerson) -> Result<(), StartError> {
    let name: AgentName = new.name.parse().map_err(StartError::new)?;
    let display_name: DisplayName = new.display_name.parse().map_err(StartError::new)?;
    let store = open_store(&read(&new.file.path)?)?;
    let (now, rng) = (SystemClock.now(), SystemRng::default());
    let exists = |role: Role, name: &AgentName| output::line(&format!("{} {} exists", role.as_str(), name.as_str()));
    // Asked first, so that repeating the command costs no hash.
    if store.credentials(Some(&new.site), &name).await.map_err(StartError::new)?.is_some() {
        exists(role, &name);
        return Ok(());
    }
    let hash = password::hash(&password_from_stdin()?, &rng).map_err(StartError::new)?;
    let agent = Agent { id: AgentId::generate(now, &rng), site: new.site.clone(), name, display_name };
    let account = Account { agent, password: PasswordHash::from_phc(hash), role, first_password: true };
    match store.create_agent(account, now).await.map_err(StartError::new)? {
        Some(Creation::Created(agent)) => output::line(&format!("{} {} created", role.as_str(), agent.name.as_str())),
        Some(Creation::Exists(agent)) => exists(role, &agent.name),
        None => return Err(StartError(format!("there is no site {}; create it first", new.site))),
    }
    Ok(())
}

/// The first line of standard input: not an argument, which every process of the machine could read.
fn password_from_stdin() -> Result<Zeroizing<String>, StartError> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line).map_err(StartError::new)?;
    let password = Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned());
    if password.is_empty() {
        return Err(StartError::new("give the first password as one line on standard input"));
    }
    Ok(password)
}
