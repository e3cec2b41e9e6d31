// Eases filling in the visitor's form, and tells the chat what happened to it. Everything works without it.
// It never sends, stores or logs what was typed: the form's own post does that, straight to the vault.

const body = document.body
const data = body.dataset
const find = (selector, from = document) => from.querySelector(selector)
const all = (selector) => document.querySelectorAll(selector)
const lang = document.documentElement.lang

// --- The chat around this page. It is named by its exact origin, or told nothing.

const framed = window.parent !== window
const chats = (data.chat || '').split(' ').filter(Boolean)
const ancestor = window.location.ancestorOrigins?.[0]
const heard = chats.includes(ancestor) ? [ancestor] : ancestor ? [] : chats

function tell(aside, more) {
  if (!framed) return
  for (const chat of heard) window.parent.postMessage({ aside, ...more }, chat)
}

// Whether a cookie of this frame stays, so that a form can be tied to this device. The cookie tried is gone at once.
function keepsCookies() {
  const traits = 'Secure; Path=/; SameSite=None; Partitioned'
  try {
    document.cookie = `__Host-aside-try=1; ${traits}`
    const kept = document.cookie.includes('__Host-aside-try=1')
    document.cookie = `__Host-aside-try=; Max-Age=0; ${traits}`
    return kept
  } catch {
    return false
  }
}

const invitation = data.invitation ? { invitation: data.invitation } : {}
const form = find('#form')
tell(data.tell, {
  ...invitation,
  ...(data.kind && { kind: data.kind }),
  ...(form && { kept: form.dataset.kept === 'true' }),
  ...('once' in data && { once: true }),
  ...(data.tell === 'ready' && { cookies: keepsCookies() }),
})

if (framed) {
  body.classList.add('framed')
  new ResizeObserver(() => tell('height', { px: Math.ceil(body.getBoundingClientRect().height) })).observe(body)
  for (const leave of all('[data-leave]')) {
    leave.hidden = false
    leave.addEventListener('click', () => tell('close', invitation))
  }
}

// --- Moments in the visitor's own time.

for (const time of all('time')) {
  const moment = new Date(time.dateTime)
  if (!Number.isNaN(moment.valueOf())) {
    time.textContent = moment.toLocaleString(lang, { dateStyle: 'medium', timeStyle: 'short' })
  }
}

// --- The form.

// The brands by the ranges of their first digits; a test holds them against the vault's own. The longest range wins.
const brands = {
  'American Express': '34 37',
  'Diners Club': '300-305 3095 36 38-39',
  Discover: '6011 644-649 65',
  JCB: '2131 1800 3528-3589',
  Maestro: '493698 5018 5020 5038 5893 56-58 6304 6390 6703 6759 676770 676774 6761-6763 639',
  Mastercard: '51-55 2221-2720',
  UnionPay: '62 810-817',
  Visa: '4',
}

function wipe() {
  for (const field of form.elements) if (field.name.startsWith('q-')) field.value = ''
}

if (form) {
  find('#problems')?.focus()
  guardSending()
  countDown()
  for (const peek of all('[data-peek]')) offerPeek(peek)
  const card = find('[data-eases=card]')
  if (card) easeCard(card)
  const expiry = find('[data-eases=expiry]')
  if (expiry) easeExpiry(expiry)
  const decline = find('#decline')
  const keep = find('[data-keep]')
  keep.hidden = false
  keep.addEventListener('click', () => {
    decline.open = false
    find('summary', decline).focus()
  })
  // What seals the form comes after the page itself has been drawn.
  const later = find('#later')
  if (later) requestAnimationFrame(() => setTimeout(() => body.append(later.content.cloneNode(true))))
  guardLeaving()
  // A page that comes back from the browser's own cache comes back empty.
  window.addEventListener('pageshow', (event) => event.persisted && wipe())
}

// Leaving asks first where something would be lost: what was typed, or a form that opens once. That one is closed for good
// when its page goes, whichever way; the vault hears it as the page goes.
function guardLeaving() {
  const once = 'once' in data
  const leave = find('#leave')
  let going = false
  let over = false
  const loses = () => !going && !over && (once || [...form.elements].some((field) => field.name.startsWith('q-') && field.value))
  for (const out of all('.out')) {
    out.addEventListener('click', (event) => {
      if (!loses()) return
      event.preventDefault()
      leave.showModal()
    })
  }
  find('[data-stay]').addEventListener('click', (event) => {
    event.preventDefault()
    leave.close()
  })
  // A post of this page's own is no leaving, also when it comes back with what to fix, and while it is being sealed.
  for (const own of document.forms) own.addEventListener('submit', (event) => {
    going = !event.defaultPrevented
  })
  form.addEventListener('unsent', () => {
    going = false
  })
  form.addEventListener('over', () => {
    over = true
    leave.close()
  })
  window.addEventListener('beforeunload', (event) => loses() && event.preventDefault())
  window.addEventListener('pagehide', () => {
    if (!once || going) return
    const body = new URLSearchParams({ otk: form.elements.otk.value })
    fetch(find('form', leave).action, { method: 'POST', body, keepalive: true }).catch(() => {})
  })
  window.addEventListener('pageshow', (event) => {
    going = false
    if (event.persisted && once) location.reload()
  })
}

