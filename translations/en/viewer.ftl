### The agent's frame: the answers of one form, shown by the vault.

viewer-title = Secure form
viewer-waiting = Loading the secure form…
viewer-heading = Answers to { $title }, ref { $reference }
viewer-said = Shown by the vault, to you only. Each reveal is logged.
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
viewer-not-given = Not answered
viewer-done = Done
viewer-done-what = Done hides everything
viewer-refused = Could not be revealed. The view may have ended: open it again.
viewer-closed = Hidden again
viewer-closed-done = You pressed Done. Open it again from the conversation.
viewer-closed-right = The view has ended, because the conversation or your session did, or its time was over.
viewer-closed-lost = The line to the vault broke, so everything was hidden. Open it again from the conversation.
viewer-could-not-load = Could not load secure form
viewer-could-not-load-right = Only the agent who asked can open these answers, in the session that asked, while the conversation is open. Ask the visitor to send them again with a new form.
viewer-could-not-load-now = The vault can’t show the answers at this moment. They are safe. Try again in a minute.
