# The admin panel.
# Short, plain, exact. Say what a setting is for, what happens, and what is lost. Never blame, never cute.

admin = Admin
admin-of = Admin of { $brand }
sections = Admin sections
back-to-sections = All sections
site = Site
section-people = People
section-profiles = Profiles
section-security = Security
section-keeping = Keeping
section-privacy = Privacy
section-keys = Keys and API
section-audit = Audit log
section-alerts = Alerts
section-access = Access review
notice-security = { $count ->
    [one] one part of the minimum is missing
   *[other] { $count } parts of the minimum are missing
}
notice-alerts = { $count } to look at

## Everywhere
loading = Loading
try-again = Try again
not-loaded = This could not be loaded.
undo = Undo
save = Save
discard = Discard
cancel = Cancel
done = Done
close-sheet = Close
close-dialog = Close
change = Change
on = on
is-on = On
is-off = Off
off = off
never = never
from = From
to = to
default-on = Default: on.
default-off = Default: off.
default-same = As by default.
default-is = Default: { $value }.
default-range = Default { $value }, from { $min } to { $max }.
filters-clear = Clear the filters
number-wrong = Write a whole number from { $min } to { $max }.
refused-own-account = Not done: nobody changes their own rights. Ask another admin.
refused-last-manager = Not done: somebody must be left who can manage people.
refused-in-use = Not done: people have this profile. Give them another one first.
refused-built-in = Not done: this profile comes with its role.
refused-taken = This name is taken. Choose another one.
refused-invalid = Not done: something in it is not right. Check what you wrote.

## Roles and permissions
role-agent = Agent
role-manager = Manager
role-admin = Admin
permission-handle_conversations = Handle conversations
permission-use_secure_forms = Use secure forms in a conversation
permission-reveal_card_numbers = Reveal full card numbers
permission-copy_answers = Copy answers
permission-view_history_answers = View answers in the history
permission-export = Export
permission-erase_data = Erase data
permission-manage_forms = Manage forms
permission-manage_people = Manage people and profiles
permission-manage_security = Manage security settings
permission-manage_keys = Manage API keys
permission-read_audit = Read the audit log
meaning-handle_conversations = Talk to visitors, take and close chats.
meaning-use_secure_forms = Send them, and read what comes back.
meaning-reveal_card_numbers = One by one, after a second step. Each reveal is logged.
meaning-copy_answers = A Copy button beside a revealed answer. Each copy is logged, codes never.
meaning-view_history_answers = Read answers that are kept, after the chat. Each time with a reason, which is logged.
meaning-export = Take lists, logs and what is kept of a visitor out as files.
meaning-erase_data = Erase what is kept of a visitor, for good.
meaning-manage_forms = Make, change and retire forms.
meaning-manage_people = Invite, block, and say who may do what.
meaning-manage_security = Can also stop secure forms for the site.
meaning-manage_keys = Let other systems in, and shut them out.
meaning-read_audit = Who did what; alerts; the access review.
short-handle_conversations = conversations
short-use_secure_forms = secure forms
short-reveal_card_numbers = card numbers
short-copy_answers = copying
short-view_history_answers = answers in the history
short-export = export
short-erase_data = erasing
short-manage_forms = forms
short-manage_people = people
short-manage_security = security
short-manage_keys = keys
short-read_audit = audit log
may-nothing = Nothing

## People
people-find = Find a person
people-found = { $count ->
    [0] Nobody found
    [one] One person found
   *[other] { $count } people found
}
people-none-title = Nobody matches
people-none-text = Try another word, or clear the filters.
people-alone-title = So far it is only you
people-alone-text = Invite those who answer your visitors. Each gets a link that works once.
invite = Invite
invite-first = Invite the first person
column-person = Person
column-profile = Profile
column-factor = Second step
column-last-here = Last here
filter-role = Role
filter-role-all = Role: all
filter-state = State
filter-state-all = State: all
state-active = Active
state-locked = Locked out
state-no_factor = No second step
state-invited = Invited
state-idle = Not used
state-deactivated = Blocked
factor-totp = Code app
factor-passkey = Passkey
factor-none = None
seen-now = Now
seen-ago = { $time } ago
seen-today = Today, { $time }
seen-never = Never
unlock = Unlock
unlock-person = Unlock { $person }
unlocked = { $person } can try to sign in again.

