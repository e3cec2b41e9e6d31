# The visitor's chat: launcher, panel, stream, composer. Its forms speak from card.ftl.
# Short, plain, the reader's own words. Never blame, never cute.

## The launcher on a brand's page (these lines are built into loader.js)
launcher-open = Open chat
launcher-close = Minimise chat
launcher-title = Chat
launcher-new = New messages

## Header
chat-with = Chat with { $brand }
chat-minimise = Minimise chat
chat-close = Close chat
presence-online = { $brand } · online
presence-away = { $brand } · away
presence-connected = { $brand } · connected
presence-connecting = { $brand } · connecting…
presence-brand-online = Online
presence-brand-away = Away
presence-brand-connected = Connected
presence-brand-connecting = Connecting…

## Stream
stream-label = Messages
stream-empty-title = How can we help?
stream-empty = Write to us below. An answer comes right here.
stream-to-newest = New messages
stream-loading = Loading your conversation…
stream-absent = This chat is not available here.
from-you = You
message-sending = Sending…
message-waiting = Waiting for a connection
message-sent = Sent
message-refused = Not sent.
message-again = Try again
turn-joined = { $agent } joined
turn-transferred = { $agent } took over
turn-closed = { $agent } closed this conversation. Write again whenever you like.
turn-closed-plain = This conversation was closed. Write again whenever you like.
typing = { $agent } is typing
typing-plain = Someone is typing
said-message = { $agent }: { $text }
said-invitation = { $agent } sent you a form: { $title }
said-submitted = Your form was sent securely
said-expired = The form expired
said-closed = The form was closed
said-cancelled = { $agent } took the form back
form-coming = Secure form: { $title }
offline-bar = No connection. Trying again…
offline-bar-off = You’re offline. Your messages go out when you’re back.

## Days and times
day-today = Today
day-yesterday = Yesterday
moment-today = today at { $time }
moment-tomorrow = tomorrow at { $time }
moment-yesterday = yesterday at { $time }
moment-other = { $day } at { $time }

## Composer
composer-label = Write a message
composer-placeholder = Write a message…
composer-send = Send
composer-room = { $left ->
    [one] { $left } character left
   *[other] { $left } characters left
}
