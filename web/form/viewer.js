// The agent's frame. Takes the desk's word to enrol, to open a view and to set up a second factor; reveals and hides answers
// one by one, and empties itself when the view ends, for whatever reason. It keeps no answer but in the row that shows it,
// and copies one only where the vault has noted that first.

const body = document.body
const data = body.dataset
const find = (selector, from = document) => from.querySelector(selector)
const all = (selector) => document.querySelectorAll(selector)

// --- The desk around this page, or the one that opened it: by exact origin, or not at all.

const desk = window.parent !== window ? window.parent : window.opener
const desks = (data.desk || '').split(' ').filter(Boolean)
const ancestor = window.location.ancestorOrigins?.[0]
let origins = desks.includes(ancestor) ? [ancestor] : ancestor ? [] : desks

function tell(aside, more) {
  for (const origin of origins) desk?.postMessage({ aside, ...more }, origin)
}

window.addEventListener('message', (event) => {
  if (event.source !== desk || !desks.includes(event.origin)) return
  origins = [event.origin]
  const said = event.data
  if (said === null || typeof said !== 'object') return
  if (said.aside === 'enrol' && typeof said.key === 'string') enrol(said.key)
  if (said.aside === 'view' && typeof said.key === 'string' && typeof said.submission === 'string') open(said)
  if (said.aside === 'export' && typeof said.key === 'string') send('/export', { otk: said.key })
  if (said.aside === 'close' && data.view) {
    leave()
    end(data.closedRight, 'closed')
  }
  if (said.aside === 'factor') location.assign('/factor')
  if (said.aside === 'viewer') location.assign('/viewer')
})

function post(path, what, more) {
  const headers = { 'Content-Type': 'application/json' }
  return fetch(path, { method: 'POST', headers, body: JSON.stringify(what), cache: 'no-store', ...more })
}

async function enrol(key) {
  let reason = 'busy'
  try {
    const reply = await post('/viewer/enrol', { key })
    if (reply.ok) {
      tell('enrolled')
      return
    }
    reason = (await reply.json()).kind ?? 'failed'
  } catch {
    // No reply, or none that reads: it may be tried again.
  }
  tell('not-enrolled', { reason })
}

// A navigation of this frame, so that the answers arrive as a page of their own.
const open = ({ submission, key }) => send('/view', { submission, otk: key })

function send(path, fields) {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = path
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input')
    input.type = 'hidden'
    input.name = name
    input.value = value
    form.append(input)
  }
  body.append(form)
  form.submit()
}

new ResizeObserver(() => tell('height', { px: Math.ceil(body.getBoundingClientRect().height) })).observe(body)
tell(data.tell, { ...('ready' in data && { ready: data.ready === 'true' }), ...(data.kind && { kind: data.kind }) })

// Somebody is at work here: the desk's idle lock must know (A4).
let reported = 0
for (const kind of ['pointerdown', 'keydown']) {
  window.addEventListener(kind, () => {
    if (Date.now() - reported < 15000) return
    reported = Date.now()
    tell('input')
  })
}

// --- Second factors.

const hasPasskeys = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON)
for (const hidden of all('[data-passkeys]')) hidden.hidden = !hasPasskeys
for (const holder of all('[data-code]')) drawCode(holder)
// Where the focus was in the page before this one, it goes on here: to the field to mend, or to what has changed.
const first = find('[data-focus]') ?? (data.tell.startsWith('factor') ? find('h1') : null)
if (first && document.hasFocus()) {
  if (first.matches('h1')) first.tabIndex = -1
  first.focus()
}
find('[data-create]')?.addEventListener('click', () => usePasskey(createPasskey, '/factor?fresh'))
find('[data-get]')?.addEventListener('click', () => usePasskey(() => provePasskey('/factor/confirm', {}), find('[data-get]').dataset.next ?? '/factor'))
find('[data-export]')?.addEventListener('submit', () => tell('exported'))

async function createPasskey() {
  const asked = await post('/factor/passkey/options', {})
  if (!asked.ok) return asked
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await asked.json())
  const credential = await navigator.credentials.create({ publicKey })
  return post('/factor/passkey', { credential: credential.toJSON() })
}

async function provePasskey(path, what) {
  const asked = await post(`${path}/options`, what)
  if (!asked.ok) return asked
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await asked.json())
  const credential = await navigator.credentials.get({ publicKey })
  return post(path.startsWith('/factor') ? `${path}/passkey` : path, { ...what, credential: credential.toJSON() })
}

