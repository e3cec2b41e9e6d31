//! The house's own certificate authority for the zone link: mutual TLS always, so even one machine needs certificates.
//!
//! Made once and kept: an ECDSA P-256 authority that may sign the names `vault` and `desk` only, and one leaf for each.
//! Leafs live 397 days and are renewed at a start that finds less than 30 days left. No key leaves its 0600 file.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use aside_base::{Clock, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, NameConstraints,
};

use super::folders::write_private;

/// The vault's name on the zone link.
pub const VAULT_NAME: &str = "vault";
/// The desk's name on the zone link, by which the vault knows which sites it may speak for.
pub const DESK_NAME: &str = "desk";

const DAY: Duration = Duration::from_secs(86_400);
const LEAF_LIFE: Duration = Duration::from_secs(397 * 86_400);
const LEAF_RENEWED_BEFORE_END: Duration = Duration::from_secs(30 * 86_400);
const AUTHORITY_LIFE: Duration = Duration::from_secs(3_650 * 86_400);

/// Why there are no certificates.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// A file could not be read or written.
    #[error("the certificates in {folder}: {error}")]
    Files {
        /// Where they are kept.
        folder: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A certificate could not be made, or a kept key could not be read.
    #[error("the certificates in {folder} cannot be made: {error}; remove that folder to begin anew")]
    Certificate {
        /// Where they are kept.
        folder: PathBuf,
        /// What went wrong.
        error: rcgen::Error,
    },
}

/// The files of one end of the zone link.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// PEM of the certificate.
    pub certificate: PathBuf,
    /// PEM of its key, 0600.
    pub key: PathBuf,
}

/// The zone link's certificates.
#[derive(Debug, Clone)]
pub struct Certificates {
    /// PEM of the authority's certificate, which both ends trust and nothing else does.
    pub authority: PathBuf,
    /// The vault's end.
    pub vault: Leaf,
    /// The desk's end.
    pub desk: Leaf,
}

/// Finds the certificates in `folder`, makes what is missing, renews what is near its end.
///
/// # Errors
/// When a file cannot be read or written, or a kept key is damaged.
pub fn certificates(folder: &Path, clock: &dyn Clock) -> Result<Certificates, AuthorityError> {
    let authority = Authority::find_or_make(folder, clock)?;
    Ok(Certificates {
        vault: authority.leaf(VAULT_NAME, ExtendedKeyUsagePurpose::ServerAuth, clock)?,
        desk: authority.leaf(DESK_NAME, ExtendedKeyUsagePurpose::ClientAuth, clock)?,
        authority: authority.certificate,
    })
}

struct Authority<'a> {
    folder: &'a Path,
    certificate: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

impl<'a> Authority<'a> {
    fn find_or_make(folder: &'a Path, clock: &dyn Clock) -> Result<Self, AuthorityError> {
        let files = |error| AuthorityError::Files { folder: folder.to_owned(), error };
        let certificate = |error| AuthorityError::Certificate { folder: folder.to_owned(), error };
        let key_file = folder.join("authority-key.pem");
        let certificate_file = folder.join("authority.pem");
        let params = authority_params(clock.now()).map_err(certificate)?;

        // The certificate is written last: when it is there, so is the key that made it.
        let key = if certificate_file.exists() {
            let pem = fs::read_to_string(&key_file).map_err(files)?;
            KeyPair::from_pem(&pem).map_err(certificate)?
        } else {
            let key = KeyPair::generate().map_err(certificate)?;
            let signed = params.self_signed(&key).map_err(certificate)?;
            write_private(&key_file, &key.serialize_pem()).map_err(files)?;
            write_private(&certificate_file, &signed.pem()).map_err(files)?;
            key
        };
        // A leaf names its issuer by the subject and the key, both the same as when the authority was made.
        Ok(Self { folder, certificate: certificate_file, issuer: Issuer::new(params, key) })
    }

    fn leaf(&self, name: &str, usage: ExtendedKeyUsagePurpose, clock: &dyn Clock) -> Result<Leaf, AuthorityError> {
        let files = |error| AuthorityError::Files { folder: self.folder.to_owned(), error };
        let certificate = |error| AuthorityError::Certificate { folder: self.folder.to_owned(), error };
        let leaf = Leaf {
            certificate: self.folder.join(format!("{name}.pem")),
            key: self.folder.join(format!("{name}-key.pem")),
        };
        let renewal = self.folder.join(format!("{name}-renewed-from"));
        if is_fresh(&renewal, clock.now()) && leaf.certificate.exists() && leaf.key.exists() {
            return Ok(leaf);
        }

        let mut params = CertificateParams::new([name.to_owned()]).map_err(certificate)?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![usage];
        params.use_authority_key_identifier_extension = true;
        lasting(&mut params, clock.now(), LEAF_LIFE);
        let key = KeyPair::generate().map_err(certificate)?;
        let signed = params.signed_by(&key, &self.issuer).map_err(certificate)?;

        // The date goes first and comes back last: a crash in between leaves no date, and the pair is made again.
        match fs::remove_file(&renewal) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(files(error)),
            _ => {}
        }
        write_private(&leaf.key, &key.serialize_pem()).map_err(files)?;
        write_private(&leaf.certificate, &signed.pem()).map_err(files)?;
        let renewed_from = clock.now().plus(LEAF_LIFE - LEAF_RENEWED_BEFORE_END);
        write_private(&renewal, &renewed_from.0.to_string()).map_err(files)?;
        Ok(leaf)
    }
}

