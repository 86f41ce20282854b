import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import type { CaseView, SessionView } from "../api/types";
import { Originals } from "../cases/Originals";
import { CARD } from "../devices/sample";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { CurrentSession } from "../session/useSession";
import { HandOver } from "./HandOver";

const OWN = "11010519900307283X";
const OTHER = "11010519491231002X";
const SIGNATURE = "ab".repeat(32);

const session = {
  account: { id: "lin", login: "lin", name: "林小燕", roles: ["output_clerk"] },
  today: "2026-06-15",
} as unknown as SessionView;

const issued = {
  id: "case",
  version: 7,
  number: "0001260615010018",
  number_spoken: "0001 2606 1501 0018",
  item_name: "食品经营许可（新办）",
  state: "issued",
  outcome: "granted",
  papers: [],
  originals: [{ code: "application", name: "申请书", fate: null, receiver: null }],
  collector: null,
  post: null,
  handed_over_at: null,
  agent: null,
  applicant: {
    kind: "person",
    name: "欧阳晓岚",
    id_number: "1101**********283X",
    phone: "138****8000",
    address: "安澜市桂花街12号",
  },
} as unknown as CaseView;

let refusal: { pointer: string; code: string }[];
let sent: { path: string; body: Record<string, unknown> }[];

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

/** A hall that takes every file and every hand-over. */
async function hall(input: Request | string, init: RequestInit = {}): Promise<Response> {
  const request = new Request(input, init);
  const path = new URL(request.url).pathname.replace("/api/hall", "");
  if (path === "/api/devices")
    return json({ devices: [{ kind: "card-reader", name: "读卡器", trouble: null }] });
  if (path === "/api/devices/card") return json({ ...CARD, name: "李代办", number: OTHER });
  if (path === "/files")
    return json({ sha256: SIGNATURE, size: 1, media_type: "image/png", name: "signature.png" });
  sent.push({ path, body: (await request.json()) as Record<string, unknown> });
  if (refusal.length) return json({ code: "validation-failed", errors: refusal }, 422);
  return json({ ...issued, state: "closed", version: 9 });
}

/** What a browser draws and this one cannot. */
const pen = new Proxy({}, { get: () => () => {}, set: () => true });

beforeEach(async () => {
  await i18n.changeLanguage("zh");
  sent = [];
  refusal = [];
  vi.stubGlobal("fetch", vi.fn(hall));
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(pen as never);
  vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((done) => done(new Blob(["png"])));
});

function open(view: Partial<CaseView> = {}, Page: (props: { of: CaseView }) => ReactNode = HandOver) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={queries}>
      <MemoryRouter>
        <CurrentSession value={session}>
          <main>
            <Page of={{ ...issued, ...view }} />
          </main>
        </CurrentSession>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

const type = (id: string, text: string) =>
  fireEvent.change(screen.getByTestId(id), { target: { value: text } });
const press = (id: string) => fireEvent.click(screen.getByTestId(id));
const choose = (words: string) => fireEvent.click(screen.getByRole("radio", { name: words }));

test("the applicant signs on the page and takes the papers; the proof is printed at once", async () => {
  open();
  press("deliver-open");
  type("collector-id", OWN);
  fireEvent.pointerDown(screen.getByTestId("signature"), { clientX: 10, clientY: 10 });
  fireEvent.pointerMove(screen.getByTestId("signature"), { clientX: 90, clientY: 40 });
  fireEvent.pointerUp(screen.getByTestId("signature"));
  expect(screen.getByRole("img", { name: zh.signature.signed })).toBeTruthy();
  press("deliver-submit");
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual({
    path: "/cases/case/deliver",
    body: {
      collector: { name: "欧阳晓岚", id_number: OWN, relation: "self" },
      originals: { returned: [], archived: ["application"] },
      signature: SIGNATURE,
      print_proof: true,
    },
  });
});