async function usePasskey(act, next) {
  const [news, trouble] = [find('#news'), find('#trouble')]
  trouble.hidden = true
  news.textContent = news.dataset.waits
  try {
    const reply = await act()
    if (reply.ok) return location.replace(next)
    if ((await reply.json()).kind === 'confirm') return location.replace('/factor/confirm')
  } catch {
    // Cancelled, too late, or no reply: said below.
  }
  news.textContent = ''
  trouble.textContent = trouble.dataset.failed
  trouble.hidden = false
}

// Six boxes over the one field, which stays what is typed into and read out. `whole` is told when all six are there.
function drawCode(holder, whole) {
  const input = find('input', holder)
  const boxes = Array.from({ length: 6 }, () => document.createElement('span'))
  const drawn = document.createElement('span')
  drawn.className = 'boxes'
  drawn.setAttribute('aria-hidden', 'true')
  drawn.append(...boxes)
  holder.append(drawn)
  holder.classList.add('drawn')
  const draw = () => {
    const digits = input.value.replace(/\D/g, '').slice(0, 6)
    if (input.value !== digits) input.value = digits
    for (const [place, box] of boxes.entries()) {
      box.textContent = digits[place] ?? ''
      box.classList.toggle('next', place === Math.min(digits.length, 5))
    }
    return digits
  }
  // Typed at the end or over all of it: the boxes have no other place to show.
  const toEnd = () => input.setSelectionRange(input.selectionStart === 0 ? 0 : input.value.length, input.value.length)
  for (const kind of ['focus', 'click', 'keyup']) input.addEventListener(kind, toEnd)
  input.addEventListener('input', () => {
    if (draw().length === 6) whole?.(input.value)
  })
  draw()
  return draw
}

// --- A view on screen.

// What hides each row that shows its answer now.
const hiders = new Map()
let ended = false

if (data.view) {
  for (const row of all('[data-answer]')) offerReveal(row)
  for (const row of all('[data-answer]')) offerCopy(row)
  for (const badge of all('[data-seconds]')) countBadge(badge)
  keepHere()
  find('[data-done]').addEventListener('click', () => {
    post('/view/done', { view: data.view }, { keepalive: true }).catch(() => {})
    end(data.closedDone, 'done')
  })
  window.addEventListener('pagehide', () => {
    leave()
    end(data.closedRight)
  })
  window.addEventListener('pageshow', (event) => event.persisted && end(data.closedRight, 'closed'))
  watch()
}

// Left, not done with: what is off the record stays for its time.
function leave() {
  if (!ended) post('/view/done', { view: data.view, left: true }, { keepalive: true }).catch(() => {})
}

// Takes every answer off the page, and says why.
function end(why, word) {
  if (ended) return
  ended = true
  for (const hide of hiders.values()) hide()
  clearCopy()
  const notice = find('#ended').content.firstElementChild.cloneNode(true)
  find('h1', notice).textContent = data.closed
  find('p', notice).textContent = why
  find('#main').replaceChildren(notice)
  if (document.hasFocus()) notice.focus()
  if (word) tell(word)
}

// The vault says every few seconds that the view stands. Ten seconds of silence end it, as its word does.
function watch() {
  let heard = Date.now()
  const stream = new EventSource(`/view/live/${encodeURIComponent(data.view)}`)
  const hear = (event) => {
    heard = Date.now()
    if (event.data !== 'closed') return
    stop()
    end(data.closedRight, 'closed')
  }
  stream.addEventListener('message', hear)
  stream.addEventListener('open', hear)
  stream.addEventListener('closed', () => hear({ data: 'closed' }))
  // A stream that the vault refuses is closed for good; one that merely broke is opened again by the browser.
  stream.addEventListener('error', () => {
    if (stream.readyState !== EventSource.CLOSED) return
    stop()
    end(data.closedLost, 'closed')
  })
  const timer = setInterval(() => {
    if (!ended && Date.now() - heard <= 10000) return
    stop()
    end(data.closedLost, 'closed')
  }, 500)
  const stop = () => {
    clearInterval(timer)
    stream.close()
  }
}