## Inviting
invite-title = Invite a person
invite-text = You get a link to send to them. With it they choose a password.
invite-display = Name that others see
invite-name = Name to sign in with
invite-name-hint = An e-mail address, or a short name. It can't be changed.
invite-name-wrong = This can't be a name to sign in with. Use letters, digits and . _ - @ only.
invite-missing = Write both names.
invite-submit = Make the link
invite-again = New link
invite-link-title = A link for { $person }
invite-link-text = Send it to { $person } in a way that you trust. It works once, for 24 hours, and is not shown again. A new link ends this one.
invite-link-label = Link
reset-link-title = A new password for { $person }
reset-link-text = Send it to { $person } in a way that you trust. It works once, for 24 hours, and is not shown again. When it is used, all sessions end.

## One person
standing-deactivated = Blocked
standing-deactivated-text = { $person } can't sign in. Nothing of the past is lost.
standing-idle = Not used for a long time
standing-idle-text = The account was shut because { $person } has not signed in for many days.
bring-back = Bring back
brought-back = { $person } is back. Make a link, with which they choose a new password.
standing-locked = Locked after wrong passwords
standing-locked-text = Until { $time }. Unlock only when you know it was them.
standing-no-factor = No second step yet
standing-no-factor-text = Where one is needed, { $person } sets it up at the next sign-in, before anything else.
self-hint = That is you. What you may do is changed by another admin.
plan-nothing = Changing a switch makes a profile just for { $person }.
plan-create = Saving makes a profile just for { $person }.
plan-change = Only { $person } has this profile: saving changes it.
plan-assign = That is what { $profile } allows: saving gives that profile.
profile-name-new = Name of the new profile
may-do = What { $person } may do
sessions = Signed in now
sessions-none = Nowhere.
sessions-end-all = End all
sessions-hint = Ending a session ends its right to the answers it asked for, for good.
session-since = Since { $time }, last input { $ago } ago
session-since-now = Since { $time }, in use now
session-locked = Locked
session-mine = This one
session-end = End
session-end-label = End the session from { $from }
session-ended = The session is ended.
sessions-ended = All sessions of { $person } are ended.
from-unknown = Address not known
sign-in = Signing in
password = Password
password-hint = A link with which they choose a new one.
password-invited = Not chosen yet. A new link ends the old one.
reset-link = Reset link
reset-link-ask = Make a reset link for { $person }?
reset-link-ask-text = Whoever has the link chooses the new password. Make it only when { $person } asked you.
loss-password = When it is used, the old password stops working and all sessions end.
loss-former-links = Links made before stop working at once.
factor-hint = Code app, passkeys and recovery codes.
factor-none-hint = Reset it here if the one that opens answers is lost.
factor-reset = Reset
factor-reset-ask = Reset the second step of { $person }?
factor-reset-ask-text = For a lost phone or key. This happens at once:
factor-reset-keep = Keep it
factor-reset-confirm = Reset second step
factor-reset-done = { $person } sets up a new second step at the next sign-in.
loss-factors = Code app, passkeys and recovery codes of { $person } stop working.
loss-sessions = All sessions end, and with them the right to the answers they asked for.
loss-answers = Answers to forms that { $person } sent before can't be revealed any more, by anyone.
block = Block now
block-hint = Ends all sessions
block-ask = Block { $person } now?
block-ask-text = { $person } can't do anything any more, at once. You can bring { $person } back, but not this:
loss-unsent = Forms of { $person } that visitors have not sent yet are cancelled.
loss-answers-now = Answers that { $person } asked for can't be read any more, by anyone.
blocked = { $person } is blocked.
withdraw = Withdraw
withdraw-hint = Ends the invitation
withdraw-ask = Withdraw the invitation of { $person }?
withdraw-ask-text = The link stops working. You can bring { $person } back.
person-saved = { $person } is saved. It holds from now on, on open sessions too.

## Profiles
profiles-intro = A profile says what people may do. Each role has its own; beside it you can make others that allow less, or more where the role lets them. A change holds at once, on open sessions too.
profile-new = New profile
column-may = May do
profile-built-in = Comes with the role
profile-built-in-text = It stays as it is. For anything else, make a new profile.
profile-like = New profile like this
profile-of = { $role }
profile-people = { $count ->
    [0] Nobody has it
    [one] One person has it
   *[other] { $count } people have it
}
profile-gone = Not there
profile-gone-text = This profile is gone. Somebody has deleted it.
profile-name = Name
profile-role = Role
profile-role-hint = It sets the most that the profile can allow, and can't be changed later.
profile-create = Create profile
profile-created = The profile { $profile } is there. Give it to people in People.
profile-saved = The profile { $profile } is saved. It holds from now on.
profile-in-use = { $count ->
    [one] One person has this profile, so it can't be deleted. Give them another one first.
   *[other] { $count } people have this profile, so it can't be deleted. Give them another one first.
}
profile-unused = Nobody has this profile.
profile-remove = Delete
profile-remove-ask = Delete the profile { $profile }?
profile-remove-text = Nobody has it. You can undo this for a moment.
profile-removed = The profile { $profile } is deleted.

