# The list of all keys of the workspace.

keys-conversations = Conversations
keys-writing = Writing
keys-forms = Secure forms
keys-next = Next, previous
keys-whose = Mine or all
keys-transfer = Transfer
keys-resolve = Resolve
keys-this = These keys
keys-write = Write
keys-send = Send
keys-new-line = New line
keys-leave = Leave the text
keys-palette = Choose a form
keys-choose = Next, previous form
keys-send-form = Send the form
keys-view = View the answers
keys-hint = Single letters work only outside text fields.
keys-letters = Use single letters
