/** What the devices of this window can be asked. Only kinds are known here; addresses stay in the shell. */
import { Failure } from "../api/failure";
import { askDevices } from "../backend";
import { citizenIdFault } from "../shared/identity";
import type { DeviceTrouble } from "./trouble";

/** `bridge` is named only while it does not answer. */
export type DeviceKind = "card-reader" | "camera" | "scanner" | "bridge";

export interface Device {
  kind: DeviceKind;
  name: string;
  trouble: DeviceTrouble | null;
}

/** A resident identity card (居民身份证). */
export interface IdCard {
  name: string;
  sex: "male" | "female";
  nation: string;
  birth_date: string;
  address: string;
  number: string;
  authority: string;
  valid_from: string;
  /** Null for 长期. */
  valid_until: string | null;
  /** JPEG in base64. */
  photo?: string;
}

export type ScanSource = "feeder" | "platen";

async function ask(path: string, method: "GET" | "POST" | "DELETE"): Promise<Response> {
  const response = await askDevices(path, method).catch((cause: unknown) => {
    throw new Failure("unreachable", 0, [], cause);
  });
  if (response.ok) return response;
  throw Failure.from(await response.json().catch(() => null), response.status);
}

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

/** The devices of this window; none where nobody answers for them, as in a browser. */
export async function listDevices(): Promise<Device[]> {
  try {
    const { devices } = (await (await ask("", "GET")).json()) as { devices: Device[] };
    return devices;
  } catch (thrown) {
    if (Failure.of(thrown).status === 404) return [];
    throw thrown;
  }
}

/** Reads the card on the reader. What fails its check digit is no card. */
export async function readCard(): Promise<IdCard> {
  const card = (await (await ask("/card", "POST")).json()) as IdCard;
  if (citizenIdFault(card.number)) throw new Failure("card-misread", 409);
  return card;
}

/** Takes a picture; JPEG. */
export const takePicture = async (): Promise<Uint8Array> => bytesOf(await ask("/picture", "POST"));

export const beginScan = async (): Promise<{ id: number; source: ScanSource }> =>
  (await ask("/scans", "POST")).json() as Promise<{ id: number; source: ScanSource }>;

/** The next page of a scan as JPEG; null when there are no more. */
export async function nextPage(scan: number): Promise<Uint8Array | null> {
  const response = await ask(`/scans/${scan}/pages`, "POST");
  return response.status === 204 ? null : bytesOf(response);
}

export const cancelScan = (scan: number): Promise<unknown> => ask(`/scans/${scan}`, "DELETE");
