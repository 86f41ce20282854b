/** A day as somebody types it. What is no day stays as it was typed, so that it can be said and put right. */
import dayjs, { type Dayjs } from "dayjs";
import customParseFormat from "dayjs/plugin/customParseFormat";

dayjs.extend(customParseFormat);

export const DAY_FORMAT = "YYYY-MM-DD";

/** What is taken for a day; it is shown in the first way. */
export const DAY_FORMATS = [DAY_FORMAT, "YYYYMMDD", "YYYY.M.D", "YYYY/M/D", "YYYY年M月D日", "YYYY年MM月DD日"];

/** The day that a text is, or null where it is none. */
export function dayIn(text: unknown): Dayjs | null {
  const day = typeof text === "string" ? dayjs(text.normalize("NFKC").trim(), DAY_FORMATS, true) : null;
  return day?.isValid() ? day : null;
}

/** Whether something stands there that is no day; where nothing stands, nothing is wrong. */
export const isNoDay = (text: string | null | undefined): boolean => Boolean(text) && dayIn(text) === null;

/** The day as services take it; null where there is none. */
export const plainDay = (text: string | null | undefined): string | null =>
  dayIn(text)?.format(DAY_FORMAT) ?? null;
