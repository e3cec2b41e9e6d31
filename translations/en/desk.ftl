# The agent's workspace.
# Short, plain, exact. Say what happened and what to do next. Never blame, never cute.

product = Aside
loading = Loading
try-again = Try again
try-now = Try now
send = Send
you = You
visitor = Visitor { $short }
dismiss = Dismiss
close-dialog = Close

## Statuses of a secure form
status-sent = Sent
status-received = Received
status-viewed = Viewed
status-submitted = Submitted
status-read = Read
status-expired = Expired
status-cancelled = Cancelled
status-declined = Declined
status-failed = Failed

## Lengths of time
span-now = now
span-minutes = { $count } min
span-hours = { $count } h
span-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
left-hours = { $count } h left
left-clock = { $time } left

## Signing in and out
login-title = Sign in
login-purpose = To answer your site's visitors.
login-name = Name
login-password = Password
login-show = Show
login-hide = Hide
# Names the toggle; its state is told apart.
login-show-label = Show password
login-submit = Continue
login-busy = Signing in
login-missing = Write your name and your password.
login-wrong = That name and password don't go together. Check both and try again.
login-too-many = Too many tries from here. Wait { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}, then try again.
login-offline = The desk can't be reached. Check your connection and try again.
login-failed = Signing in did not work. Try again in a moment.
# After too many wrong tries: the same for names that exist and names that don't.
login-locked = Too many wrong tries. Wait { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}, or ask an admin to unlock you.
login-proving = Making sure that no machine is guessing. This takes a few seconds, and there is nothing for you to do.
login-captcha-failed = The check that no machine is guessing did not work. Try again.
login-forgotten = Forgotten your name or password?
login-forgotten-text = An admin of your site can send you a link to choose a new password.
login-ended-self = You are signed out.
login-ended-idle = You were signed out, because nobody was at the page.
login-ended-too-old = Your session reached its longest time. Sign in to go on.
login-ended-ended-elsewhere = You ended this session from another one of yours.
login-ended-ended-by-admin = An admin ended your session. Sign in to go on.
login-ended-deactivated = Your account is deactivated. An admin of your site can tell you more.
login-ended-password-changed = Your password was changed. Sign in with the new one.
login-ended-factor-reset = Your second step was reset. Sign in to set up a new one.
login-ended-other = Your session has ended. Sign in to go on.
login-footer = Aside. Secure forms inside a live conversation.
logout-failed = You are still signed in: the desk did not answer.
unreachable-title = The desk can't be reached
unreachable-text = Check your connection. Nothing is lost.
sign-out = Sign out
sign-out-title = Sign out now?

## The rail
rail = Workspace
rail-chats = Chats
rail-waiting = { $count } waiting
rail-help = Help
rail-account = Account of { $name }
account = Account
account-at = { $name } at { $brand }
account-open = My account
account-lock = Lock
rail-history = History
rail-admin = Admin
part-missing = This part of the page could not be loaded. Check your connection.
no-place-title = Nothing here for you yet
no-place = Your profile has no part of the workspace. An admin of your site can change that.
announce-rights = What you may do has changed
card-number-hidden = We hid the card number. Nothing of it was kept.

## Before the page locks
lock-soon = This page locks in { $time }
lock-soon-text = Any key or movement keeps it open.
lock-soon-stay = Keep it open
lock-soon-said = This page locks in { $time }. Press any key to keep it open.
ends-soon = Your session ends at { $time }
ends-soon-text = Finish what you have open. Forms not sent by then are cancelled, and answers can't be read any more.
ends-soon-known = Understood

## Forms that can't be sent now
forms-off-title = Secure forms are off for the whole site
forms-off = The site's security settings don't meet the minimum that forms need. Chats go on as usual.
forms-off-fix = See what is missing
no-factor-title = Set up your confirmation first
no-factor = Before it reveals an answer, the vault makes sure that it is you. Set that up once, then you can send forms.
no-factor-set-up = Set it up
composer-form-off = Secure forms are off
composer-form-set-up = Set up secure forms
composer-hint-hidden = Card numbers typed in the chat are hidden for both sides.
forms-note-no-right = Your profile can see where forms stand, and can't send or read them.
first-no-forms = Choose a conversation from the list.
problem-not-allowed = Not done: your profile does not allow it any more.
problem-forms-stopped = The form was not sent. Secure forms are off for the whole site.
problem-no-factor = The form was not sent. Set up your confirmation first.
problem-low-space = Not done: the machine is almost out of disk space. Tell an admin.

