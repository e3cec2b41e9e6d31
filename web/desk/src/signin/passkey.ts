/** Passkeys by the browser's own means (WebAuthn Level 3, JSON in and out). */

/** Whether this browser can. Without it the ways that need no passkey are shown alone. */
export const passkeysHere =
  typeof PublicKeyCredential !== 'undefined' &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function' &&
  typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function';

/** The answer to a challenge, or null where the person stopped it or no passkey fits: a browser does not say which. */
export async function usePasskey(options: { publicKey: PublicKeyCredentialRequestOptionsJSON }): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
  return inJson(await navigator.credentials.get({ publicKey }).catch(() => null));
}

/** A new passkey; `there` where this device holds one of the account already. */
export async function makePasskey(options: { publicKey: PublicKeyCredentialCreationOptionsJSON }): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey);
  try {
    return inJson(await navigator.credentials.create({ publicKey }));
  } catch (error) {
    return error instanceof DOMException && error.name === 'InvalidStateError' ? 'there' : null;
  }
}

function inJson(credential: Credential | null): unknown {
  return credential instanceof PublicKeyCredential ? credential.toJSON() : null;
}
