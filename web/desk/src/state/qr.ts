/** A QR code as the desk draws it, rows of "0" and "1", as one path: no image, no markup, sharp at any size. */

/** The light margin that a reader needs, in modules (ISO/IEC 18004). */
export const QUIET_ZONE = 4;

export interface QrPath {
  /** Edge in modules, with the margin. */
  size: number;
  /** The dark modules. */
  d: string;
}

export function qrPath(rows: readonly string[]): QrPath {
  const d = rows
    .flatMap((row, y) =>
      // Neighbours are one stroke: seams between them would show when it is scaled.
      Array.from(row.matchAll(/1+/g), (run) => `M${run.index + QUIET_ZONE} ${y + QUIET_ZONE}h${run[0].length}v1h-${run[0].length}z`),
    )
    .join('');
  return { size: rows.length + 2 * QUIET_ZONE, d };
}

/** A secret as people read it aloud and type it: in fours. */
export function inFours(secret: string): string {
  return secret.replace(/\s/g, '').replace(/(.{4})(?=.)/g, '$1 ');
}
