# The steps of a sign-in, the lock, and one's own account.
# Short, plain, exact. Say what happened and what to do next. Never blame, never cute.

continue = Continue
checking = Checking
saving = Saving
cancel = Cancel
back = Back
done = Done
later = Later
change = Change
remove = Remove
copy = Copy
copied = Copied
try-again = Try again
loading = Loading
not-you = Not you?

## Wrong, and what then
wrong-code = That code is not right, or was used already. Wait for the next one.
wrong-code-left = { $count ->
    [0] That code is not right. Sign in again.
    [one] That code is not right, or was used already. One try is left.
   *[other] That code is not right, or was used already. { $count } tries are left.
}
wrong-password = That password is not right.
account-locked = Too many wrong tries. Wait { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}, or ask an admin to unlock you.
too-many = Too many tries. Wait { $seconds ->
    [one] a second
   *[other] { $seconds } seconds
}, then try again.

## The second step
second-title = Confirm it's you
second-why = A password can be stolen. So we check twice.
second-or = or type the code from your app
code-label = Code from your app
code-hint = Six digits. It goes on by itself after the last one.
code-missing = Type all six digits.
passkey-use = Use my passkey
passkey-stopped = The passkey was not used. Try again, or take another way.
passkeys-not-here = This browser can't use your passkey. Try another browser, or a recovery code.
lost = Lost your phone or key?
lost-recovery = A recovery code works once in its place.
recovery-use = Use a recovery code
lost-admin = Without one, an admin of your site can reset your second step. Then you set up a new one.
recovery-title = Use a recovery code
recovery-text = One of the ten that you kept when you set up your second step. Each works once.
recovery-label = Recovery code
recovery-missing = Type one of your recovery codes.
recovery-back = Use my passkey or app after all

## A new password
password-title = Choose your own password
password-why = Somebody else knows the one you were given. Replace it before you go on.
password-given = Password you were given
password-new = New password
password-current = Current password
password-own = Password
password-save = Save and continue
password-missing = Choose a password.
password-current-missing = Type your password.
password-rules-open = Not yet: see the rules above.
password-refused-rules = Not saved: see the rules above.
password-refused-common = Not saved: this password is among those that are tried first. Choose another one.
password-refused-used = Not saved: you have used this password before.
password-too-many = { $count ->
    [one] You have changed your password once today. Try again tomorrow.
   *[other] You have changed your password { $count } times today. Try again tomorrow.
}
rules = Rules
rules-met = { $met } of { $all } rules met
rule-length = At least { $count } characters
rule-mixed = A letter and a digit
rule-name = Not your name, and not this site's
rule-common = None that is easily guessed
rule-history = { $count ->
    [one] Not the one before
   *[other] None of your last { $count }
}
rule-said-met = , met
rule-said-open = , not met yet
rule-said-later = , checked when you save
rule-said-broken = , not met

## Setting up a second step
set-up-title = Set up your second step
set-up-why = Your password alone does not open this site. Choose what you confirm with from now on.
way-passkey = A passkey
way-passkey-text = Your fingerprint, face or PIN on this device, or a security key.
way-app = A code app
way-app-text = An app on your phone shows a new code every 30 seconds.
way-app-replaces = The new app takes the place of the one you have.
app-title = Connect your code app
app-scan = Scan this with the app:
app-type = Or type this key into the app:
app-secret = Key
app-code = Then type the code that it shows
app-confirm = Connect
qr = QR code with the key that stands below
passkey-title = Create a passkey
passkey-text = Your browser asks next. Give it a name, so that you know it later.
passkey-name = Name
passkey-name-first = This device
passkey-name-missing = Give the passkey a name.
passkey-make = Create passkey
passkey-busy = Your browser asks you
passkey-there = This device has a passkey for your account already.
recovery-codes-title = Keep your recovery codes
recovery-codes-text = If you lose your phone or key, one of these lets you in. Each works once. They are not shown again.
recovery-file = Aside recovery codes of { $name } at { $brand }
recovery-copied = The recovery codes are copied
recovery-kept = I have kept them in a safe place
recovery-kept-missing = Keep them first, then tick this.
save-file = Save
print = Print

## The vault's confirmation
vault-title = Your confirmation at the vault
vault-text = Before it reveals an answer, the vault makes sure that it is you. It asks here, inside its own frame, where the chat can't look.
vault-frame = Set-up of your confirmation, shown by the vault
vault-away = The vault does not answer. Nothing is lost.
vault-window = This browser blocks the vault's frame. Set it up in a window of the vault.
vault-window-open = Open the window
vault-done = Your confirmation is set up

## The lock
lock-title = Locked
lock-who = { $name } · { $brand }
lock-passkey = Unlock with my passkey
lock-password = Use my password
lock-unlock = Unlock
lock-left = You are signed out in { $time }
lock-left-said = You are signed out in { $time }
lock-loses = After that, forms you asked for are cancelled, and answers you could read are closed to you for good.
lock-alone = The desk can't be reached. Unlocking works when the connection is back.
lock-waiting = { $count ->
    [one] One visitor waits for you
   *[other] { $count } visitors wait for you
}
lock-sign-out = Sign out now
lock-sign-out-text = Forms you asked for are cancelled if they were not sent yet, and answers you could read can't be read by anyone any more. This can't be undone.
lock-stay = Stay locked

## Behind a link
welcome-page = Choose a password
welcome-looking = Looking at your link
welcome-title = Welcome, { $name }
welcome-text = Choose a password for { $brand }. You sign in as { $name }.
welcome-save = Save password
welcome-done = Your password is saved
welcome-done-text = Sign in with it now.
welcome-sign-in = Go to sign-in
welcome-gone = This link does not work
welcome-gone-text = It works once, and for 24 hours. Ask an admin of your site for a new one.
welcome-away = The desk can't be reached
welcome-away-text = Your link is not used up. Check your connection and try again.

## One's own account
account-title = My account
account-who = { $name } · { $role } at { $brand }
role-agent = Agent
role-manager = Manager
role-admin = Admin
account-sign-in = How you sign in
account-password = Password
password-change = Change password
password-change-text = All your other sessions end.
password-changed = Your password is changed.
account-app = Code app
app-since = since { $since }
app-remove = Remove the code app
passkey-since = Passkey since { $since }, not used yet
passkey-used = Passkey since { $since }, last used { $used }
passkey-remove = Remove the passkey { $name }
account-codes = Recovery codes
codes-left = { $count ->
    [0] None left
    [one] One left
   *[other] { $count } left
}
codes-new = New codes
codes-new-text = You get ten new recovery codes. The old ones stop working.
factor-none = You sign in with a password alone.
factor-more = One more way in, for when you lose the other.
factor-add = Add a second step
factor-add-text = Your password first, so that nobody else adds one at your desk.
factor-added = The second step is added.
factor-remove-text = You can't sign in with it any more.
factor-removed = It is removed.
last-factor = You need one second step here. Add another one first.
account-vault = How you reveal answers
account-confirm = Confirmation at the vault
confirm-there = It is set up
confirm-missing = Not set up: you can't send forms yet
confirm-unknown = The vault does not answer just now
confirm-set-up = Set it up
confirm-more = Add another
account-sessions = Where you are signed in
session-since = Since { $since }
session-here = This one
session-locked = Locked
session-from = From { $from }, last used { $used }
session-input = Last used { $used }
session-end = End
session-end-label = End the session since { $since }
session-ended = The session is ended
session-ends = This session ends at { $time } at the latest.
