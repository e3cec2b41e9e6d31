// Icons that only the admin panel draws, from the same set as the others; they come with its chunk.
export { default as activity } from 'lucide-static/icons/clipboard-list.svg?outline';
export { default as bell } from 'lucide-static/icons/bell.svg?outline';
export { default as download } from 'lucide-static/icons/download.svg?outline';
export { default as fingerprint } from 'lucide-static/icons/fingerprint-pattern.svg?outline';
export { default as idCard } from 'lucide-static/icons/id-card.svg?outline';
export { default as keyRound } from 'lucide-static/icons/key-round.svg?outline';
export { default as linkWhole } from 'lucide-static/icons/link-2.svg?outline';
export { default as linkBroken } from 'lucide-static/icons/unlink.svg?outline';
export { default as lockOpen } from 'lucide-static/icons/lock-open.svg?outline';
export { default as scrollText } from 'lucide-static/icons/scroll-text.svg?outline';
export { default as shieldCheck } from 'lucide-static/icons/shield-check.svg?outline';
export { default as userPlus } from 'lucide-static/icons/user-plus.svg?outline';
export { default as hardDrive } from 'lucide-static/icons/hard-drive.svg?outline';
export { default as archive } from 'lucide-static/icons/archive.svg?outline';
export { default as userSearch } from 'lucide-static/icons/user-search.svg?outline';
