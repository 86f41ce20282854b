import { plain } from "./text";

/** What is wrong with a number, by the names the services have for it. */
export type CitizenIdFault =
  "wrong-length" | "wrong-character" | "no-such-birth-date" | "birth-in-future" | "wrong-check-character";
export type CreditCodeFault = "wrong-length" | "wrong-character" | "wrong-check-character";
export type PhoneFault =
  "wrong-length" | "wrong-character" | "wrong-prefix" | "wrong-local-length" | "wrong-local-number";

/** A number as it is stored: plain characters, upper case, no spaces or hyphens. */
export const bareNumber = (text: string) => plain(text).replace(/[\s-]/g, "").toUpperCase();

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Checks a citizen's ID number (GB 11643), whose bearer is born by a day. */
export function citizenIdFault(text: string, today = "9999-12-31"): CitizenIdFault | null {
  const id = bareNumber(text);
  if (!/^[0-9X]*$/.test(id) || id.slice(0, 17).includes("X")) return "wrong-character";
  if (id.length !== 18) return "wrong-length";
  const birth = `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;
  if (!isDate(birth) || birth < "1900-01-01") return "no-such-birth-date";
  if (birth > today) return "birth-in-future";
  const sum = ID_WEIGHTS.reduce((total, weight, at) => total + weight * Number(id[at]), 0);
  return "10X98765432"[sum % 11] === id[17] ? null : "wrong-check-character";
}

const CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** Checks a unified social credit code (GB 32100-2015). */
export function creditCodeFault(text: string): CreditCodeFault | null {
  const code = bareNumber(text);
  if ([...code].some((sign) => !CREDIT_SIGNS.includes(sign))) return "wrong-character";
  if (code.length !== 18) return "wrong-length";
  const sum = CREDIT_WEIGHTS.reduce(
    (total, weight, at) => total + weight * CREDIT_SIGNS.indexOf(code[at]!),
    0,
  );
  return CREDIT_SIGNS[(31 - (sum % 31)) % 31] === code[17] ? null : "wrong-check-character";
}

/** Checks a telephone number of the mainland: a mobile number, or a fixed line with its area code. */
export function phoneFault(text: string): PhoneFault | null {
  const digits = bareNumber(text).replace(/[()]/g, "").replace(/^\+86/, "");
  if (!/^\d*$/.test(digits)) return "wrong-character";
  if (/^1[3-9]/.test(digits)) return digits.length === 11 ? null : "wrong-length";
  const [area] = /^0(?:10|2\d|[3-9]\d\d)/.exec(digits) ?? [];
  if (!area) return "wrong-prefix";
  const local = digits.slice(area.length);
  if (local.length !== 8 && !(local.length === 7 && area.length === 4)) return "wrong-local-length";
  return /^[01]/.test(local) ? "wrong-local-number" : null;
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
