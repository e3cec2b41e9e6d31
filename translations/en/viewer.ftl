### The agent's frame: the answers of one form, shown by the vault, and the second factor that it asks for.

viewer-title = Secure form
viewer-waiting = Loading the secure form…
viewer-heading = Answers to { $title }, ref { $reference }
viewer-said = Shown by the vault, to you only. Each reveal is logged.
viewer-said-history = What was stored, shown to you only. { $why }. Each reveal is logged with that reason.
viewer-why-dispute = Dispute
viewer-why-fraud = Fraud check
viewer-why-legal = Legal request
viewer-why-subject = Request of the visitor
viewer-why-quality = Quality check
viewer-why-case = { $why }, { $reference }
viewer-mark-history = { $agent } · { $time } · { $why }
viewer-mark = { $agent } · { $time }
viewer-reveal = Reveal
viewer-hide = Hide
viewer-hides-in = hides in { $shown } s
viewer-revealed = { $label } is shown.
viewer-hidden = { $label } is hidden.
viewer-masked = Hidden
viewer-masked-card = Card ending { $digits }
viewer-gone-in = Gone in { $shown }
viewer-gone = Gone. It was never stored.
viewer-not-kept = Not kept. It was off the record.
viewer-not-given = Not answered
viewer-done = Done
viewer-done-what = Done hides everything
viewer-done-wipes = Done hides everything, and wipes for good what is never stored
viewer-copy = Copy
viewer-copied = Copied
viewer-copied-what = { $label } is copied. It is cleared from the clipboard in 30 seconds.
viewer-not-copied = Could not be copied. The view may have ended, or the browser forbids it here.
viewer-refused = Could not be revealed. The view may have ended: open it again.
viewer-closed = Hidden again
viewer-closed-done = You pressed Done. Open it again from the conversation.
viewer-closed-right = The view has ended: the conversation or your session ended, was locked or changed, or its time was over.
viewer-closed-lost = The line to the vault broke, so everything was hidden. Open it again from the conversation.
viewer-could-not-load = Could not load secure form
viewer-could-not-load-right = Only the agent who asked can open these answers, in the session that asked, while the conversation is open. Ask the visitor to send them again with a new form.
viewer-could-not-load-now = The vault can’t show the answers at this moment. They are safe. Try again in a minute.

## Confirming a reveal

viewer-not-yours = Your profile hides card numbers
viewer-confirm = Confirm it’s you to reveal “{ $label }”
viewer-confirm-lead = The vault asks, not the chat. It will not ask again for 5 minutes.
viewer-confirm-below = Confirm below
viewer-confirm-unsure = The vault did not answer. Try again.
viewer-cancel = Cancel
viewer-passkey = Use my passkey
viewer-passkey-waits = Your browser asks for your fingerprint, face or PIN now.
viewer-passkey-failed = The passkey did not confirm it
viewer-passkey-failed-lead = The browser’s question was cancelled, or took too long. Try again.
viewer-code = Type the 6 digits from your code app
viewer-code-instead = Use a code
viewer-code-when = It is checked when the sixth digit is there.
viewer-code-wrong = That code did not match
viewer-code-wrong-lead = { $count ->
    [one] Codes change every 30 seconds and work once: type the one shown now. After { $shown } more try the vault locks this for 30 minutes.
   *[other] Codes change every 30 seconds and work once: type the one shown now. After { $shown } more tries the vault locks this for 30 minutes.
 }
viewer-code-locked = { $count ->
    [one] Locked for { $shown } minute
   *[other] Locked for { $shown } minutes
 }
viewer-code-locked-lead = Too many codes did not match. Until then nothing hidden is revealed.
viewer-too-new = Your second factor was set up after this form was sent, so the vault reveals nothing hidden in it. Send a new form.

## Setting up a second factor

factor-none = Set up your second factor
factor-none-lead = The vault asks for it before it reveals a hidden answer. It stays between you and the vault: the chat never sees it.
factor-held = Your second factor
factor-held-lead = The vault asks for it before it reveals a hidden answer, in forms that you send after setting it up.
factor-fresh = Your second factor is set up
factor-fresh-lead = It confirms what comes back from forms that you send from now on.
factor-since = Since { $date }
factor-on = On
factor-passkey = Passkey
factor-passkey-more = Another passkey
factor-passkey-lead = Your fingerprint, face or this device’s PIN. Nothing to type.
factor-passkey-add = Set up
factor-passkey-failed = No passkey was set up: the browser’s question was cancelled, took too long, or this device has the passkey already.
factor-code = Code app
factor-code-lead = An app on your phone shows a new 6-digit code every 30 seconds.
factor-code-add = Set up a code app
factor-code-replace = Replace
factor-another = Set up another one
factor-scan = Scan the square with your code app
factor-type = Or type this key into it:
factor-digits = Then type the 6 digits it shows
factor-wrong = That code did not match. Codes change every 30 seconds: type the one shown now.
factor-finish = Confirm
factor-first = Confirm it’s you first
factor-first-lead = Before another factor is set up, the vault asks for one you have.
factor-back = Back
factor-issuer = { $brand } vault
factor-unavailable = Not possible just now
factor-unavailable-lead = The vault can’t do this at this moment. Nothing was changed. Try again in a minute.
factor-signed-out = No session here
factor-signed-out-lead = Your session ended, is locked, or belongs to another browser. Sign in to the workspace and open this from there.

## Taking along what is stored

export-heading = Export what the vault has stored
export-what = { $count ->
    [one] { $forms } answered form from { $conversations } conversations.
   *[other] { $forms } answered forms from { $conversations } conversations.
}
export-case = Case { $reference }.
export-cards = Card numbers are in the file in full. What was off the record or was erased is not.
export-cards-masked = Of card numbers only the first six and last four digits are in the file. What was off the record or was erased is not.
export-keep = The file is not encrypted, and the export is in the log with your name. Delete the file when it has been handed over.
export-save = Save the file
export-confirm = Confirm it’s you to export
export-confirm-lead = The vault asks, not the chat, before it hands out what is stored.
export-none = Nothing to export here
export-none-lead = The export was used, took too long, or you may not export. Start it again from the privacy page.
export-too-new = Your second factor is too new
export-too-new-lead = An export needs a factor that was set up before the form was sent, or at least three days ago. Try again then, or ask a colleague.
viewer-erased = Erased. Its time was over, or somebody asked for it.