## Security: the minimum
tab-minimum = The minimum
tab-sign-in = Sign-in
tab-watching = Chat, log and alerts
minimum-met = { $met } of { $total } in place
minimum-note = Secure forms work only while all are in place.
in-place = In place
missing = Missing
fix = Fix it
change-part = Change: { $part }
forms-on = Secure forms are on
forms-on-text = All parts of the minimum are in place. { $count ->
    [0] No form is open now.
    [one] One form is open now.
   *[other] { $count } forms are open now.
}
forms-off = Secure forms are stopped
forms-off-since = Secure forms have been stopped since { $since }
forms-off-text = { $count ->
    [one] One of { $total } parts of the minimum is missing.
   *[other] { $count } of { $total } parts of the minimum are missing.
} Nobody can send or open a form until it is back. Chats go on as usual.
low-space = The disk is almost full
low-space-text = What is left is kept for people who are signed in. Ask whoever runs the server to make room.
part-password = Password rules
part-password-text = Length, letters and digits, the last ones not used again.
part-password-missing = Needs at least 12 characters, letters and digits, and the last 4 not used again.
part-lockout = Lock after wrong passwords
part-lockout-text = After too many wrong passwords an account is locked for a while.
part-lockout-missing = Anyone can guess passwords without end.
part-idle_lock = Lock when idle
part-idle_lock-text = No input locks the page and hides every answer.
part-idle_lock-missing = A page that is left alone stays open, with its answers.
part-hide_card_numbers = Hide card numbers in chat
part-hide_card_numbers-text = Card numbers typed in a chat are masked before they are kept.
part-hide_card_numbers-missing = Card numbers typed in a chat are kept as they are.
part-second_factor = Second step for everyone who can read answers
part-second_factor-text = A passkey, or a code from an app, beside the password.
part-second_factor-missing = People can read answers with only a password.
now-password = At least { $count } characters
now-lockout = { $count } tries
now-idle = { $lock } min, { $out ->
    [0] and signed out at once
   *[other] then signed out after { $out }
}
default-password = Default { $count }, never under { $min }.

