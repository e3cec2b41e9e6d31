# A form in the visitor's chat: its card, the sheet it opens in, and what is asked before something is lost.
# Fetched behind the chat's first view. Short, plain, the reader's own words. Never blame, never cute.

## The invitation card. For each state: one bold word or two, the fact, the explanation.
card-reference = Ref
minutes-left = { $minutes ->
    [0] Less than a minute left.
    [one] { $minutes } minute left.
   *[other] { $minutes } minutes left.
}

card-ready = Ready.
card-ready-fact = Open it by { $moment }.
card-ready-words = Your answers go straight to { $brand }’s vault. During this chat only { $agent } can read them. The chat itself can’t.
card-ready-button = Fill in the form
card-opening = Opening…
card-opening-words = The form comes straight from { $brand }’s vault.
card-open-here = Open on this device.
card-open-here-words = Your form is still open. You can keep chatting while you fill it in.
card-open-here-button = Go to the form
card-open-tab = Open in its own tab.
card-open-tab-words = Go on there. The chat stays here.
card-lost = Opened already.
card-lost-words = This form opens only once. Go on in the tab where it is open, or ask for a new one.
card-open-elsewhere = Open on another device.
card-open-elsewhere-words = Go on where you opened it. Only that device can send this form.
card-open-elsewhere-button = Not you? Ask for a new form
card-could-not-load = The form did not load.
card-could-not-load-words = Something went wrong on the way. Nothing was sent.
card-busy = The form can’t open just now.
card-busy-words = The vault can’t be reached. Nothing was sent. Try again in a moment.
card-full-words = The vault has no room for another form just now. Nothing was sent. Try again in a minute.
card-sealed-words = { $brand }’s vault is locked at the moment. Nothing was sent. You can go on chatting meanwhile.
card-try-again = Try again
card-ask = Ask for a new form
card-asking = Asking…
card-asked = { $agent } knows that you need a new form.
card-ask-failed = That did not go through. Try again.
card-offline = You’re offline.
card-offline-fact = The button comes back by itself.
card-submitted = Sent securely
card-submitted-fact = { $moment }.
card-submitted-words = { $agent } has your answers. They can’t be opened again here.
card-expired = Expired
card-expired-fact = { $moment }.
card-expired-words = The time to open it ran out. Nothing was sent.
card-expired-open-words = The time to fill it in ran out. Nothing was sent.
card-cancelled = Cancelled
card-cancelled-fact = { $moment }. Nothing was sent.
card-cancelled-words = { $agent } took this form back. You don’t need to do anything.
card-cancelled-lost-words = This form was closed together with the conversation. You don’t need to do anything.
card-ended-words = { $agent } could not have read it any more. Ask for a new one if you still need it.
card-transferred-words = Somebody else is helping you now, and could not have read it. Ask them for a new one.
card-stopped-words = Forms are switched off here at the moment. You can go on chatting.
card-closed = Closed
card-closed-words = Here a form that was closed can’t be opened again. Ask { $agent } for a new one if you still need it.
card-another-words = You opened another form, and that closed this one. Ask for a new one if you still need it.
card-declined = You chose not to answer.
card-declined-fact = Nothing was sent.
card-declined-words = That’s fine. { $agent } knows, and you can go on chatting.
card-failed = This form can’t be opened.
card-failed-words = Nothing was sent. Ask for a new one if you still need it.
card-link = Sent to you as a link.
card-link-words = Open it from the link that you got. Your answers go straight to { $brand }’s vault.
card-below = is open below

## The sheet
sheet-label = Secure form: { $title }
sheet-frame = { $title }, form of { $brand }’s vault
sheet-resize = Height of the form
sheet-back = Back to chat
sheet-new = { $count ->
    [one] { $count } new message from { $agent }
   *[other] { $count } new messages from { $agent }
}
sheet-new-short = new from { $agent }
sheet-loading = Opening the form from { $brand }’s vault…
sheet-cancel = Cancel
sheet-cookies-title = Your browser keeps this frame separate
sheet-cookies = It does not let the form remember this device. In a tab of its own you can close the form and come back to it.
sheet-cookies-tab = Open in a new tab
sheet-cookies-here = Open it here anyway

## Questions before something is lost
ask-close-title = Close the chat?
ask-close = A form is open. What you typed in it is not sent, and will be lost.
ask-close-yes = Close the chat
ask-close-no = Keep it open
ask-other-title = Open the other form?
ask-once-title = Close the chat?
ask-once = A form is open. It closes for good, and what you typed in it is lost. You would have to ask for a new one.
ask-once-yes = Close the chat
ask-once-no = Keep it open
ask-other = One form is open already. Opening another closes it for good, and what you typed in it is lost.
ask-other-yes = Open the other form
ask-other-no = Stay here
