# How long answers are kept, and what is done when a visitor asks for their data or wants it gone.
# Short, plain, exact. What can't be undone says so before it happens.

keeping = Keeping
privacy = Privacy
loading = Loading
cancel = Cancel
close = Close

## Keeping: the settings
keeping-intro = Answers are kept in the vault, each sealed with a key of its own. When their time is over, the key is destroyed: in the database, its log and its free pages too. Answers off the record are never kept at all.
group-time = How long answers are kept
group-time-text = A form or a question may say less, never more. It holds for what is kept already, too.
days = Days after they were sent
days-text = Long enough for what you keep them for, and no longer. 0 keeps them only until the conversation closes.
unit-days = days
default-range = Default { $value }, from { $min } to { $max }.
number-wrong = Write a whole number from { $min } to { $max }.
days-zero = Nothing outlives its conversation. The history shows where forms stood, and no answers.
days-cards = Card numbers are rarely needed for more than 7 days. Kept less, less can be lost.
days-shorter = What is older than that is erased within minutes after you save. This can't be undone.
group-reopen = Coming back to a form
group-reopen-text = It holds for forms sent from now on.
reopen = When a visitor closes a form
reopen-text = With either rule it comes back empty, and opening another form closes the first. Default: the same device may open it again.
reopen-same_device = The same device may open it again
reopen-once = Closed is closed
reopen-once-hint = Leaving warns first. Afterwards the visitor has to ask for a new form.
unsaved = Changes that are not saved
unsaved-count = { $count ->
    [one] One change is not saved.
   *[other] { $count } changes are not saved.
}
fix-number = A number is not right yet.
discard = Discard
save = Save changes
saved = Saved. It holds from now on.
shorten-title = Keep answers for { $days ->
    [0] the conversation only?
    [one] one day only?
   *[other] { $days } days only?
}
shorten-text = Until now it was { $before ->
    [0] the conversation only.
    [one] one day.
   *[other] { $before } days.
} What is older is erased within minutes, in the vault, for good. Nobody can bring it back, and neither can a backup of the desk.
shorten-keep = Keep them as long as before
shorten-confirm = Save and erase

## Keeping: the report
report = What the vault keeps now
report-none = The vault does not answer, so it can't say what it keeps. The settings above hold all the same.
held = Sets of answers kept
due-soon = Due within 30 days
erased-total = Erased so far
last-purge = Last looked for what is due
last-erased = Last erased
never = Not yet
cards-over-week = Card numbers are kept here that are older than 7 days. PCI DSS wants them gone as soon as nobody needs them.

## Privacy: finding somebody
privacy-intro = When a visitor asks what you keep of them, or wants it gone. Both zones are covered: what was said, and the answers to secure forms.
find = Name, or a reference
find-hint = A part of the visitor's name, or a reference of the visitor or of a conversation.
find-submit = Find
find-first-title = Find a visitor
find-first-text = Ask them for the reference of a chat, or for the name that they go by here.
find-none-title = Nobody found
find-none-text = Check the reference, or try another part of the name. Visitors without a name are found by a reference only.
found = { $count ->
    [0] Nobody found
    [one] One visitor found
   *[other] { $count } visitors found
}
column-visitor = Visitor
column-conversations = Conversations
column-last = Last here
column-state = State
nameless = Visitor without a name
reference = ref { $reference }
state-kept = Kept
state-erasing = Being erased
state-erased = Erased

## Privacy: one visitor
gone-title = Not there
gone-text = Nobody with this reference is known here.
conversations = { $count ->
    [one] One conversation
   *[other] { $count } conversations
}
conversation = { $day }, { $forms ->
    [0] no form
    [one] one form
   *[other] { $forms } forms
}
conversation-open = goes on
export = Take out what is kept
export-text = For the visitor, in two files: the desk has the chats, the vault has the answers. The desk's file never holds an answer.
export-desk = Download the desk's file
export-desk-hint = Chats, names and times, as JSON.
export-vault = Open the vault's part
export-vault-hint = The stored answers, in clear. The vault confirms that it is you and logs it.
export-vault-no = The vault's part needs the permission to view answers in the history, too.
export-case = Case number
export-case-hint = If there is one. Letters, digits and hyphens, no name, no card or identity number: it is logged.
export-case-wrong = Only letters, digits and hyphens, at most 40, and no number as long as a card's or an identity number.
export-open = Go to the vault
export-frame = Answers of this visitor, shown by the vault
export-nothing = Nothing is kept any more, so there is nothing to take out.
exported = The vault's file was handed to this browser. Keep it as carefully as the answers in it.
ended = The vault closed this. Open it again if you are not done.
refused-permission = Not done: your profile does not allow it any more.
refused-off = Not done: the vault hands out no answers of the past. Whoever runs it can allow that.
refused-factor = Not done: set up your confirmation at the vault first.
refused-away = Not done: the vault does not answer.
refused-sealed = Not done: the vault is locked. Whoever runs it has to unseal it.
refused-offline = Not done: there is no connection.
refused-failed = The vault could not do it. Try again.
erase = Erase for good
erase-text = For a visitor who wants it gone. This happens at once, and nobody can undo it:
erase-loses-texts = What was said and the names are blanked in all their conversations.
erase-loses-answers = Their stored answers are erased in the vault, and forms not sent yet are cancelled.
erase-loses-chat = The chat in their browser ends.
erase-loses-texts-one = What was said in this conversation is blanked. Their name and other conversations stay.
erase-loses-answers-one = Its stored answers are erased in the vault, and forms not sent yet are cancelled.
erase-loses-chat-one = If it goes on, it is closed.
erase-keeps = When things happened, the forms' titles and the audit log stay. They name nobody.
erase-start = Erase { $reference }
erase-title = Erase { $visitor } for good?
erase-one = Erase
erase-one-label = Erase the conversation { $reference }
erase-one-title = Erase the conversation of { $day } for good?
erase-write = Write the reference, { $reference }
erase-wrong = That is not the reference.
erase-keep = Keep it
erase-confirm = Erase for good
erasing-title = Being erased
erasing-text = The desk's part is gone. The vault erases its part and says so when it is done: usually within seconds, and as soon as it is back if it is away.
erased-title = Erased in both zones
erased-text = Nothing of this visitor is kept but when things happened.
erase-begun = The desk's part is erased. The vault is at work.
erase-done = { $reference } is erased in both zones.
