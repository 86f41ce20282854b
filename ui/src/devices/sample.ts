/** Devices that answer as the shell does, for the tests of these components. */
import { vi } from "vitest";
import type { Device, IdCard } from "./calls";

/** The smallest JPEG with a frame header that says so much: 300 × 400, three colours. */
export const jpeg = (width = 300, height = 400, components = 3): Uint8Array =>
  new Uint8Array([
    ...[0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0],
    ...[0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, components, 1, 17, 0],
    ...[0xff, 0xd9],
  ]);

export const CARD: IdCard = {
  name: "白晓兰",
  sex: "female",
  nation: "汉",
  birth_date: "1988-02-14",
  address: "安澜市桂花街12号3栋201室",
  number: "990100198802140023",
  authority: "安澜市公安局",
  valid_from: "2015-03-02",
  valid_until: "2035-03-02",
  photo: "/9j/4AAQSkZJRg==",
};

const READY: Device[] = [
  { kind: "card-reader", name: "读卡器甲", trouble: null },
  { kind: "camera", name: "高拍仪乙", trouble: null },
  { kind: "scanner", name: "扫描仪丙", trouble: null },
];

export interface Desk {
  devices: Device[];
  card: IdCard;
  /** What the next request for a card, a picture or a page is refused with. */
  refuse: string | null;
  /** What is left in the feeder; after the last sheet `refuse` is said, if there is something to say. */
  sheets: number;
  asked: string[];
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const picture = () => new Response(new Uint8Array(jpeg()), { headers: { "Content-Type": "image/jpeg" } });

/** Puts devices at the window; what is asked for besides is not there. */
export function devicesAtWindow(change: Partial<Desk> = {}): Desk {
  const desk: Desk = { devices: READY, card: CARD, refuse: null, sheets: 2, asked: [], ...change };
  const answer = async (address: string, { method }: RequestInit = {}) => {
    const { pathname } = new URL(address);
    const path = pathname.replace("/api/devices", "");
    desk.asked.push(`${method} ${path}`);
    const refused = () => json({ code: desk.refuse, errors: [] }, 409);
    if (path === "") return json({ devices: desk.devices });
    if (path === "/card") return desk.refuse ? refused() : json(desk.card);
    if (path === "/picture") return desk.refuse ? refused() : picture();
    if (path === "/scans") return json({ id: 7, source: "feeder" }, 201);
    if (path === "/scans/7/pages") {
      desk.sheets -= 1;
      // As paper does, a page takes its time.
      await new Promise((done) => setTimeout(done, 20));
      if (desk.sheets >= 0) return picture();
      return desk.refuse ? refused() : new Response(null, { status: 204 });
    }
    if (path === "/scans/7") return new Response(null, { status: 204 });
    return json({ code: "not-found", errors: [] }, 404);
  };
  vi.stubGlobal("fetch", vi.fn(answer));
  return desk;
}
