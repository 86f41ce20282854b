import { plain } from "./text";

/** What is wrong with a number that carries its own check. */
export type IdentityFault = "length" | "characters" | "date" | "check-digit";

/** A number as it is stored: plain characters, upper case, no spaces or hyphens. */
export const bareNumber = (text: string) => plain(text).replace(/[\s-]/g, "").toUpperCase();

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Checks a citizen's ID number (GB 11643). */
export function citizenIdFault(text: string): IdentityFault | null {
  const id = bareNumber(text);
  if (!/^[0-9X]*$/.test(id) || id.slice(0, 17).includes("X")) return "characters";
  if (id.length !== 18) return "length";
  const birth = `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;
  if (!isDate(birth) || birth < "1900-01-01") return "date";
  const sum = ID_WEIGHTS.reduce((total, weight, at) => total + weight * Number(id[at]), 0);
  return "10X98765432"[sum % 11] === id[17] ? null : "check-digit";
}

const CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** Checks a unified social credit code (GB 32100-2015). */
export function creditCodeFault(text: string): IdentityFault | null {
  const code = bareNumber(text);
  if ([...code].some((sign) => !CREDIT_SIGNS.includes(sign))) return "characters";
  if (code.length !== 18) return "length";
  const sum = CREDIT_WEIGHTS.reduce(
    (total, weight, at) => total + weight * CREDIT_SIGNS.indexOf(code[at]!),
    0,
  );
  return CREDIT_SIGNS[(31 - (sum % 31)) % 31] === code[17] ? null : "check-digit";
}

/** Checks a telephone number: a mobile number, or a fixed line with its area code. */
export function phoneFault(text: string): IdentityFault | null {
  const digits = bareNumber(text);
  if (!/^\d*$/.test(digits)) return "characters";
  return /^1[3-9]\d{9}$/.test(digits) || /^0\d{9,11}$/.test(digits) ? null : "length";
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
