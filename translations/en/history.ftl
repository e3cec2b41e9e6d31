# Conversations that are over, and the answers that were kept of them.
# Short, plain, exact. Nobody reads here by accident: say what is logged.

history = History
history-of = History of { $brand }
loading = Loading
try-again = Try again

## The list
find = Name or reference
agent = Agent
agent-all = Agent: all
days = Days
span-any = Any day
span-today = Today
span-week = 7 days
span-month = 30 days
span-days = Choose days
from = From
to = to
days-backwards = The second day is before the first.
found = { $count ->
    [0] No conversation found
    [one] One conversation found
   *[other] { $count } conversations found
}{ $more ->
    [yes] , and there are more
   *[no] {""}
}
none-title = No conversation is over yet
none-text = They come here when they are resolved.
no-match-title = No conversation matches
no-match-text = Try another word or more days, or clear the filters.
filters-clear = Clear the filters
not-loaded = The history could not be loaded.
older = Show earlier conversations
nobody = Nobody answered
form = { $form }, { $status }
forms-more = and { $count } more
erased = Erased
factor-title = Set up your confirmation
factor = Before it reveals an answer, the vault makes sure that it is you. A new confirmation opens what is sent after it at once, and what was sent before only after three days.
choose-title = Choose a conversation
choose-text = What was said, and where its forms stood. Answers open one form at a time, with a reason.

## One conversation
back = Back to the list
transcript = What was said with { $visitor }
closed-at = Closed { $time }
held-by = with { $agent }
reference = ref { $reference }
transcript-failed = The conversation could not be loaded.
gone-title = Not here
gone-text = There is no such conversation, or it is still open.
earlier = Show earlier messages
erased-title = Its texts were erased on request
erased-text = When things happened is still here, what was said is not.

## A form and its answers
sent-by = Sent by { $agent }
not-sent = Nothing was sent in it, so there is nothing to read.
erased-retention = The answers were erased: the time to keep them is over.
erased-request = The answers were erased on request.
erased-closed = The answers were kept until the conversation closed, and are erased.
never-kept = All of it was off the record. Such answers are never kept, so there is nothing to read.
kept = Stored answers are kept in the vault. Answers off the record were not kept.
no-permission = Your profile sees where forms stood, and not the answers.
view = View stored answers
view-again = View again
ask-title = Why do you read them?
ask-text = The reason is logged with your name before anything is shown. Answers off the record were not kept, so they are not there.
reason = Reason
reason-choose = Choose a reason
reason-missing = Choose a reason.
reason-dispute = A payment or an agreement is disputed
reason-fraud_check = Fraud is suspected
reason-legal_request = A court or an authority asks
reason-subject_request = The visitor asks what is kept of them
reason-quality_check = How we work is checked
case = Case number
case-hint = If there is one. Letters, digits and hyphens, no name, no card or identity number: it is logged.
case-wrong = Only letters, digits and hyphens, at most 40, and no number as long as a card's or an identity number.
cancel = Cancel
open = View answers
frame = Stored answers to { $form }, shown by the vault
closed = The view was closed.
ended = The view was closed: the right to it ended, or the vault lost the connection.
refused-permission = Not shown: your profile does not allow it any more.
refused-factor = Not shown: set up your confirmation at the vault first.
set-up = Set it up
refused-lost = Not shown: this session has no right to these answers.
refused-off = Not shown: the vault does not let anybody read the past. Whoever runs it can allow that.
refused-open = Not shown: the conversation is open again.
refused-erased = Not shown: the answers are not kept any more.
refused-not_submitted = Not shown: nothing was sent in this form.
refused-away = The answers are safe, but can't be shown now: the vault does not answer.
refused-sealed = The answers are safe, but the vault is locked. Whoever runs it has to unseal it.
refused-offline = The answers are safe, but can't be shown without a connection.
refused-failed = The vault could not show these answers. Try again.