## The list
workspace-heading = { $brand } workspace
conversations = Conversations
whose = Whose conversations
whose-mine = Mine
whose-all = All
group-waiting = Waiting for you · { $count }
group-visitor = With the visitor · { $count }
group-closed = Closed today · { $count }
longest-first = Longest first
list-empty-title = Nobody is waiting
list-empty-text = New chats come here by themselves, the longest wait on top.
list-empty-others = Your colleagues are talking to visitors. New chats come here by themselves.
list-show-all = Show all
row-waits = waits
row-unread = { " " }unread
row-new = New
row-draft = Draft:
row-no-text = No message yet
chip-form = Secure form:

## The conversation
back-to-list = Back to all conversations
back-to-chat = Back to the chat
holder-you = With you
holder-other = With { $agent }
holder-nobody = Nobody has answered yet
holder-closed = Closed
holder-waits = waits { $time }
transfer = Transfer
resolve = Resolve
closed-note = This conversation is closed. When { $visitor } writes again, a new one begins.
transcript = Conversation with { $visitor }
transcript-failed = The conversation could not be loaded.
older = Show earlier messages
older-failed = Earlier messages could not be loaded.
new-below = New messages
typing = { $visitor } is typing
said-by = { $author } said:{ " " }
said-erased = Erased on request
line-joined-you = You joined
line-joined-agent = { $agent } joined
line-joined-visitor = { $visitor } came
line-transferred-you = You transferred the conversation to { $to }
line-transferred-me = { $agent } transferred the conversation to you
line-transferred = { $agent } transferred the conversation to { $to }
handed-to-you = The conversation with { $visitor } was transferred to you.
line-closed-you = You closed the conversation
line-closed-agent = { $agent } closed the conversation
line-closed-visitor = { $visitor } closed the conversation
event-sent-you = You asked for a secure form
event-sent-agent = { $agent } asked for a secure form
event-submitted = { $visitor } sent the secure form
event-declined = { $visitor } chose not to answer
event-asked = { $visitor } asks for a new form
event-gone = The answers off the record are gone
event-erased = The answers were erased
event-show = Show
outgoing-sending = Sending
outgoing-waiting = Not sent yet, waits for the connection
outgoing-refused = Not sent
outgoing-edit = Change it

## Before the first conversation
first-title = Welcome, { $agent }
first-empty = Three things to know before your first chat.
first-choose = Choose a conversation from the list. Three things to know:
first-1-title = Ask with a secure form
first-1-text = Type / in a chat and choose a form. Card numbers never go into the chat itself.
first-2-title = Answers are yours alone
first-2-text = Only you can read what you asked for, until the chat ends or you sign out.
first-3-title = Reveal late, and press Done
first-3-text = The visitor trusts you with it. Each reveal is written down.

## Writing
composer-label = Message to { $visitor }
composer-placeholder = Write a message, or type / for forms
# Where there is room for little.
composer-placeholder-short = Write a message
composer-form = Secure form
composer-send = Send
keys-title = All keys
composer-hint = Ask for card numbers with a secure form, never in the chat.
composer-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}

## Choosing a form
palette = Choose a form
palette-all = All forms
palette-matching = Forms that match “{ $query }”
palette-none = No form is called that. Press Escape to write it as a message.
palette-said = { $count ->
    [one] One form.
   *[other] { $count } forms.
} { $form } is ready, Enter sends it.
palette-close = Close the forms
palette-key-choose = choose
palette-key-send = send
palette-key-link = as a link
palette-key-close = close
preview = { $visitor } will be asked for
field-never-kept = never kept
field-shown-masked = shown masked
send-in-chat = Send
send-as-link = Send as link
questions = { $count ->
    [one] { $count } question
   *[other] { $count } questions
}

## The side panel
forms = Secure forms
forms-open = Secure forms
forms-find = Find a form
forms-here = In this conversation
forms-ready = Ready to send
forms-none = There is no form yet.
forms-no-match = No form matches. Try another word.
forms-note = Answers stay in the vault. Only you can see what you asked for, while this conversation is open.
forms-note-none = Open a conversation to send a form.
forms-note-closed = This conversation is closed, so no form can be sent in it.
send-label = Send { $form }
send-as-link-label = Send { $form } as a link
sent-show = , show it in the chat
vault-down-title = The vault can't be reached
vault-down = Sending and viewing wait until it is back. You can go on chatting, and try again at any time.

## A fresh link
link-title = A link to { $form }
link-text = It works once, on the first device that opens it. Copy it now: it is not shown again. If it gets lost, make a new one from the card, which ends this one.
link-field = Link
link-copy = Copy
link-copied = Copied
copied-said = Copied: { $what }
link-done = Done

