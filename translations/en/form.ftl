### The visitor's pages: the form, the page behind a link, what happens after.
###
### { $agent } is a first name, { $brand } the brand's name, { $reference } four characters that also stand in the chat.
### <strong> may stand in messages that have it here. { $count } picks the plural form, { $shown } is the number to show.

## On every page

form-secure = Secure form
form-title = { $title } · { $brand }
form-for = For <strong>{ $agent }</strong> at { $brand }
form-from = From <strong>{ $agent }</strong> at { $brand }
form-reference = Ref <strong>{ $reference }</strong>
form-close = Close the form
form-back = Back to the chat
form-footer = Nothing you enter here is saved in the chat.
form-footer-code = The security code is never stored.
form-privacy = Privacy
form-contact = Contact { $brand }

## Spans of time

form-seconds = { $count ->
    [one] { $shown } second
   *[other] { $shown } seconds
 }
form-minutes = { $count ->
    [one] { $shown } minute
   *[other] { $shown } minutes
 }
form-hours = { $count ->
    [one] { $shown } hour
   *[other] { $shown } hours
 }

## The form

form-safe = <strong>Straight to { $brand }’s vault.</strong> The chat can’t see what you enter here.
form-minutes-left = { $count ->
    [one] { $shown } minute left
   *[other] { $shown } minutes left
 }
form-seconds-left = { $count ->
    [one] { $shown } second left
   *[other] { $shown } seconds left
 }
form-hours-left = { $count ->
    [one] { $shown } hour left
   *[other] { $shown } hours left
 }
form-soon = Send it before then, or ask { $agent } for a new form.
form-over = The time to send ran out
form-over-what = Nothing was sent, and what you typed has been wiped from this page. Ask { $agent } for a new form in the chat.
form-not-kept = Your browser keeps no cookie here: if you leave this page, the form can’t be opened again.
form-once = This form opens once. If you leave or reload this page, it closes for good.
form-leave = Close this form?
form-leave-what = What you typed will be wiped. You can open the form again until the time runs out.
form-leave-not-kept = What you typed will be wiped, and the form can’t be opened again. You can ask { $agent } for a new one.
form-leave-once = It opens once: when you leave, it closes for good and what you typed is wiped. You can ask { $agent } for a new one.
form-leave-now = Close and wipe
form-optional = (optional)
form-show = Show
form-hide = Hide
form-shown-field = Shown: { $label }
form-hidden-field = Hidden: { $label }
form-send = Send securely
form-sending = Sending…
form-offline = <strong>You’re offline.</strong> What you typed stays here. The button comes back by itself.
form-unsent = <strong>Not sent yet.</strong> What you typed is still here. Please try again.
form-decline = I don’t want to answer
form-decline-heading = Send no answer?
form-decline-what = { $agent } will see that you chose not to answer. This closes the form for good, and nothing you typed is sent.
form-decline-keep = Keep filling in
form-decline-send = Send no answer

## What is wrong with an answer

form-problems = { $count ->
    [one] { $shown } thing to fix
   *[other] { $shown } things to fix
 }
form-problems-title = Error: { $problems } · { $title }
form-problem-line = { $label }: { $problem }
form-problem-missing = Please fill this in.
form-problem-too-long = This is too long. Use { $shown } characters at most.
form-problem-character = Please leave out the character “{ $character }”.
form-problem-digits = Use digits only. “{ $character }” is not one.
form-problem-unprintable = This holds a character that can’t be shown. Please type it again.
form-problem-card-unknown = We don’t know this kind of card. Check the first digits, or use another card.
form-problem-card-short = Some digits are missing. { $card } numbers have { $shown }.
form-problem-card-long = There are too many digits. { $card } numbers have { $shown }.
form-problem-card-digit = This number can’t be right. Check each digit: one may be wrong, or two swapped.
form-problem-expiry = Write the month and the year, for example 04/29.
form-problem-expiry-month = The month goes from 01 to 12, for example 04/29.
form-problem-expiry-past = This card has run out. Check the date, or use another card.
form-problem-expiry-far = This year is too far ahead. Check the date on your card.
form-problem-code = The security code has 3 digits, or 4 on American Express.
form-problem-code-card = The security code of your { $card } card has { $shown } digits.
form-problem-form = This page sent something that the form does not ask for. Please fill it in again.

## The page behind a link

form-landing-lead = { $agent } asks you to fill in this form. Your answers go straight to { $brand }’s vault. The chat can’t see them.
form-landing-time = Once it is open, you have { $time } to send it.
form-landing-device = Opening it ties it to this device. Only this device can send it.
form-landing-until = The link works for another { $time }.
form-landing-open = Open the form
form-landing-real = Is this really { $brand }?
form-landing-real-how = Your message holds the same reference, { $reference }, and this page is at { $host }.

## After sending

form-sent = Sent to { $agent }
form-sent-lead = Thank you. Your answers are safe in { $brand }’s vault.
form-sent-form = Form
form-sent-at = Sent
form-sent-next = What happens next
form-sent-uses = { $agent } uses them now and replies in the chat.
form-sent-only = Only { $agent } can read them, and only while this chat is open.
form-sent-history = Only { $agent } can read them while this chat is open. After that { $brand } may read what it keeps, for a reason that is logged.
form-sent-once = This form can’t be opened or sent again.
form-sent-footer = Nothing you entered was saved in the chat.

