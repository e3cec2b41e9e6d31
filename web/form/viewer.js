// The agent's frame. Takes the desk's word to enrol and to open a view, reveals and hides answers one by one, and empties
// itself when the view ends, for whatever reason. It keeps no answer but in the row that shows it, and never copies one.

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
  if (said.aside === 'close' && data.view) end(data.closedRight, 'closed')
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
function open({ submission, key }) {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = '/view'
  for (const [name, value] of Object.entries({ submission, otk: key })) {
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
tell(data.tell)

// --- A view on screen.

// What hides each row that shows its answer now.
const hiders = new Map()
let ended = false

if (data.view) {
  for (const row of all('[data-answer]')) offerReveal(row)
  for (const badge of all('[data-seconds]')) countBadge(badge)
  find('[data-done]').addEventListener('click', () => {
    post('/view/done', { view: data.view }, { keepalive: true }).catch(() => {})
    end(data.closedDone, 'done')
  })
  window.addEventListener('pagehide', () => {
    if (!ended) post('/view/done', { view: data.view }, { keepalive: true }).catch(() => {})
    end(data.closedRight)
  })
  window.addEventListener('pageshow', (event) => event.persisted && end(data.closedRight, 'closed'))
  watch()
}

// Takes every answer off the page, and says why.
function end(why, word) {
  if (ended) return
  ended = true
  for (const hide of hiders.values()) hide()
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
  button.addEventListener('click', async () => {
    if (timer) return hide()
    if (asking) return
    asking = true
    const trouble = find('#trouble')
    trouble.hidden = true
    try {
      const reply = await post('/view/reveal', { view: data.view, answer: row.dataset.answer })
      if (!reply.ok) throw new Error('refused')
      const { text, seconds } = await reply.json()
      if (!ended) show(text, seconds)
    } catch {
      trouble.textContent = data.refused
      trouble.hidden = false
    } finally {
      asking = false
    }
  })
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