// One answer at a time: each reveal is asked of the vault, which logs it, and hides itself again.
function offerReveal(row) {
  const button = find('[data-reveal]', row)
  if (!button) return
  const words = button.dataset
  const value = find('[data-value]', row)
  const masked = [...value.childNodes]
  const ring = find('.ring', row)
  const count = document.createElement('span')
  count.className = 'count'
  count.setAttribute('aria-hidden', 'true')
  let timer = 0

  const draw = (shown) => {
    value.classList.toggle('shown', shown)
    value.classList.toggle('masked', !shown)
    value.dir = shown ? 'auto' : 'ltr'
    button.classList.toggle('on', shown)
    find('[data-word]', button).textContent = shown ? words.hide : words.show
    ring.toggleAttribute('hidden', !shown)
    find('[data-copy]', row)?.toggleAttribute('hidden', !shown)
    find('#news').textContent = shown ? words.revealed : words.hidden
  }
  const hide = () => {
    if (!timer) return
    clearInterval(timer)
    timer = 0
    value.replaceChildren(...masked)
    count.remove()
    find('[data-hides]', row).textContent = ''
    hiders.delete(row)
    draw(false)
  }
  const show = (text, seconds) => {
    value.replaceChildren(grouped(text, row))
    ring.after(count)
    const until = Date.now() + seconds * 1000
    const tick = () => {
      const left = (until - Date.now()) / 1000
      if (left <= 0) return hide()
      const whole = Math.ceil(left)
      count.textContent = `${whole} s`
      find('[data-hides]', row).textContent = data.hidesIn.replace('#', whole)
      find('[data-ring]', row).style.strokeDashoffset = String(100 - (100 * left) / seconds)
    }
    timer = setInterval(tick, 250)
    hiders.set(row, hide)
    draw(true)
    tick()
  }
  let asking = false
  const reveal = async (confirmed) => {
    if (asking) return
    asking = true
    const trouble = find('#trouble')
    trouble.hidden = true
    const refuse = (text) => {
      trouble.textContent = text
      trouble.hidden = false
      button.focus()
    }
    try {
      const reply = await post('/view/reveal', { view: data.view, answer: row.dataset.answer })
      if (ended) return
      if (!reply.ok) {
        const { kind, code } = await reply.json()
        const can = find('[data-passkey],[data-code]', find('#confirm').content)
        // An older factor may still do what the one that confirmed last cannot.
        const unconfirmed = kind === 'confirm' || code === 'factor_too_new'
        if (unconfirmed && can && !confirmed) return stepUp(row, button, () => reveal(true))
        return refuse(unconfirmed ? data.tooNew : data.refused)
      }
      const { text, seconds } = await reply.json()
      if (ended) return
      show(text, seconds)
      // Back from the step-up: to what it was for.
      if (confirmed) value.focus()
    } catch {
      refuse(data.refused)
    } finally {
      asking = false
    }
  }
  value.tabIndex = -1
  button.addEventListener('click', () => {
    if (timer) hide()
    else if (!stepping) reveal(false)
  })
}

// --- Copying. Nothing leaves the page but by a button, each time asked of the vault, which logs it first.

// A text of ours on the clipboard: when it is to be cleared.
let clearing = 0

// What is selected, dragged or printed is not copied.
function keepHere() {
  for (const kind of ['copy', 'cut', 'dragstart']) {
    document.addEventListener(kind, (event) => event.target.closest?.('input') || event.preventDefault())
  }
}

function clearCopy() {
  if (!clearing) return
  clearTimeout(clearing)
  clearing = 0
  // Only a page that has the focus may; one that has lost it does so when it is back.
  if (document.hasFocus()) navigator.clipboard.writeText('').catch(() => {})
  else window.addEventListener('focus', () => navigator.clipboard.writeText('').catch(() => {}), { once: true })
}

function offerCopy(row) {
  const button = find('[data-copy]', row)
  if (!button) return
  const [trouble, news] = [find('#trouble'), find('#news')]
  let asking = false
  button.addEventListener('click', async () => {
    if (asking) return
    asking = true
    trouble.hidden = true
    try {
      const value = find('[data-value].shown,[data-clear]', row)
      const noted = value && (await post('/view/copied', { view: data.view, answer: row.dataset.answer })).ok
      if (ended) return
      if (!noted) throw new Error('not noted')
      // As it was typed: the gaps between a card's digits are ours.
      const text = row.dataset.card ? value.textContent.replace(/ /g, '') : value.textContent
      await navigator.clipboard.writeText(text)
      clearTimeout(clearing)
      clearing = setTimeout(clearCopy, 30000)
      news.textContent = button.dataset.said
      const word = find('[data-word]', button)
      word.textContent = data.copied
      setTimeout(() => (word.textContent = button.dataset.copy), 2000)
    } catch {
      if (ended) return
      trouble.textContent = data.notCopied
      trouble.hidden = false
    } finally {
      asking = false
    }
  })
}

// --- Confirming a reveal, under the row that it is for.

let stepping = null