// One post, however often the button is pressed; none while there is no network.
function guardSending() {
  const send = find('#send')
  const label = send.textContent
  const notice = find('#offline')
  const unsent = find('#unsent')
  let sending = false
  let over = false
  const draw = () => {
    const offline = !navigator.onLine
    notice.hidden = !offline
    send.setAttribute('aria-disabled', String(offline || sending || over))
    send.textContent = sending ? send.dataset.sending : label
  }
  form.addEventListener('submit', (event) => {
    if (sending || over || !navigator.onLine) {
      event.preventDefault()
      return
    }
    for (const peek of all('[data-peek].on')) peek.click()
    sending = true
    unsent.hidden = true
    draw()
  })
  // Sealed by seal.js and not taken by the vault: what was typed stands here still.
  form.addEventListener('unsent', () => {
    sending = false
    unsent.hidden = false
    draw()
  })
  form.addEventListener('over', () => {
    over = true
    draw()
  })
  window.addEventListener('pageshow', () => {
    sending = false
    draw()
  })
  window.addEventListener('online', draw)
  window.addEventListener('offline', draw)
  draw()
}

// Time left, from the server's count and this device's pace; no wall clock is compared.
function countDown() {
  const box = find('#time')
  const news = find('#news')
  const ends = Date.now() + Number(box.dataset.seconds) * 1000
  const plural = new Intl.PluralRules(lang)
  const say = (unit, count) => {
    const pattern = box.getAttribute(`data-${unit}-${plural.select(count)}`) ?? box.getAttribute(`data-${unit}-other`)
    return pattern.replace('#', count)
  }
  const words = (seconds) => {
    if (seconds >= 7200) return say('h', Math.floor(seconds / 3600))
    return seconds > 60 ? say('m', Math.ceil(seconds / 60)) : say('s', seconds)
  }
  let before = Number.POSITIVE_INFINITY
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((ends - Date.now()) / 1000))
    find('.left', box).textContent = words(seconds)
    box.classList.toggle('soon', seconds <= 120)
    // Said aloud at two minutes and at one, not every second.
    for (const mark of [120, 60]) {
      if (before > mark && seconds <= mark && seconds > 0) news.textContent = `${words(seconds)}. ${find('.then', box).textContent}`
    }
    before = seconds
    if (seconds === 0) {
      clearInterval(timer)
      wipe()
      for (const gone of [box, form, find('#decline'), find('#problems')]) if (gone) gone.hidden = true
      const over = find('#over')
      over.hidden = false
      over.focus()
      form.dispatchEvent(new Event('over'))
    }
  }
  const timer = setInterval(tick, 1000)
  tick()
}

// Dots, and a button that shows them to their owner and says so.
function offerPeek(peek) {
  const field = document.getElementById(peek.dataset.peek)
  const text = find('[data-word]', peek)
  const state = document.createElement('span')
  state.className = 'unseen'
  state.setAttribute('role', 'status')
  peek.after(state)
  peek.hidden = false
  peek.parentElement.classList.add('ended')
  peek.parentElement.style.setProperty('--end', `${peek.offsetWidth + 8}px`)
  peek.addEventListener('click', () => {
    const show = field.type === 'password'
    field.type = show ? 'text' : 'password'
    peek.classList.toggle('on', show)
    text.textContent = show ? peek.dataset.hide : peek.dataset.show
    state.textContent = show ? peek.dataset.shown : peek.dataset.hidden
  })
}

function brandOf(digits) {
  let found = ''
  let longest = 0
  for (const [brand, ranges] of Object.entries(brands)) {
    for (const range of ranges.split(' ')) {
      const [first, last = first] = range.split('-')
      const start = digits.slice(0, first.length)
      if (start.length === first.length && start >= first && start <= last && first.length > longest) {
        found = brand
        longest = first.length
      }
    }
  }
  return found
}

// Groups as on the card, and the brand at the field's end. The caret stays behind the digit it was behind.
function easeCard(field) {
  const mark = find('[data-brand]')
  const draw = () => {
    const text = field.value
    if (/[^\d\s-]/.test(text)) return
    const digits = text.replace(/\D/g, '')
    const brand = brandOf(digits)
    mark.textContent = brand
    mark.hidden = !brand
    field.parentElement.classList.toggle('ended', Boolean(brand))
    field.parentElement.style.setProperty('--end', `${mark.offsetWidth + 16}px`)
    const ahead = text.slice(0, field.selectionStart ?? text.length).replace(/\D/g, '').length
    const grouped = brand === 'American Express'
      ? [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10)].filter(Boolean).join(' ')
      : digits.replace(/(\d{4})(?=\d)/g, '$1 ')
    if (grouped === text) return
    field.value = grouped
    let caret = 0
    for (let passed = 0; passed < ahead; caret++) if (grouped[caret] !== ' ') passed++
    if (document.activeElement === field) field.setSelectionRange(caret, caret)
  }
  field.addEventListener('input', (event) => event.isComposing || draw())
  field.addEventListener('change', draw)
  draw()
}

// "0429" becomes "04 / 29" while typing forwards; what is deleted stays deleted.
function easeExpiry(field) {
  field.addEventListener('input', (event) => {
    if (event.isComposing || event.inputType?.startsWith('delete')) return
    if (field.selectionStart !== field.value.length) return
    const parts = /^\s*(\d{1,2})([\s/.-]*)(\d{0,4})\s*$/.exec(field.value)
    if (!parts) return
    const [, month, mark, year] = parts
    const whole = month.length === 2 || /\S/.test(mark) || month > '1'
    if (whole) field.value = `${month.padStart(2, '0')} / ${year}`
  })
}
