//! Answers sealed as the form page's script seals them: with HPKE to the vault's key, before anything is sent.

use std::convert::Infallible;
use std::sync::Arc;

use aside_base::Rng;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable as _, Kem, OpModeS, Serializable as _, setup_sender_with_rng};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::browser::{Browser, Initiator, JourneyError};
use super::page::FormPage;

/// The vault's key, as the script gets it.
#[derive(Deserialize)]
pub(super) struct FormKey {
    /// Its name.
    pub(super) id: String,
    key: String,
}

impl FormKey {
    pub(super) async fn ask(browser: &mut Browser, vault: &str) -> Result<Self, JourneyError> {
        let step = "ask for the form's key";
        browser.get(&format!("{vault}/form/key"), Initiator::Page(vault)).await?.expect(step, &[200])?.json(step)
    }

    /// The fields, for this form alone.
    pub(super) fn seal(
        &self,
        vault: &str,
        page: &FormPage,
        fields: &[(&str, &str)],
        rng: Arc<dyn Rng>,
    ) -> Result<String, JourneyError> {
        let cannot = |what: &str| JourneyError::lacking("seal the answers", what);
        let point = URL_SAFE_NO_PAD.decode(&self.key).map_err(|_| cannot("a key"))?;
        let public = <DhP256HkdfSha256 as Kem>::PublicKey::from_bytes(&point).map_err(|_| cannot("a key"))?;
        let info = format!("aside form 1\n{vault}\n{}", self.id);
        let clear: Map<String, Value> =
            fields.iter().map(|(name, answer)| ((*name).to_owned(), Value::from(*answer))).collect();
        let (encapped, mut sender) = setup_sender_with_rng::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
            &OpModeS::Base,
            &public,
            info.as_bytes(),
            &mut Random(rng),
        )
        .map_err(|_| cannot("a shared secret"))?;
        let bound_to = format!("{}\n{}", page.invitation, page.key);
        let sealed = sender.seal(Value::Object(clear).to_string().as_bytes(), bound_to.as_bytes());
        let mut whole = encapped.to_bytes().to_vec();
        whole.extend(sealed.map_err(|_| cannot("the sealed bytes"))?);
        Ok(URL_SAFE_NO_PAD.encode(whole))
    }
}

/// The generator of the sender.
struct Random(Arc<dyn Rng>);

impl hpke::rand_core::TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(self.0.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(self.0.bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl hpke::rand_core::TryCryptoRng for Random {}
