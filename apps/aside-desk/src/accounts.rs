//! `site create` and `agent create`: an operator's commands, straight to the database.

use std::io::BufRead as _;

use aside_base::AgentId;
use aside_base::Clock as _;
use aside_desk_domain::{Agent, AgentName, DisplayName, PasswordHash, Site};
use aside_desk_http::password;
use aside_desk_store::{Accounts as _, Creation, NewAgent as Account};
use aside_operate::{StartError, SystemClock, SystemRng};
use aside_wire::Clocks;
use zeroize::Zeroizing;

use crate::config::{open_store, read};
use crate::{NewAgent, NewSite, output};

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
    };
    site.check().map_err(StartError::new)?;
    let store = open_store(&read(&new.file.path)?)?;
    output::line(&match store.create_site(site, SystemClock.now()).await.map_err(StartError::new)? {
        Creation::Created(site) => format!("site {} created", site.id),
        Creation::Exists(site) => format!("site {} exists", site.id),
    });
    Ok(())
}

pub(crate) async fn create_agent(new: NewAgent) -> Result<(), StartError> {
    let name: AgentName = new.name.parse().map_err(StartError::new)?;
    let display_name: DisplayName = new.display_name.parse().map_err(StartError::new)?;
    let store = open_store(&read(&new.file.path)?)?;
    let (now, rng) = (SystemClock.now(), SystemRng::default());
    let hash = password::hash(&password_from_stdin()?, &rng).map_err(StartError::new)?;
    let agent = Agent { id: AgentId::generate(now, &rng), site: new.site.clone(), name, display_name };
    let account = Account { agent, password: PasswordHash::from_phc(hash) };
    output::line(&match store.create_agent(account, now).await.map_err(StartError::new)? {
        Some(Creation::Created(agent)) => format!("agent {} created", agent.name.as_str()),
        Some(Creation::Exists(agent)) => format!("agent {} exists", agent.name.as_str()),
        None => return Err(StartError(format!("there is no site {}; create it first", new.site))),
    });
    Ok(())
}

/// The first line of standard input: not an argument, which every process of the machine could read.
fn password_from_stdin() -> Result<Zeroizing<String>, StartError> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line).map_err(StartError::new)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