## Other ends

form-declined = You chose not to answer
form-declined-lead = { $agent } knows. Nothing you typed was sent, and this form is closed for good.
form-declined-next = You can go on in the chat, and ask for another way.
form-closed = The form is closed
form-closed-lead = Nothing was sent, and what you typed is gone from this page.
form-closed-again = You can open it again from the same place, on this device. It will be empty.
form-asked = You asked for a new link
form-asked-lead = { $agent } gets a note and can send it with one click. It comes to you the same way as this one.
form-asked-old = The old link stops working as soon as the new one is sent.

## Refusals

form-nothing-sent = <strong>Nothing was sent.</strong> What you typed is not kept anywhere.
form-ask-link = Ask for a new link
form-ask-link-how = Ask for a new link. { $agent } gets a note and can send it with one click.
form-ask-chat = Ask { $agent } for a new form in the chat.
form-ask-chat-nobody = Ask for a new form in the chat, or for a new link.
form-not-valid = This page can’t be opened
form-not-valid-lead = The link is not complete, or it does not work any more.
form-not-valid-whole = Open the whole link, as it stands in your message.
form-not-here = The form is not open here
form-not-here-lead = A form opens from the button in your chat, or from the link in your message, and only in the browser that opened it first.
form-not-here-how = Go back to the chat or the message and open it from there.
form-used = This link was used already
form-used-lead = A link opens its form once. After that, only the device that opened it can go on.
form-used-you = <strong>Was that you?</strong> Go on in the browser where the form is open.
form-used-not-you = <strong>Not you, or lost that page?</strong> Ask for a new link. The old one stops working when it is sent.
form-used-apps = Some mail and phone apps open links to check them. That can look like another device.
form-replaced = A newer link took this one’s place
form-replaced-lead = When a link is sent again, only the newest one works.
form-replaced-newest = Look for the newest message and open its link.
form-stale = This page is out of date
form-stale-lead = The form was opened again on this device after this page, so only the newer page can send it.
form-stale-go-on = Go on in the newer page, or open the form again from the chat. It will be empty.
form-device = Already open on another device
form-device-lead = For your safety, only the device that opened this form first can send it.
form-device-you = <strong>Was that you?</strong> Go on there. Nothing is lost.
form-device-ask = <strong>Not you, or lost that device?</strong> Ask for a new form in the chat.
form-expired-life = The time to open it ran out
form-expired-life-lead = This form could be opened for { $time } after it was sent.
form-expired-open = It took too long to open
form-expired-open-lead = After the button is pressed, a form has to load within { $time }.
form-expired-open-again = Go back to the chat and press the button again.
form-expired-submit = The time to send ran out
form-expired-submit-lead = A form stays open for { $time }, so that nobody else can use a forgotten screen.
form-submitted = Already sent
form-submitted-lead = This form was sent before. It can’t be opened or sent again.
form-submitted-safe = Your answers are safe in the vault.
form-submitted-more = Something to correct? Tell { $agent } in the chat, and ask for a new form.
form-submitted-more-nobody = Something to correct? Ask for a new form in the chat.
form-cancelled = This form was taken back
form-cancelled-lead = It is not needed any more, so it can’t be filled in.
form-cancelled-session = This form can’t be sent any more
form-cancelled-session-lead = The person who asked has left, so nobody could read your answers.
form-cancelled-conversation = The conversation has ended
form-cancelled-conversation-lead = A form lives as long as its conversation, so it can’t be filled in any more.
form-cancelled-transferred-lead = Somebody else has taken over this conversation, so the person who asked could not read your answers.
form-cancelled-stopped = Forms are switched off
form-cancelled-stopped-lead = Secure forms are switched off here at the moment, so this one can’t be filled in.
form-left = Closed for good
form-left-lead = This form opens once, and it was left. It can’t be opened again.
form-another = Another form took its place
form-another-lead = You opened another form of this conversation on this device, which closed this one.
form-another-go-on = Go on in the other form. If this one is still needed, ask for it again in the chat.
form-cancelled-new = Still needed? Start again in the chat.
form-many = Too many tries
form-many-lead = Please wait { $time }, then try again.
form-large = That was too much at once
form-large-lead = The form takes shorter answers. Go back, shorten the longest one and send it again.
form-unavailable = Not just now
form-unavailable-lead = The vault can’t answer at this moment. Please try again in a minute.
form-unavailable-safe = <strong>Nothing is lost.</strong> The form is still there.
form-full = No room just now
form-full-lead = Part of this form is held in memory only, never stored, and there is no room for it at this moment.
form-full-again = Please try again in a few minutes.
form-sealed = The vault is locked
form-sealed-lead = It can’t take answers at this moment, so the form does not open.
form-sealed-chat = You can go on in the chat and try again later.
form-failed = Something went wrong
form-failed-lead = The fault is ours. Please go back and try again.
form-failed-id = If it happens again, tell us this number: <strong>{ $id }</strong>