## Security: the settings
unsaved = Changes that are not saved
unsaved-count = { $count ->
    [one] One change is not saved.
   *[other] { $count } changes are not saved.
}
not-saved = The desk did not take it.
fix-numbers = A number is not right yet.
save-changes = Save changes
policy-saved = Saved. It holds from now on.
policy-saved-stopped = Saved. Secure forms are stopped.
policy-taken-back = Taken back. All is as it was.
policy-refused = Not saved: “{ $setting }” is out of its range.
stops-forms = Saving this stops secure forms for the whole site.
group-password = Passwords
group-password-text = They hold from the next password on. Common and leaked passwords, and names in them, are never taken.
group-lockout = Wrong passwords
group-lockout-text = Against guessing. It never locks the browser of someone who signed in with it before.
group-idle = Nobody at the keyboard
group-idle-text = Only keys and pointer count as input, here and in the view of answers.
group-session = Length of a session
group-session-text = Ends every session, however busy it is.
group-second_factor = Second step
group-second_factor-text = A passkey or a code app at sign-in. The vault asks for its own before a reveal, always.
group-accounts = Accounts that nobody uses
group-accounts-text = An account that is forgotten is a door that is forgotten.
group-chat = Card numbers in chat
group-chat-text = They belong into a secure form, and people type them in the chat all the same.
group-log = Keeping the audit log
group-log-text = Older entries go; the chain stays whole.
group-review = Alerts
group-review-text = What is worth a look. An alert stops nobody.
setting-password-profile = Rules
setting-password-profile-text = PCI DSS wants mixed characters and expiry. NIST wants long passwords and no expiry.
setting-password-min-length = Shortest password
setting-password-min-length-text = Length does most against guessing. Under 12 the minimum is not met.
setting-password-letters-and-digits = Letters and digits
setting-password-letters-and-digits-text = Each password has both. Needed for the minimum with the PCI DSS rules.
setting-password-history = Not used again
setting-password-history-text = That many of the last passwords are refused. Under 4 the minimum is not met.
setting-password-max-age-days = Expires after
setting-password-max-age-days-text = Only for people without a second step.
setting-password-changes-per-day = Changes a day
setting-password-changes-per-day-text = So that nobody changes through the list to get the old one back.
setting-lockout-on = Lock after wrong passwords
setting-lockout-on-text = Part of the minimum.
setting-lockout-tries = Wrong tries
setting-lockout-tries-text = After that many the account is locked.
setting-lockout-minutes = Locked for
setting-lockout-minutes-text = Then it opens by itself. You can unlock earlier, in People.
setting-lockout-captcha-after = Puzzle after
setting-lockout-captcha-after-text = The browser solves it, nobody has to read or click. 0: always.
setting-idle-on = Lock when idle
setting-idle-on-text = Part of the minimum.
setting-idle-lock-after-minutes = Locks after
setting-idle-lock-after-minutes-text = The page is emptied and open answers close. The password brings it back.
setting-idle-sign-out-after-minutes = Signed out after
setting-idle-sign-out-after-minutes-text = Counted from the lock. 0: at once. The right to answers is then gone for good.
setting-session-hours = Longest session
setting-session-hours-text = A working day and a little more.
setting-second-factor = Who needs one
setting-second-factor-text = Without it a stolen password is enough to read answers. Part of the minimum.
setting-idle-account-days = Shut after
setting-idle-account-days-text = Without a sign-in for that long. You can bring it back, in People.
setting-hide-card-numbers = Hide card numbers in chat
setting-hide-card-numbers-text = Masked but for the last four, before anything is kept. Part of the minimum.
setting-audit-days = Kept for
setting-audit-days-text = Never under a year.
setting-review-reveals-per-hour = Many reveals
setting-review-reveals-per-hour-text = More than that many by one person in an hour.
setting-review-unclosed-minutes = Reveal without an end
setting-review-unclosed-minutes-text = Answers still open that long after a reveal.
setting-review-working-hours = Reveals outside working hours
setting-review-working-hours-text = You say when people of this site work.
choice-pci = PCI DSS
choice-nist = NIST
choice-viewers = Readers of answers, and admins
choice-everyone = Everyone
choice-off = Nobody
unit-characters = characters
unit-passwords = passwords
unit-days = days
unit-times = times
unit-tries = tries
unit-minutes = minutes
unit-hours = hours
unit-reveals = reveals
time-zone = Time zone
weekdays = Days

## Security: stopping secure forms
stop-password = Loosen the password rules?
stop-lockout = Stop locking after wrong passwords?
stop-idle_lock = Stop locking when idle?
stop-hide_card_numbers = Stop hiding card numbers in chat?
stop-second_factor = Stop asking for a second step?
stop-many = Loosen parts of the minimum?
stop-why = It is part of the minimum, so this happens at once:
stop-why-many = They are parts of the minimum, so this happens at once:
stop-forms = Secure forms stop for all of { $brand }. { $count ->
    [0] None is open now.
    [one] One open form is cancelled.
   *[other] { $count } open ones are cancelled.
}
stop-password-means = Weaker passwords are taken from then on.
stop-lockout-means = Passwords can be guessed without end.
stop-idle_lock-means = A page that is left alone stays open.
stop-hide_card_numbers-means = Card numbers typed from then on are kept in the chat as they are.
stop-second_factor-means = A password alone is enough to sign in.
stop-back = You can change it back at any time. Cancelled forms stay cancelled.
stop-back-cards = You can turn it on again. Numbers typed in between stay readable.
stop-name = Write the site's name, { $brand }
stop-keep = Keep it as it is
stop-confirm = Stop secure forms