test("somebody else shows by which paper they may, and signs on paper where there is no pad", async () => {
  open();
  press("deliver-open");
  choose(zh.relation.agent);
  type("collector-name", "李代办");
  type("collector-id", OTHER);
  press("deliver-submit");
  expect(await screen.findByText(zh.field.required)).toBeTruthy();
  expect(document.activeElement?.id).toBe("collector-authority");
  expect(sent).toEqual([]);
  type("collector-authority", "授权委托书（2026年6月1日）");
  press("original-returned-application");
  press("deliver-submit");
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]!.body).toEqual({
    collector: {
      name: "李代办",
      id_number: OTHER,
      relation: "agent",
      authority: "授权委托书（2026年6月1日）",
    },
    originals: { returned: ["application"], archived: [] },
    print_proof: true,
  });
});

const enter = (id: string, init: KeyboardEventInit = {}) => {
  const field = screen.getByTestId(id);
  field.focus();
  // What a browser does by itself where nobody prevents it: a form with a button that sends is sent.
  if (fireEvent.keyDown(field, { key: "Enter", ...init })) {
    const form = (field as HTMLInputElement).form;
    if (form?.querySelector("[type=submit]")) form.requestSubmit();
  }
};

test("a reader's Enter goes on to the next field and hands nothing over; Ctrl+Enter does", async () => {
  open();
  press("deliver-open");
  type("collector-id", OWN);
  enter("collector-id");
  expect(document.activeElement?.id).toBe("collector-note");
  enter("collector-note");
  enter("original-returned-application");
  expect(sent).toEqual([]);
  enter("collector-id", { ctrlKey: true });
  await waitFor(() => expect(sent).toHaveLength(1));
});

test("who looks at another case meanwhile finds the originals and the signature as they were", async () => {
  const { unmount } = open();
  press("deliver-open");
  type("collector-id", OWN);
  press("original-returned-application");
  fireEvent.pointerDown(screen.getByTestId("signature"), { clientX: 10, clientY: 10 });
  fireEvent.pointerUp(screen.getByTestId("signature"));
  unmount();
  open();
  expect(screen.getByTestId<HTMLInputElement>("original-returned-application").checked).toBe(true);
  expect(screen.getByRole("img", { name: zh.signature.signed })).toBeTruthy();
  enter("collector-id", { ctrlKey: true });
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]!.body).toMatchObject({
    originals: { returned: ["application"], archived: [] },
    signature: SIGNATURE,
  });
});

test("nobody's signature stands for somebody else", () => {
  open();
  press("deliver-open");
  type("collector-id", OWN);
  fireEvent.pointerDown(screen.getByTestId("signature"), { clientX: 10, clientY: 10 });
  fireEvent.pointerUp(screen.getByTestId("signature"));
  expect(screen.getByRole("img", { name: zh.signature.signed })).toBeTruthy();
  type("collector-id", OTHER);
  expect(screen.getByRole("img", { name: zh.signature.blank })).toBeTruthy();
});

test("the agent of the case is there already, with what was authorised", () => {
  const agent = {
    name: "李代办",
    id_number: "1101**********002X",
    authority: "代收文书",
    until: "2026-12-31",
  };
  open({ agent } as Partial<CaseView>);
  press("deliver-open");
  expect(screen.getByTestId<HTMLInputElement>("collector-name").value).toBe("李代办");
  expect(screen.getByText("本件代理人：代收文书，有效期至 2026-12-31")).toBeTruthy();
});

test("F7 reads the card of whoever collects, who then shows by which paper they may", async () => {
  open();
  press("deliver-open");
  await screen.findByTestId("read-card");
  fireEvent.keyDown(document.body, { key: "F7" });
  await screen.findByTestId("card-read");
  expect(screen.getByTestId<HTMLInputElement>("collector-name").value).toBe("李代办");
  expect(screen.getByTestId<HTMLInputElement>("collector-id").value).toBe(OTHER);
  expect(screen.getByRole<HTMLInputElement>("radio", { name: zh.relation.agent }).checked).toBe(true);
  press("deliver-submit");
  expect(document.activeElement?.id).toBe("collector-authority");
});

