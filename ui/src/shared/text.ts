/** Full-width letters, digits and signs as their plain forms, without invisible characters. */
export function plain(text: string): string {
  return (
    text
      .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
      .replace(/\u3000/g, " ")
      // eslint-disable-next-line no-control-regex -- scanners send control characters
      .replace(/[\u0000-\u001f\u007f\u200b-\u200f\u2060\ufeff]/g, "")
      .trim()
  );
}

// Control characters, and those that turn, join or hide what stands beside them, as the services refuse them.
const HIDDEN = /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd]/u;

/** The first character that nobody sees, by its name (`U+202E`). A text of several lines may have lines and tabs. */
export function hiddenIn(text: string, lines = false): string | null {
  const [found] = HIDDEN.exec(lines ? text.replace(/[\n\r\t]/g, "") : text) ?? [];
  return found ? `U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}` : null;
}

/**
 * What a scanner or a hand put into a find box, ready to be looked up: digits lose their grouping, a link and
 * other numbers stay as they are. Null when there is nothing to look up.
 */
export function scanned(text: string): string | null {
  const clean = plain(text);
  if (!clean) return null;
  const bare = clean.replace(/[\s\-–—·]/g, "");
  return /^\d+$/.test(bare) ? bare : clean;
}

/** A short number as it is said: hall, date, window, sequence, check digit. Another number stays as it is. */
export const spoken = (number: string): string =>
  number.replace(/^(\d{4})(\d{6})(\d{2})(\d{3})(\d)$/, "$1-$2-$3-$4-$5");

/** Bytes as people read them. */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

const ZONE = "Asia/Shanghai";

const parts = (format: Intl.DateTimeFormat, moment: string) =>
  Object.fromEntries(format.formatToParts(new Date(moment)).map(({ type, value }) => [type, value]));

const minutes = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});

/** A moment in the hall's zone, whatever the computer's zone is. */
export function moment(at: string | null | undefined): string {
  if (!at) return "—";
  const p = parts(minutes, at);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/** The civil date of a moment in the hall's zone. */
export const day = (at: string | null | undefined) => moment(at).slice(0, 10);

/** Money as it is asked for. */
export const yuan = (fen: number) => `¥${(fen / 100).toFixed(2)}`;