## The card of a form
card = { $form }, reference { $reference }
reference = ref { $reference }
by-link = as a link
card-submitted = Submitted { $submitted }
card-read = Submitted { $submitted } · read { $read }
steps = Where { $form } stands
step-waiting = waiting
step-said-done = done
step-said-now = it stands here
step-said-waiting = not yet
step-said-stopped = it ended here
fact-sent = On its way to { $visitor }.
fact-sent-link = Waiting for someone to open the link.
fact-received = { $visitor } has it, and has not opened it yet.
fact-viewed = { $visitor } has the form open.
fact-submitted = Only you can see the answers, while this conversation is open.
fact-read = You read it at { $time }.
fact-asked = { $visitor } asks for a new form. A new one makes the old one useless.
fact-asked-link = Something else may have opened the link first. { $visitor } asks for a new one.
fact-expired = The time to open it ended.
fact-expired-open = The time to send it ended. Nothing { $visitor } typed was kept.
fact-cancelled = It was cancelled. { $visitor }'s page says so.
fact-cancelled-agent = { $agent } cancelled it. { $visitor }'s page says so.
fact-cancelled-session_ended = { $agent } was signed out before { $visitor } sent it, so nobody could have read the answers.
fact-cancelled-right_lost = { $agent } lost the right to secure forms before { $visitor } sent it.
fact-cancelled-stopped = Secure forms were turned off for the site before { $visitor } sent it.
fact-cancelled-conversation_closed = The conversation was closed before { $visitor } sent it.
fact-cancelled-transferred = The conversation was transferred before { $visitor } sent it.
fact-cancelled-form_closed = { $visitor } closed it, and here a closed form can't be opened again.
fact-cancelled-another_form = { $visitor } opened another form, which closed this one.
fact-gone-done = You pressed Done, and the answers off the record were wiped.
fact-gone-time = Their time in memory ended: the answers off the record are gone.
fact-gone-restart = The vault was started anew: the answers off the record are gone.
fact-rest = The rest is here.
fact-erased-retention = The answers were erased: the time to keep them is over.
fact-erased-request = The answers were erased on request.
fact-erased-closed = The answers were kept until the conversation closed, and are erased.
fact-declined = { $visitor } chose not to answer. Offer another way.
fact-failed = It could not be delivered.
refused-title = Could not load secure form
refused-other-agent = { $visitor } sent these answers to { $agent }. Nobody else can open them.
refused-transferred = { $visitor } sent these answers before the conversation was transferred. Nobody can open them any more.
refused-other-session = You asked for this before you signed in again. The answers belong to that session, which is over.
refused-no-right = Your profile has no secure forms any more. Nobody can open these answers.
refused-closed = The conversation is closed, and answers can be seen only while it is open.
action-view = View secure form
action-view-again = View again
action-view-rest = View the rest
action-cancel = Cancel
action-send-again = Send again
action-ask-me = Ask { $visitor } to send it to me
action-new-link = New link
action-new-form = Send a new form
form-gone = This form is no longer offered. Choose another one.

## The answers, unfolded
viewer = Answers to { $form }, shown by the vault
view-opening = Opening the vault
view-closed = The view was closed: the right to it ended, or the vault lost the connection.
view-could-not-load = The vault could not load this form. Try again, or ask { $visitor } to send it again.
view-vault-down = The answers are safe, but can't be shown now: the vault does not answer.
view-vault-sealed = The answers are safe, but the vault is locked and can't show them. Whoever runs it has to unseal it.
view-offline = The answers are safe, but can't be shown without a connection.
view-blocked = This browser blocks the vault's frame. Press the button again to open the answers in a window.
view-window = Open the window
view-popup-blocked = The browser did not open the vault's window. Allow pop-ups for this page and try again.
nothing-to-view = There are no answers to view here.

## Trouble
offline = No connection since { $since }. What you write is kept and sent when it is back.
problem-offline = Not done: there is no connection.
problem-vault-down = Not done: the vault does not answer.
problem-vault-sealed = The form was not sent. The vault is locked: whoever runs it has to unseal it. Chats go on as usual.
problem-vault-full = The form was not sent. The vault has no room in memory just now. Press Done where you have read answers, or try again in some minutes.
problem-busy = Not done: too much at once. Wait a moment.
problem-expired = Not done: its time has ended.
problem-wrong-state = Not possible any more: something has changed since.
problem-failed = Not done: the desk could not do it.
send-vault-down = The form was not sent. The vault did not answer.
cancel-too-late = Too late to cancel: the form was sent already.
reissued = The form is offered again. The old one no longer works.

## What a screen reader hears in passing
announce-message = { $visitor }: { $text }
announce-waits = { $visitor } is waiting
announce-status = { $form } for { $visitor }: { $status }
announce-gone = The answers of { $visitor } off the record in { $form } are gone
announce-asked = { $visitor } asks for a new form
announce-closed = The conversation with { $visitor } is closed
announce-sent = { $form } is sent
announce-vault-up = The vault is back
announce-vault-down = The vault can't be reached