## Keys
column-key = Key
column-scopes = Opens
column-state = State
column-last-used = Last used
key-new = New key
key-new-first = Make the first key
key-new-text = For a program that works with this site. It can't sign in, and never sees an answer.
keys-none-title = No key yet
keys-none-text = A key opens what you choose to another system, and nothing else.
key-state-working = Working
key-state-ends_soon = Ends soon
key-state-over = Over
key-state-revoked = Revoked
key-revoked = { $key } is revoked. It stopped working at once.
key-until = until { $day }
key-used = Last used: { $time }
key-revoke = Revoke
key-revoke-label = Revoke { $key }
key-revoke-ask = Revoke { $key }?
key-revoke-text = Whatever uses it is shut out at once. This can't be undone: make a new key instead.
key-keep = Keep it
key-name = What it is for
key-name-hint = The system that will use it.
key-name-missing = Write what it is for.
key-scopes-missing = Choose at least one.
key-days = Lasts, in days
key-days-hint = Default 90, from 1 to 365. Shorter is safer.
key-create = Make the key
key-fresh-title = The key for { $key }
key-fresh-text = Copy it now into the system that uses it. It is not shown again: if it is lost, revoke it and make a new one.
scope-audit_read = Audit log
scope-audit_read-text = Entries and the state of the chains.
scope-people_read = People
scope-people_read-text = Names, profiles, states. No passwords, no second steps.
scope-security_read = Security settings
scope-security_read-text = The policy and the minimum.
scope-privacy_export = Export of a visitor
scope-privacy_export-text = Finds visitors and takes out the desk's part. Never an answer.
scope-privacy_erase = Erasing a visitor
scope-privacy_erase-text = Finds visitors and erases what is kept of them, for good.

## The audit log
audit-find = Person or reference
audit-found = { $count ->
    [0] No entry found
    [one] One entry found
   *[other] { $count } entries found
}{ $more ->
    [yes] , and there are more
   *[no] {""}
}
audit-empty = Nothing is written down yet
audit-empty-text = Every sign-in, setting, form, view and refusal will stand here.
audit-no-match = No entry matches
audit-no-match-text = Try another word or more days, or clear the filters.
audit-searching = Searching
audit-not-yet = Nothing found so far. There are older entries.
audit-go-on = Search on
audit-older = Show earlier entries
audit-end = That is the first entry that is kept.
column-entry = Entry
column-time = Time
column-who = Who
column-what = What
column-on = On what
column-result = Result
column-zone = Zone
column-from = From
filter-who-all = Who: all
filter-what-all = What: all
filter-days = Days
span-any = Any day
span-today = Today
span-week = 7 days
span-month = 30 days
span-days = Choose days
filter-result-all = Result: all
result-done = Done
result-refused = Refused
zone-both = Both
zone-desk = Desk
zone-vault = Vault
zone-short-desk = D
zone-short-vault = V
days-backwards = The second day is before the first.
days-missing = Choose both days.
days-too-many = Choose at most { $count } days.
entry-number = { $zone } { $number }
entry-unfold = Entry { $entry }
entry-why = Why
entry-session = Session
entry-count = How often
entry-detail = Detail
times-counted = { $count } times
entry-hash = This entry
entry-previous = Follows { $number }
who-agent = Agent
who-visitor = Visitor
who-visitor-named = Visitor { $name }
who-viewer = Viewer
who-operator = Operator
who-desk = Desk
who-vault = Vault
who-api-key = API key
who-stranger = Somebody unknown
who-unknown = Somebody unknown
check-now = Check both chains now
checking = Checking
export = Export
export-filtered = The entries that match the filters.
export-all = All entries that are kept.
export-jsonl = JSON lines
export-jsonl-text = With hashes, to check it yourself.
export-csv = CSV
export-csv-text = For a spreadsheet.
chains-whole = Both chains are whole.
chains-range = Desk { $deskFirst } to { $deskLast } and vault { $vaultFirst } to { $vaultLast }.
chains-checked = Checked { $time } against the signed checkpoints.
chains-unchecked = Both chains are being checked for the first time since the start.
chains-kept = Kept { $days } days.
chain-broken-desk = The desk's chain is broken: { $fault }.
chain-broken-vault = The vault's chain is broken: { $fault }.
chain-no-checkpoint = No signed checkpoint vouches for any of it.
chain-vouched = Up to entry { $number } a signed checkpoint of { $time } vouches for it.
chain-broken-do = Somebody or something has changed the log. Export it now, keep the shipped checkpoints safe, and tell whoever is responsible for security.
verify-how = How to check it yourself
verify-text = Each entry carries the hash of the one before. Checkpoints, signed by each zone, are shipped to a file or a log server outside this site every minute. With both, anybody can tell whether an entry was changed, removed or put in, without trusting this page.
verify-1 = Export the log as JSON lines, without filters.
verify-2 = Get the shipped checkpoints from whoever runs the server.
verify-3 = On a computer of your own, run:
verify-command = Command
verify-note = Without checkpoints it finds every change but a cut end, and says up to where it can vouch.