test("an organisation is stood for by its legal representative or an agent, not by itself", () => {
  const applicant = { ...issued.applicant, kind: "organisation", legal_representative: "司马青" };
  open({ applicant } as Partial<CaseView>);
  press("deliver-open");
  expect(screen.queryByRole("radio", { name: zh.relation.self })).toBeNull();
  choose(zh.relation.representative);
  expect(screen.getByTestId<HTMLInputElement>("collector-name").value).toBe("司马青");
});

test("a parcel has a number, and goes to the known address", async () => {
  const { container } = open();
  press("deliver-open");
  choose(zh.post.way);
  press("deliver-submit");
  expect(document.activeElement?.id).toBe("post-tracking-number");
  type("post-tracking-number", "ea 123 456 789 cn");
  expect((await axe.run(container, { rules: { region: { enabled: false } } })).violations).toEqual([]);
  press("deliver-submit");
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]!.body).toEqual({
    post: {
      carrier: "中国邮政 EMS",
      tracking_number: "EA123456789CN",
      addressee: "欧阳晓岚",
      address: "安澜市桂花街12号",
    },
    originals: { returned: [], archived: ["application"] },
    print_proof: true,
  });
});

test("originals of a withdrawn case are given back to somebody", async () => {
  open({ state: "withdrawn" }, Originals);
  expect(screen.getByTestId("originals-submit")).toHaveProperty("disabled", true);
  press("account-returned-application");
  type("receiver-id", OWN);
  enter("receiver-id");
  expect(sent).toEqual([]);
  enter("receiver-id", { ctrlKey: true });
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual({
    path: "/cases/case/originals",
    body: {
      returned: ["application"],
      archived: [],
      receiver: { name: "欧阳晓岚", id_number: OWN, relation: "self" },
    },
  });
});

test("what became of each original is there to be read, and nothing is to be done any more", () => {
  const originals = [{ code: "application", name: "申请书", fate: "returned", receiver: "欧阳晓岚" }];
  open({ state: "closed", originals }, Originals);
  expect(screen.getByText("已退还（欧阳晓岚领回）")).toBeTruthy();
  expect(screen.queryByTestId("originals-submit")).toBeNull();
});

test("what is not printed yet is named before the hand-over, until it is printed", () => {
  const paper = (kind: string, state?: string) => ({
    id: kind,
    kind,
    title: `《${kind}》`,
    number: `${kind}1号`,
    state: "ready",
    prints: state ? [{ id: "p", nth: 1, state }] : [],
  });
  const papers = (state: string) =>
    [paper("intake-receipt"), paper("decision", "done"), paper("certificate", state)] as never;
  const { unmount } = open({ papers: papers("failed") });
  press("deliver-open");
  const said = screen.getByTestId("deliver-unprinted").textContent;
  expect(said).toBe(zh.deliver.unprinted.replace("{{papers}}", "《certificate》 certificate1号"));
  unmount();
  open({ papers: papers("done") });
  expect(screen.queryByTestId("deliver-unprinted")).toBeNull();
});

test("another person's number is not shown to be right where the applicant collects", () => {
  open();
  press("deliver-open");
  type("collector-id", OTHER);
  expect(screen.getByText(zh.field["not-the-applicant"])).toBeTruthy();
  expect(screen.queryByText(zh.applicant.numberRight)).toBeNull();
  press("deliver-submit");
  expect(sent).toEqual([]);
  expect(document.activeElement?.id).toBe("collector-id");
  choose(zh.relation.agent);
  expect(screen.getByText(zh.applicant.numberRight)).toBeTruthy();
});

test("what the hall did not take is marked where it stands, and has the keyboard", async () => {
  refusal = [{ pointer: "/collector/name", code: "not-the-applicant" }];
  open();
  press("deliver-open");
  type("collector-id", OWN);
  press("deliver-submit");
  await waitFor(() => expect(document.activeElement?.id).toBe("collector-name"));
  expect(document.getElementById("collector-name-help")?.textContent).toBe(zh.field["not-the-applicant"]);
  type("collector-name", "欧阳晓兰");
  await waitFor(() => expect(screen.queryByText(zh.field["not-the-applicant"])).toBeNull());
});