fn authority_params(now: Timestamp) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, "Aside zone link authority of this machine");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: [VAULT_NAME, DESK_NAME].map(|name| GeneralSubtree::DnsName(name.to_owned())).to_vec(),
        excluded_subtrees: Vec::new(),
    });
    lasting(&mut params, now, AUTHORITY_LIFE);
    Ok(params)
}

/// Valid from a day ago, so that a clock set back a little does not break the link, until `life` from now.
fn lasting(params: &mut CertificateParams, now: Timestamp, life: Duration) {
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    let now = epoch + Duration::from_millis(u64::try_from(now.0).unwrap_or(0));
    params.not_before = now - DAY;
    params.not_after = now + life;
}

fn is_fresh(renewal: &Path, now: Timestamp) -> bool {
    fs::read_to_string(renewal).ok().and_then(|text| text.trim().parse().ok()).is_some_and(|from: i64| now.0 < from)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::sync::Arc;

    use aside_base::ManualClock;
    use rustls::client::WebPkiServerVerifier;
    use rustls::client::danger::ServerCertVerifier as _;
    use rustls::crypto::aws_lc_rs::default_provider;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
    use rustls::{RootCertStore, server::WebPkiClientVerifier};

    use super::*;

    const START: Timestamp = Timestamp(1_795_000_000_000);

    fn after_days(days: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_millis(START.0 as u64) + DAY * u32::try_from(days).unwrap())
    }

    fn roots(certificates: &Certificates) -> Arc<RootCertStore> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(&certificates.authority).unwrap()).unwrap();
        Arc::new(roots)
    }

    fn vault_is_trusted(certificates: &Certificates, name: &str, at: UnixTime) -> bool {
        let verifier = WebPkiServerVerifier::builder_with_provider(roots(certificates), default_provider().into())
            .build()
            .unwrap();
        let leaf = CertificateDer::from_pem_file(&certificates.vault.certificate).unwrap();
        verifier.verify_server_cert(&leaf, &[], &ServerName::try_from(name.to_owned()).unwrap(), &[], at).is_ok()
    }

    fn desk_is_trusted(certificates: &Certificates, leaf: &Leaf, at: UnixTime) -> bool {
        let verifier = WebPkiClientVerifier::builder_with_provider(roots(certificates), default_provider().into())
            .build()
            .unwrap();
        verifier.verify_client_cert(&CertificateDer::from_pem_file(&leaf.certificate).unwrap(), &[], at).is_ok()
    }

    #[test]
    fn each_end_is_trusted_in_its_own_part_only_and_for_397_days() {
        let folder = tempfile::tempdir().unwrap();
        let made = certificates(folder.path(), &ManualClock::at(START)).unwrap();
        assert!(vault_is_trusted(&made, "vault", after_days(396)));
        assert!(!vault_is_trusted(&made, "vault", after_days(398)));
        assert!(!vault_is_trusted(&made, "desk", after_days(1)));
        assert!(desk_is_trusted(&made, &made.desk, after_days(396)));
        assert!(!desk_is_trusted(&made, &made.desk, after_days(398)));
        assert!(!desk_is_trusted(&made, &made.vault, after_days(1)));
    }

    #[test]
    fn certificates_are_kept_and_leafs_renewed_near_their_end_by_the_same_authority() {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::at(START);
        let made = certificates(folder.path(), &clock).unwrap();
        let read = |path: &Path| fs::read_to_string(path).unwrap();
        let (authority, vault) = (read(&made.authority), read(&made.vault.certificate));

        clock.advance_seconds(300 * 86_400);
        let kept = certificates(folder.path(), &clock).unwrap();
        assert_eq!((read(&kept.authority), read(&kept.vault.certificate)), (authority.clone(), vault.clone()));

        clock.advance_seconds(70 * 86_400);
        let renewed = certificates(folder.path(), &clock).unwrap();
        assert_eq!(read(&renewed.authority), authority);
        assert_ne!(read(&renewed.vault.certificate), vault);
        assert!(vault_is_trusted(&renewed, "vault", after_days(700)));
    }

    #[test]
    fn keys_are_readable_by_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        certificates(folder.path(), &ManualClock::at(START)).unwrap();
        for file in ["authority-key.pem", "vault-key.pem", "desk-key.pem"] {
            let mode = fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }

    #[test]
    fn a_damaged_key_is_named_and_not_replaced_in_silence() {
        let folder = tempfile::tempdir().unwrap();
        certificates(folder.path(), &ManualClock::at(START)).unwrap();
        fs::write(folder.path().join("authority-key.pem"), "damaged").unwrap();
        let refusal = certificates(folder.path(), &ManualClock::at(START)).unwrap_err();
        assert!(refusal.to_string().contains("remove that folder"), "{refusal}");
    }
}