## Acts in the log, the desk's
act-create-site = Created the site
act-create-agent = Invited a person
act-login = Signed in
act-end-session = Ended a session
act-send-invitation = Sent a form
act-give-up-invitation = Gave a form up
act-cancel-invitation = Cancelled a form
act-reissue-invitation = Made a new link
act-open-invitation = Asked to open a form
act-view-answers = Asked for a view key
act-close-conversation = Closed a chat
act-lock-account = Locked an account
act-unlock-account = Unlocked an account
act-lock-session = Locked a session
act-unlock-session = Unlocked a session
act-pass-factor = Passed the second step
act-change-password = Changed a password
act-issue-link = Made a link to sign in
act-use-link = Used a link to sign in
act-add-factor = Added a second step
act-remove-factor = Removed a second step
act-reset-factors = Reset a second step
act-renew-recovery-codes = Renewed recovery codes
act-set-profile = Gave a profile
act-rename-agent = Renamed a person
act-deactivate-agent = Blocked a person
act-activate-agent = Brought a person back
act-disable-idle-agent = Shut an unused account
act-create-profile = Created a profile
act-change-profile = Changed a profile
act-delete-profile = Deleted a profile
act-change-policy = Changed a setting
act-stop-forms = Stopped secure forms
act-resume-forms = Let secure forms go on
act-create-key = Made a key
act-revoke-key = Revoked a key
act-export-audit = Exported the audit log
act-acknowledge-alert = Looked at an alert
act-prune-audit = Took old entries away
act-transfer-conversation = Transferred a chat
act-view-history = Asked for answers of the past
act-change-keeping = Changed how long answers are kept
act-export-data = Took out what is kept of a visitor
act-export-answers = Asked for a visitor's answers
act-erase-data = Erased what is kept of a visitor
act-confirm-erasing = Heard that the vault has erased it
act-low-space = Disk space ran low, or came back

## Acts in the log, the vault's
act-site-set = Took a site in
act-definition-published = Published a form
act-session-started = Began a session
act-viewer-enrolled = Took a browser for viewing
act-session-ended = Ended a session
act-conversation-closed = Closed a chat
act-invited = Made a form ready
act-open-minted = Made a key to open a form
act-reissued = Made a new link
act-asked = Asked for a new form
act-opened = Opened a form
act-form-loaded = Loaded a form
act-submitted = Submitted a form
act-declined = Declined a form
act-cancelled = Cancelled a form
act-expired = Let a form expire
act-granted = Made a view key
act-viewed = Opened answers
act-revealed = Revealed an answer
act-view-closed = Closed answers
act-session-locked = Locked a session
act-session-unlocked = Unlocked a session
act-rights-changed = Changed a person's rights
act-forms-stopped = Stopped secure forms
act-forms-resumed = Let secure forms go on
act-factor-added = Added a second step
act-factors-reset = Reset a second step
act-confirmed = Confirmed with the second step
act-purged = Erased by retention
act-copied = Copied an answer
act-history-granted = Made a key to answers of the past
act-history-viewed = Opened answers of the past
act-revoked = Took the right to answers away
act-off-the-record-gone = Wiped answers off the record
act-site-key-made = Made a site's key
act-site-key-rotated = Changed a site's key
act-rewrap-started = Began to wrap keys anew
act-rewrap-finished = Wrapped all keys anew
act-site-key-moved = Moved a site's key to another provider
act-site-key-retired = Deleted a key that nothing needs
act-keys-unsealed = Unsealed the keys
act-keys-unavailable = Lost its keys
act-keys-available = Got its keys back
act-erased = Erased stored answers
act-conversation-erased = Erased a chat's answers on request
act-export-granted = Made a key to a visitor's answers
act-export-opened = Asked before handing answers out
act-exported = Handed a visitor's answers out
act-detokenised = Gave answers for tokens to another system
act-described = Told another system about answers
act-api-key-made = Made a key for another system
act-api-key-revoked = Revoked a key for another system
act-audit-pruned = Took old entries away

## Requests that were refused, counted by the minute
act-session = Asked without a session
act-visitor = Asked without being a known visitor
act-origin = Asked from another site's page
act-rate = Asked too often
act-permission = Tried without the permission

