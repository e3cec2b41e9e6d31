// The one outline icon set of every face: Lucide (ISC licence), only the drawings that are used.
//
// Each name is its own export, so that a face carries no icon which it does not draw:
// `import * as icons from '…/parts/icons.ts'` and `<Icon of={icons.shield} />`.

/** One icon as the `d` of a path, 24 units square (build.ts makes it). */
export type Outline = string & { readonly outline: unique symbol };

export { default as shield } from 'lucide-static/icons/shield.svg?outline';
export { default as shieldOff } from 'lucide-static/icons/shield-off.svg?outline';
export { default as messagesSquare } from 'lucide-static/icons/messages-square.svg?outline';
export { default as circleQuestionMark } from 'lucide-static/icons/circle-question-mark.svg?outline';
export { default as check } from 'lucide-static/icons/check.svg?outline';
export { default as checkCheck } from 'lucide-static/icons/check-check.svg?outline';
export { default as x } from 'lucide-static/icons/x.svg?outline';
export { default as arrowLeftRight } from 'lucide-static/icons/arrow-left-right.svg?outline';
export { default as clock } from 'lucide-static/icons/clock.svg?outline';
export { default as clockAlert } from 'lucide-static/icons/clock-alert.svg?outline';
export { default as timer } from 'lucide-static/icons/timer.svg?outline';
export { default as timerOff } from 'lucide-static/icons/timer-off.svg?outline';
export { default as eye } from 'lucide-static/icons/eye.svg?outline';
export { default as eyeOff } from 'lucide-static/icons/eye-off.svg?outline';
export { default as refreshCw } from 'lucide-static/icons/refresh-cw.svg?outline';
export { default as link } from 'lucide-static/icons/link.svg?outline';
export { default as copy } from 'lucide-static/icons/copy.svg?outline';
export { default as search } from 'lucide-static/icons/search.svg?outline';
export { default as arrowLeft } from 'lucide-static/icons/arrow-left.svg?outline';
export { default as panelRight } from 'lucide-static/icons/panel-right.svg?outline';
export { default as sendHorizontal } from 'lucide-static/icons/send-horizontal.svg?outline';
export { default as cornerDownLeft } from 'lucide-static/icons/corner-down-left.svg?outline';
export { default as triangleAlert } from 'lucide-static/icons/triangle-alert.svg?outline';
export { default as circleAlert } from 'lucide-static/icons/circle-alert.svg?outline';
export { default as circleCheck } from 'lucide-static/icons/circle-check.svg?outline';
export { default as circleX } from 'lucide-static/icons/circle-x.svg?outline';
export { default as ban } from 'lucide-static/icons/ban.svg?outline';
export { default as hand } from 'lucide-static/icons/hand.svg?outline';
export { default as wifiOff } from 'lucide-static/icons/wifi-off.svg?outline';
export { default as cloudOff } from 'lucide-static/icons/cloud-off.svg?outline';
export { default as logOut } from 'lucide-static/icons/log-out.svg?outline';
export { default as inbox } from 'lucide-static/icons/inbox.svg?outline';
export { default as keyboard } from 'lucide-static/icons/keyboard.svg?outline';
export { default as minus } from 'lucide-static/icons/minus.svg?outline';
export { default as chevronLeft } from 'lucide-static/icons/chevron-left.svg?outline';
export { default as chevronRight } from 'lucide-static/icons/chevron-right.svg?outline';
export { default as chevronDown } from 'lucide-static/icons/chevron-down.svg?outline';
export { default as messageCircle } from 'lucide-static/icons/message-circle.svg?outline';
export { default as monitorSmartphone } from 'lucide-static/icons/monitor-smartphone.svg?outline';
export { default as squareArrowOutUpRight } from 'lucide-static/icons/square-arrow-out-up-right.svg?outline';
export { default as loaderCircle } from 'lucide-static/icons/loader-circle.svg?outline';
export { default as plus } from 'lucide-static/icons/plus.svg?outline';
export { default as user } from 'lucide-static/icons/user.svg?outline';
export { default as users } from 'lucide-static/icons/users.svg?outline';
export { default as lock } from 'lucide-static/icons/lock.svg?outline';
export { default as history } from 'lucide-static/icons/history.svg?outline';
export { default as undo2 } from 'lucide-static/icons/undo-2.svg?outline';
export { default as smartphone } from 'lucide-static/icons/smartphone.svg?outline';
export { default as notebookPen } from 'lucide-static/icons/notebook-pen.svg?outline';
export { default as creditCard } from 'lucide-static/icons/credit-card.svg?outline';
export { default as fingerprint } from 'lucide-static/icons/fingerprint-pattern.svg?outline';
export { default as slidersHorizontal } from 'lucide-static/icons/sliders-horizontal.svg?outline';
export { default as download } from 'lucide-static/icons/download.svg?outline';
export { default as printer } from 'lucide-static/icons/printer.svg?outline';
export { default as circleOutline } from 'lucide-static/icons/circle.svg?outline';
export { default as keyRound } from 'lucide-static/icons/key-round.svg?outline';
export { default as monitor } from 'lucide-static/icons/monitor.svg?outline';
