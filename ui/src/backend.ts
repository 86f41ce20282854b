/**
 * The way to the two services, and the only module that knows whether the page runs in a browser or in the
 * desktop program. Paths are relative to the page's origin; the session is never visible here.
 */
import createClient, { type Middleware } from "openapi-fetch";
import type { paths as DepartmentPaths } from "./api/department";
import { Failure } from "./api/failure";
import type { paths as HallPaths } from "./api/hall";
import type { Service } from "./api/types";

const PATIENCE = 60_000;

const onDesktop = () => "__TAURI_INTERNALS__" in window;

/** In a browser all pages share the session of a service; each desk of the desktop program has its own. */
export const sessionsAreShared = () => !onDesktop() && "BroadcastChannel" in globalThis;

/** Bodies leave as bytes: a Blob or FormData body on the custom scheme ends the desktop program. */
async function send(request: Request): Promise<Response> {
  const bytes =
    request.method === "GET" || request.method === "HEAD" ? undefined : await request.arrayBuffer();
  return fetch(request.url, {
    method: request.method,
    headers: request.headers,
    body: bytes?.byteLength ? bytes : undefined,
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
  });
}

type Listener = (service: Service) => void;
const sessionListeners = new Set<Listener>();

/** Calls back whenever a service says that there is no session any more. */
export function onSessionLost(listener: Listener): () => void {
  sessionListeners.add(listener);
  return () => sessionListeners.delete(listener);
}

const watchSession = (service: Service): Middleware => ({
  onResponse({ response, schemaPath }) {
    const asksForSession = schemaPath.endsWith("/session") || schemaPath.endsWith("/sessions");
    if (response.status === 401 && !asksForSession) sessionListeners.forEach((tell) => tell(service));
  },
});

const base = (service: Service) => `${location.origin}/api/${service}`;

export const hall = createClient<HallPaths>({ baseUrl: base("hall"), fetch: send });
export const department = createClient<DepartmentPaths>({ baseUrl: base("department"), fetch: send });
hall.use(watchSession("hall"));
department.use(watchSession("department"));

/** The data of an answer, or the failure as something that can be said in words. */
export async function answer<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<NonNullable<T>> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw new Failure("unreachable", 0, [], cause);
  });
  if (!response.ok) throw Failure.from(error, response.status);
  return data as NonNullable<T>;
}

/** The address of bytes a page can show: a paper or a material. */
export const address = (service: Service, path: string) => `/api/${service}${path}`;

/** Asks the devices at this window. The desktop program answers for them, and in a browser the demo; a hall has none there. */
export const askDevices = (path: string, method: "GET" | "POST" | "DELETE"): Promise<Response> =>
  send(new Request(`${location.origin}/api/devices${path}`, { method }));

/** Something changed at a service. `missed` stands for everything that may have happened while nobody listened. */
export type News = { event: string; data: Record<string, unknown> } | { event: "missed" };

export function subscribe(service: Service, onNews: (news: News) => void): () => void {
  return onDesktop() ? subscribeOnDesktop(service, onNews) : subscribeInBrowser(service, onNews);
}

const EVENTS = ["case", "task", "print", "catalogue", "screen"];
const REOPEN_AFTER = 5_000;

/** EventSource reconnects by itself after a break, but not after an answer it cannot use, such as a gateway's. */
function subscribeInBrowser(service: Service, onNews: (news: News) => void): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let broken = false;
  const open = () => {
    source = new EventSource(address(service, "/events"));
    source.onopen = () => {
      if (broken) onNews({ event: "missed" });
      broken = false;
    };
    source.onerror = () => {
      broken = true;
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, REOPEN_AFTER);
    };
    source.addEventListener("resync", () => onNews({ event: "missed" }));
    for (const event of EVENTS) {
      source.addEventListener(event, ({ data }) => onNews({ event, data: parse(data) }));
    }
  };
  // A page that is left behind must not keep its stream: a browser allows only a few to one server.
  const leave = () => {
    clearTimeout(timer);
    source.close();
  };
  const comeBack = ({ persisted }: PageTransitionEvent) => {
    if (!persisted) return;
    open();
    onNews({ event: "missed" });
  };
  open();
  addEventListener("pagehide", leave);
  addEventListener("pageshow", comeBack);
  return () => {
    removeEventListener("pagehide", leave);
    removeEventListener("pageshow", comeBack);
    leave();
  };
}

function subscribeOnDesktop(service: Service, onNews: (news: News) => void): () => void {
  const begun = import("@tauri-apps/api/core").then(async ({ Channel, invoke }) => {
    const channel = new Channel<News>();
    channel.onmessage = onNews;
    const id = await invoke<number>("subscribe", { service, channel });
    return () => invoke("unsubscribe", { id });
  });
  // Without news the screens still ask from time to time.
  begun.catch((cause: unknown) => console.error("no news from", service, cause));
  return () => void begun.then((end) => end()).catch(() => undefined);
}

function parse(data: unknown): Record<string, unknown> {
  try {
    return JSON.parse(String(data)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Opens the applicant's screen in a window on the other side of the glass, or one that can be moved there. */
export function openScreen(): void {
  if (!onDesktop()) {
    window.open(`${location.origin}/window/screen`, "yichuang-screen", "popup,width=1280,height=800");
    return;
  }
  // A second click while the first is under way is refused, and its window is on its way.
  void import("@tauri-apps/api/core")
    .then(({ invoke }) => invoke("open_screen"))
    .catch((cause: unknown) => console.error("no screen", cause));
}

/** Whether the screen of this desk of the desktop program is open; null in a browser, where the pages ask each other. */
export const screenOfDesk = (): Promise<boolean> | null =>
  onDesktop() ? import("@tauri-apps/api/core").then(({ invoke }) => invoke<boolean>("has_screen")) : null;

/** Opens one more desk in a window of its own. */
export function openDesk(): void {
  if (!onDesktop()) {
    window.open(location.origin, "_blank");
    return;
  }
  void import("@tauri-apps/api/core").then(({ invoke }) => invoke("open_desk"));
}