function stepUp(row, button, confirmed) {
  const step = find('#confirm').content.firstElementChild.cloneNode(true)
  const words = step.dataset
  const [heading, lead] = [find('#step-heading', step), find('#step-text', step)]
  const [passkey, holder, cancel] = ['[data-passkey]', '[data-code]', '[data-cancel]'].map((name) => find(name, step))
  const input = holder && find('input', holder)
  const draw = holder && drawCode(holder, (code) => prove(() => post('/view/confirm', { view: data.view, code })))
  const below = find('#below').content.firstElementChild.cloneNode(true)
  const number = new Intl.PluralRules(document.documentElement.lang || 'en')
  const counted = (name, count) => {
    const form = number.select(count)
    const key = (category) => name + category[0].toUpperCase() + category.slice(1)
    return (words[key(form)] ?? words[key('other')]).replace('#', count)
  }
  let way = ''

  const say = (mark, title, text) => {
    for (const icon of step.querySelectorAll('[data-icon]')) icon.hidden = icon.dataset.icon !== mark
    step.classList.toggle('bad', mark === 'bad')
    heading.textContent = title
    lead.textContent = text
  }
  const go = (to) => {
    way = to
    say(to, to === 'code' ? words.codeHeading : button.dataset.confirm, words.lead)
    if (passkey) passkey.hidden = to !== 'passkey'
    if (holder) holder.hidden = to !== 'code'
    for (const other of step.querySelectorAll('[data-other]')) other.hidden = other.dataset.other === to || !hasPasskeys
    const first = to === 'code' ? input : passkey
    first.focus()
  }
  const close = () => {
    stepping = null
    step.remove()
    below.remove()
    button.hidden = false
    for (const other of all('[data-reveal]')) other.removeAttribute('aria-disabled')
  }
  const refuse = (problem) => {
    input?.setAttribute('aria-invalid', 'true')
    if (problem.kind === 'locked' && problem.seconds) {
      say('bad', counted('locked', Math.ceil(problem.seconds / 60)), words.lockedLead)
      for (const part of [passkey, holder, ...step.querySelectorAll('[data-other]')]) part?.remove()
      cancel.focus()
      return
    }
    if (problem.kind === 'wrong_code') say('bad', words.wrong, counted('left', problem.left))
    else if (problem.kind === 'busy' || problem.kind === 'failed') say('bad', words.unsure, words.lead)
    else say('bad', words.failed, words.failedLead)
    if (way === 'code') input.focus()
    else passkey.focus()
  }
  let proving = false
  const prove = async (act) => {
    if (proving) return
    proving = true
    try {
      const reply = await act()
      if (ended || stepping !== step) return
      if (reply.ok) {
        close()
        confirmed()
      } else {
        refuse(await reply.json())
      }
    } catch (error) {
      // The browser says `NotAllowedError` for all that a person did or did not do.
      if (!ended && stepping === step) refuse({ kind: error instanceof TypeError ? 'failed' : 'passkey' })
    } finally {
      proving = false
      if (input) {
        input.value = ''
        draw()
      }
    }
  }

  passkey?.addEventListener('click', () => {
    say('passkey', button.dataset.confirm, words.waits)
    prove(() => provePasskey('/view/confirm', { view: data.view }))
  })
  for (const other of step.querySelectorAll('[data-other]')) {
    other.addEventListener('click', () => go(other.dataset.other))
  }
  const cancelled = () => {
    close()
    button.focus()
  }
  cancel.addEventListener('click', cancelled)
  step.addEventListener('keydown', (event) => event.key === 'Escape' && cancelled())

  stepping = step
  for (const other of all('[data-reveal]')) other.setAttribute('aria-disabled', 'true')
  button.hidden = true
  button.after(below)
  row.append(step)
  go(passkey && (hasPasskeys || !holder) ? 'passkey' : 'code')
}

// A card's digits in the groups that stand on it; anything else as it is.
function grouped(text, row) {
  if (!row.dataset.card) return text
  return text.length === 15
    ? `${text.slice(0, 4)} ${text.slice(4, 10)} ${text.slice(10)}`
    : text.replace(/(\d{4})(?=\d)/g, '$1 ')
}

// "Gone in 8:42", and then it is.
function countBadge(badge) {
  const row = badge.closest('[data-answer]')
  const until = Date.now() + Number(badge.dataset.seconds) * 1000
  const tick = () => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000))
    const shown = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
    find('span', badge).textContent = data.goneIn.replace('#', shown)
    if (left > 0 || ended) return
    clearInterval(timer)
    hiders.get(row)?.()
    const value = find('[data-value]', row)
    value.className = 'value none'
    value.dir = 'auto'
    value.textContent = data.gone
    find('.act', row)?.remove()
    badge.remove()
  }
  const timer = setInterval(tick, 500)
  tick()
}