## On what
on-site = Site
on-agent = Person
on-session = Session
on-visitor = Visitor
on-conversation = Chat
on-invitation = Form
on-profile = Profile
on-passkey = Passkey
on-api-key = Key
on-view = View
on-definition = Form
on-factor = Second step
on-alert = Alert
on-audit-log = Audit log
on-submission = Answers

## Why
reason-history-off = The vault lets nobody read the past.
reason-lost = The right to it was lost.
reason-transferred = The chat went to another agent.
reason-form-closed = The visitor closed it, and it opens once.
reason-another-form = The visitor opened another form.
reason-sealed = The vault's keys were locked.
reason-full = There was no room in the vault's memory.
reason-erased = It was erased.
reason-retention = The time to keep it was over.
reason-request = Somebody asked for it.
reason-dispute = A payment or an agreement is disputed.
reason-fraud-check = Fraud is suspected.
reason-legal-request = A court or an authority asks.
reason-subject-request = The visitor asks what is kept of them.
reason-quality-check = How we work is checked.
reason-not-valid = It was not valid.
reason-used = It was used before.
reason-replaced = A newer one has replaced it.
reason-expired = Its time was over.
reason-already-submitted = It was submitted before.
reason-other-device = It was opened on another device.
reason-wrong-state = It was in another state by then.
reason-other-agent = The answers were sent to somebody else.
reason-other-session = The answers belong to another session.
reason-session-ended = The session was over.
reason-right-lost = The right to it was lost.
reason-lease-lapsed = The desk had stopped vouching for the session.
reason-other-browser = It was another browser than the session's.
reason-view-closed = The view was closed.
reason-secure-forms = The permission for secure forms is missing.
reason-card-numbers = The permission for card numbers is missing.
reason-conversation-closed = The chat was closed.
reason-no-factor = There was no second step.
reason-stopped = Secure forms were stopped.
reason-locked = The session was locked.
reason-confirm = The second step had not been confirmed.
reason-factor-too-new = The second step is newer than the form.
reason-wrong-code = The code was wrong.
reason-factor-locked = Too many wrong codes.
reason-invalid = What came was not right.
reason-wrong-password = The password was wrong.
reason-logout = Signed out.
reason-too-old = The session had reached its greatest length.
reason-ended-by-vault = The vault ended it.
reason-idle = Nobody was at the keyboard.
reason-ended-elsewhere = Ended from another session of the same person.
reason-ended-by-admin = Ended by an admin.
reason-deactivated = The account was blocked.
reason-password-changed = The password was changed.
reason-factor-reset = The second step was reset.

## Alerts
alerts-open = To look at
alerts-all = All
alerts-none = No alert
alerts-none-open = Nothing to look at
alerts-none-text = Many reveals in an hour, reveals at odd hours and reveals without an end would stand here.
alerts-rules = See the rules
alert-look = Open in the log
alert-acknowledge = Mark as looked at
alert-acknowledged = Noted.
alert-noted = looked at by { $person }, { $time }
alert-many-reveals = { $person } revealed { $count } answers within an hour
alert-many-reveals-text = More than is usual here. Ask what it was for.
alert-odd-hours = { $person } revealed an answer outside working hours
alert-odd-hours-text = Nobody is expected to work then.
alert-unclosed = { $person } left answers open after a reveal
alert-unclosed-text = The conversation was not closed for a long time.
alert-vault-log = The vault's log is not what the desk has seen of it
alert-vault-log-text = Look at the state of the chains in the audit log.
alert-desk-log = The desk's log is not whole
alert-desk-log-text = Look at the state of the chains in the audit log.
alert-low-space = There is little disk space left
alert-low-space-text = What is left is kept for people who are signed in. Ask whoever runs the server to make room.
alert-checkpoints = Checkpoints of the log can't be kept or shipped
alert-checkpoints-text = Without them a cut end of the log can't be told. Ask whoever runs the server.
somebody = Somebody

## The access review
access-none = Nobody could see answers
access-none-text = In these days no one had the right to.
access-summary = { $could ->
    [one] One person
   *[other] { $could } people
} could see answers in these days, { $did ->
    [0] nobody did.
    [one] one did.
   *[other] { $did } did.
}
column-could = Could see answers
column-views = Views
column-reveals = Reveals
column-last-view = Last
could-span = { $right }: { $from } to { $until }
until-now = now
right-use-secure-forms = Secure forms
right-reveal-card-numbers = Card numbers
right-view-history-answers = History
download-csv = Download CSV
