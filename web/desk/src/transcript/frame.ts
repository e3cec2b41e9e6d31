/** What a frame of the vault may do in this page: ask for a passkey, and make one. Nothing else is handed on to it. */
export function frameAllows(origin: string): string {
  return `publickey-credentials-get ${origin}; publickey-credentials-create ${origin}`;
}
