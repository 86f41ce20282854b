import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, use, useCallback, useEffect, useSyncExternalStore } from "react";
import * as departmentCalls from "../api/department-calls";
import { Failure } from "../api/failure";
import * as hallCalls from "../api/hall-calls";
import type { Role, Service, SessionView } from "../api/types";
import { onSessionLost, sessionsAreShared } from "../backend";
import { dropDrafts, ownDrafts } from "../shared/draft";

const calls = { hall: hallCalls, department: departmentCalls };

export interface SignInInput {
  service: Service;
  login: string;
  password: string;
  window?: string;
}

export const sendSignIn = ({ service, login, password, window }: SignInInput): Promise<SessionView> =>
  service === "hall"
    ? hallCalls.signIn({ login, password, ...(window ? { window } : {}) })
    : departmentCalls.signIn({ login, password });

export const readWelcome = (service: Service) => calls[service].readWelcome();

async function readSession(service: Service): Promise<SessionView | null> {
  try {
    const session = await calls[service].readSession();
    ownDrafts(service, session.account.id);
    return session;
  } catch (thrown) {
    if (Failure.of(thrown).status === 401) return null;
    throw thrown;
  }
}

/** Who sits at this service's desk; null when nobody does. */
export const useSession = (service: Service) =>
  useQuery({ queryKey: [service, "session"], queryFn: () => readSession(service), staleTime: Infinity });

const lost = new Set<Service>();
const watchers = new Set<() => void>();

function setLost(service: Service, isLost: boolean) {
  if (lost.has(service) === isLost) return;
  if (isLost) lost.add(service);
  else lost.delete(service);
  watchers.forEach((tell) => tell());
}

onSessionLost((service) => setLost(service, true));

const watch = (tell: () => void) => {
  watchers.add(tell);
  return () => watchers.delete(tell);
};

/** Where all pages share the session of a service, one hears what another has done with it. */
const tabs = sessionsAreShared() ? new BroadcastChannel("yichuang.session") : null;

interface Changed {
  service: Service;
  /** Who sits there now. */
  account: string | null;
}

const tell = (changed: Changed) => tabs?.postMessage(changed);

/** What another page of this browser has done with a session is true here too; what was typed here is kept for its owner. */
export function useSharedSessions() {
  const queries = useQueryClient();
  useEffect(() => {
    const hear = ({ data: { service, account } }: MessageEvent<Changed>) => {
      const here = queries.getQueryData<SessionView | null>([service, "session"]);
      if (here && here.account.id !== account) return setLost(service, true);
      setLost(service, false);
      void queries.invalidateQueries({ queryKey: [service, "session"] });
    };
    tabs?.addEventListener("message", hear);
    return () => tabs?.removeEventListener("message", hear);
  }, [queries]);
}

/** How often a page that nobody can sign in at looks whether somebody has, in milliseconds. */
const LOOKS = 3_000;

/** Goes on by itself once somebody sits at the desk again. */
export function useReturn(service: Service) {
  const signedIn = useSignedIn();
  useEffect(() => {
    const look = async () => {
      const session = await readSession(service).catch(() => null);
      if (session) signedIn(session, { service });
    };
    const timer = setInterval(() => void look(), LOOKS);
    return () => clearInterval(timer);
  }, [signedIn, service]);
}

/** Whether a session ended while its desk was open; what was typed there is kept. */
export const useSessionLost = (service: Service) => useSyncExternalStore(watch, () => lost.has(service));

/** What happens once somebody has signed in: the same person goes on, another starts with an empty desk. */
export function useSignedIn() {
  const queries = useQueryClient();
  return useCallback(
    (session: SessionView, { service }: Pick<SignInInput, "service">) => {
      ownDrafts(service, session.account.id);
      const before = queries.getQueryData<SessionView | null>([service, "session"]);
      if (before?.account.id !== session.account.id) {
        queries.removeQueries({
          predicate: ({ queryKey }) => queryKey[0] === service && queryKey[1] !== "session",
        });
      }
      queries.setQueryData([service, "session"], session);
      setLost(service, false);
      tell({ service, account: session.account.id });
      void queries.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === service && queryKey[1] !== "session",
      });
    },
    [queries],
  );
}

/** Ends the session; where there is none any more, nothing is to be ended. */
async function sendSignOut(service: Service): Promise<void> {
  try {
    await calls[service].signOut();
  } catch (thrown) {
    if (Failure.of(thrown).status !== 401) throw thrown;
  }
}

/** Leaves the desk as it was found. While the service may still have the session, nobody has left. */
export function useLeave() {
  const queries = useQueryClient();
  return useCallback(
    async (service: Service) => {
      await sendSignOut(service);
      dropDrafts(service);
      setLost(service, false);
      tell({ service, account: null });
      queries.removeQueries({
        predicate: ({ queryKey }) => queryKey[0] === service && queryKey[1] !== "session",
      });
      queries.setQueryData([service, "session"], null);
    },
    [queries],
  );
}

export type Desk = "window" | "output" | "cases" | "department";

/** The desks in the order of the menu, and who sits at them. */
const DESKS: Record<Desk, { service: Service; roles: Role[] | "all" }> = {
  window: { service: "hall", roles: ["window_clerk"] },
  output: { service: "hall", roles: ["output_clerk"] },
  cases: { service: "hall", roles: "all" },
  department: { service: "department", roles: "all" },
};

export const deskPath = (desk: Desk) => `/${desk}`;

export const desksOf = (service: Service, { account }: SessionView): Desk[] =>
  (Object.keys(DESKS) as Desk[]).filter((desk) => {
    const { service: of, roles } = DESKS[desk];
    return of === service && (roles === "all" || roles.some((role) => account.roles.includes(role)));
  });

/** The session of the desk that is shown. Only inside a desk. */
export const CurrentSession = createContext<SessionView | null>(null);

export function useCurrentSession(): SessionView {
  const session = use(CurrentSession);
  if (!session) throw new Error("useCurrentSession outside a desk");
  return session;
}
