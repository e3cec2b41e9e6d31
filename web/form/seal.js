// Seals what was typed to a key of the vault's before it leaves this page (HPKE, RFC 9180), so that nothing on its way can
// read it. Loaded once the page stands. Without it, or without a key, the form posts its fields as they are.
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core'

const form = document.getElementById('form')
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
// What the vault opens at once, as base64url. A form that is longer goes as it is.
const longest = 60_000

const bytes = (text) => new TextEncoder().encode(text)
const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))

function toText(buffers) {
  let text = ''
  for (const buffer of buffers) for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte)
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

/** What was typed, sealed to this key, for this form and its key alone. */
async function seal({ id, key }, otk) {
  const typed = Object.fromEntries([...new FormData(form)].filter(([name]) => name.startsWith('q-')))
  const sender = await suite.createSenderContext({
    recipientPublicKey: await suite.kem.deserializePublicKey(fromText(key)),
    info: bytes(`aside form 1\n${location.origin}\n${id}`),
  })
  const invitation = new URL(form.action).pathname.split('/').pop()
  const sealed = await sender.seal(bytes(JSON.stringify(typed)), bytes(`${invitation}\n${otk}`))
  return toText([sender.enc, sealed])
}

/** The page that the vault answers with: it knows this form by now, and a repeat changes nothing. */
function show(fields) {
  const again = document.createElement('form')
  again.method = 'post'
  again.action = form.action
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement('input')
    Object.assign(field, { type: 'hidden', name, value })
    again.append(field)
  }
  document.body.append(again)
  again.submit()
}

async function send() {
  const otk = form.elements.otk.value
  // A vault that was started anew knows its former key no more: once more, to its new one. Nothing typed is lost.
  for (let tries = 0; tries < 3; tries++) {
    const offered = await fetch('/form/key', { cache: 'no-store' })
    if (!offered.ok) return form.submit()
    const key = await offered.json()
    const sealed = await seal(key, otk)
    if (sealed.length > longest) return form.submit()
    const fields = { otk, key: key.id, sealed }
    const reply = await fetch(form.action, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
    if (reply.type === 'opaqueredirect') return location.replace(`${form.action}/sent`)
    if (reply.status === 429 || reply.status >= 500) break
    const kind = reply.status === 409 && reply.headers.get('content-type')?.includes('problem+json') && (await reply.json()).kind
    if (kind !== 'unknown_key') return show(fields)
  }
  throw new Error('not sent')
}

// Behind the page's own listener, which lets nothing through twice or without a network.
if (crypto.subtle) {
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return
    event.preventDefault()
    send().catch(() => form.dispatchEvent(new Event('unsent')))
  })
  form.dataset.seals = 'true'
}
