# The visitor's chat: launcher, panel, invitation card, sheet.
# Short, plain, the reader's own words. Never blame, never cute.

## The launcher on a brand's page (these lines are built into loader.js)
launcher-open = Open chat
launcher-close = Minimise chat
launcher-title = Chat
launcher-new = New messages
