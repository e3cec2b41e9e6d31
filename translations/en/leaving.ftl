# Leaving a conversation to somebody else, ending it, and signing out.
# Short, plain, exact. Say what is lost before it is lost.

## Transfer
transfer-title = Transfer { $visitor } to someone else
transfer-text = They see the whole chat and take over at once. Only they can transfer it back.
transfer-who = Who takes over
transfer-find = Find a person
transfer-here = Here now
transfer-away = Not here
transfer-away-note = { $agent } is not here now. { $visitor } waits until they come, or somebody else takes over.
transfer-none-title = Nobody else can take it
transfer-none = Conversations go to people whose profile lets them talk to visitors. An admin can give one to more people.
transfer-no-match = Nobody matches. Try another word.
transfer-not-loaded = Who could take it could not be loaded.
transfer-choose = Choose who takes over.
transfer-loses-form = { $form } ({ $reference }) is cancelled. { $visitor } can't send it any more.
transfer-loses-answers = The answers in { $form } ({ $reference }) can't be read by anyone any more.
transfer-again = Whoever takes over can send the form again with one click.
transfer-keep = Keep it
transfer-confirm = Transfer
transfer-done = { $agent } has the conversation with { $visitor } now.
transfer-gone = { $agent } can't take conversations any more. Choose somebody else.

## Resolving
resolve = Resolve
resolve-title = Resolve the conversation with { $visitor }?
resolve-text = { $visitor } can write again, which starts a new conversation. Resolving can't be undone.
resolve-loses-form = { $form } ({ $reference }) is cancelled. { $visitor } can't send it any more.
resolve-loses-answers = The answers in { $form } ({ $reference }) can't be read by anyone any more.
resolve-keep = Keep it open
resolved = The conversation with { $visitor } is closed.

## Signing out
sign-out-text = { $count ->
    [one] One secure form of yours is in an open conversation. When you sign out, it is cancelled if it was not sent yet, and its answers can't be read by anyone any more. This can't be undone.
   *[other] { $count } secure forms of yours are in open conversations. When you sign out, those not sent yet are cancelled, and no one can read their answers any more. This can't be undone.
}
sign-out-keep = Stay signed in
