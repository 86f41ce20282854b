import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { configure, fireEvent, render, renderHook, screen, waitFor, within } from "@testing-library/react";
import { App } from "antd";
import axe from "axe-core";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import type {
  ItemView,
  KeepDraft,
  KnownAgent,
  KnownApplicant,
  ReviewApplication,
  SessionView,
  TakeFiling,
} from "../api/types";
import type { Device } from "../devices/calls";
import { CARD } from "../devices/sample";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { CurrentSession } from "../session/useSession";
import { writeDraft } from "../shared/draft";
import { letGoOfAll } from "../shared/focus";
import { FilingDesk } from "./FilingDesk";
import { newDraft, type Draft } from "./filing";
import { FOOD, HYGIENE, reviewed } from "./samples";
import { useSayingThere } from "./screenThere";

// A review comes after a moment of stillness, and the computer may be busy with other tests.
configure({ asyncUtilTimeout: 4_000 });

const ITEMS: ItemView[] = [FOOD, HYGIENE];
const session = {
  account: { id: "chen", login: "chen", name: "陈", roles: ["window_clerk"] },
  office: { name: "安澜市政务服务中心" },
  window: "3",
  demo: true,
  today: "2026-11-22",
} as unknown as SessionView;

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

let filings: TakeFiling[];
let drafts: KeepDraft[];
let known: KnownApplicant | null;
let knownAgent: KnownAgent | null;
let changed: Partial<ItemView>;
let keeping: boolean;
let warnings: { pointer: string; code: string; value: string }[];
let screen_: object | null;
let refuse: { pointer: string; code: string; params?: unknown }[];
let reviewing: boolean;
let elsewhere: boolean;
let devices: Device[];

/** A hall that has two items, one on each page of its list. */
async function hall(address: string, init: RequestInit = {}): Promise<Response> {
  const { pathname, searchParams } = new URL(address);
  const path = pathname.replace("/api/hall", "");
  const body: unknown = init.body ? JSON.parse(new TextDecoder().decode(init.body as ArrayBuffer)) : null;
  if (path === "/items") {
    const second = searchParams.get("after") === "second";
    return json({ items: [ITEMS[second ? 1 : 0]], next: second ? null : "second" });
  }
  if (pathname === "/api/devices") return json({ devices });
  if (pathname === "/api/devices/card") return json(CARD);
  if (path === "/applicants") {
    return known ? json(known) : json({ code: "applicant-not-found", errors: warnings }, 404);
  }
  if (path === "/agents") return knownAgent ? json(knownAgent) : json({ code: "applicant-not-found" }, 404);
  if (path === "/drafts") return json({ items: [], next: null });
  if (path.startsWith("/drafts/")) {
    if (init.method === "DELETE") return new Response(null, { status: 204 });
    if (elsewhere) {
      return init.method === "PUT"
        ? json({ code: "precondition-failed" }, 412)
        : json({ code: "draft-not-found" }, 404);
    }
    if (!keeping) return json({ code: "store-unavailable" }, 503);
    drafts.push(body as KeepDraft);
    const version = drafts.length;
    return json({
      id: "1",
      version,
      title: "",
      window: "3",
      updated_at: "2026-11-22T01:00:00Z",
      confirmed: null,
    });
  }
  if (path === "/window/screen") {
    if (init.method === "PUT") screen_ = { draft_id: "1", digest: "d", confirmed: null };
    return json({ window: "3", draft: screen_ });
  }
  const found = ITEMS.find(({ code }) => path.startsWith(`/items/${code}`));
  const item = found && { ...found, ...changed };
  if (item && path.endsWith("/review")) {
    if (!reviewing) return json({ code: "store-unavailable" }, 503);
    return json(reviewed(item, body as ReviewApplication));
  }
  if (item) return json(item);
  if (path === "/filings") {
    filings.push(body as TakeFiling);
    const errors = refuse;
    if (errors.length) return json({ code: "validation-failed", errors }, 422);
    return new Promise(() => {});
  }
  return json({ code: "not-found" }, 404);
}

beforeEach(async () => {
  localStorage.clear();
  await i18n.changeLanguage("zh");
  filings = [];
  drafts = [];
  known = null;
  knownAgent = null;
  changed = {};
  keeping = true;
  warnings = [];
  screen_ = null;
  refuse = [];
  reviewing = true;
  elsewhere = false;
  devices = [];
  vi.stubGlobal("fetch", vi.fn(hall));
});

const open = (draft: Partial<Draft> = {}) => openStored({ ...newDraft("1"), ...draft });

function openStored(draft: Partial<Draft>) {
  writeDraft("hall.filing.1", draft);
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={queries}>
      <App>
        <MemoryRouter>
          <CurrentSession value={session}>
            <main>
              <FilingDesk id="1" onNext={() => {}} onResume={() => {}} />
            </main>
          </CurrentSession>
        </MemoryRouter>
      </App>
    </QueryClientProvider>,
  );
}

const applicant = {
  kind: "person" as const,
  name: "王小明",
  id_number: "11010519491231002X",
  phone: "13800138000",
};
const food: Partial<Draft> = {
  item: FOOD.code,
  applicant,
  answers: { place: "rent" },
  form: { premises: "桂花街12号" },
  materials: {
    application: { file: null, paperOnly: true, copies: 1 },
    lease: { file: null, paperOnly: true, copies: 1, dated: "2026-11-20" },
  },
  ticked: ["no-ban"],
};

const heading = () => screen.getByTestId("checklist-heading").textContent;
const gaps = () =>
  within(screen.getByRole("list", { name: zh.window.checklist }))
    .queryAllByRole("button")
    .map(({ textContent }) => textContent);
const press = (key: string, init: KeyboardEventInit = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...init });
const alt = (letter: string) => press(letter.toLowerCase(), { altKey: true, code: `Key${letter}` });
/** Until the hall has said what the situation asks for. */
const asked = () => screen.findByTestId("point-signed");

test("an item is found on any page of the list, and what was taken lately comes first", async () => {
  localStorage.setItem("yichuang.items-taken.chen", JSON.stringify([HYGIENE.code]));
  open();
  const options = await screen.findAllByRole("option");
  expect(options.map((one) => one.querySelector("strong")!.textContent)).toEqual([HYGIENE.name, FOOD.name]);
  const search = screen.getByTestId("item-search");
  fireEvent.change(search, { target: { value: "spjy" } });
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  fireEvent.keyDown(search, { key: "Enter" });
  await screen.findByTestId("answer-place-own");
  expect(document.activeElement?.id).toBe("applicant-id_number");
});

test("the guide opens by its key before an item is chosen, and beside the form", async () => {
  open();
  await screen.findAllByRole("option");
  press("F4");
  const guide = await screen.findByTestId("guide");
  expect(guide.textContent).toContain(FOOD.conditions[0]);
  press("F4");
  expect(screen.queryByTestId("guide")).toBeNull();
  fireEvent.keyDown(screen.getByTestId("item-search"), { key: "Enter" });
  await screen.findByTestId("answer-place-own");
  press("F4");
  expect(screen.getByTestId("guide").textContent).toContain(FOOD.faq[0]!.answer);
  expect(within(screen.getByTestId("guide")).getAllByText(zh.unverified).length).toBeGreaterThan(1);
});

test("a number answers the question that has the keyboard, and brings its materials", async () => {
  open({ ...food, answers: {}, materials: {}, ticked: [] });
  const own = await screen.findByTestId("answer-place-own");
  await asked();
  expect(screen.queryByText("租赁合同")).toBeNull();
  own.focus();
  press("2");
  expect(document.activeElement).toBe(screen.getByTestId("answer-place-rent"));
  await screen.findByText("租赁合同");
  expect(gaps()).toContain("提交租赁合同");
});

test("complete is said only once the hall has found nothing open", async () => {
  open(food);
  const box = await screen.findByTestId("point-signed");
  await waitFor(() => expect(gaps()).toEqual(["核对：申请书已签字"]));
  fireEvent.click(box);
  expect(heading()).toBe(zh.window.complete);
  expect(screen.getByText("核对：书写工整")).toBeTruthy();

  fireEvent.change(document.getElementById("root_premises")!, { target: { value: "桂花街" } });
  expect(heading()).not.toBe(zh.window.complete);
  await waitFor(() => expect(gaps()).toEqual(["不符合：场所写到门牌号"]));
  expect(screen.getByTestId("point-lease-number").textContent).toContain("场所写到门牌号不对，请改正。");
  fireEvent.click(screen.getByText("改正经营场所"));
  expect(document.activeElement?.id).toBe("root_premises");
});

test("a hall that does not answer keeps the case open, and is asked again", async () => {
  reviewing = false;
  open(food);
  const again = await screen.findByText(zh.gap.review.failed);
  reviewing = true;
  fireEvent.click(again);
  await waitFor(() => expect(gaps()).toEqual(["核对：申请书已签字"]));
});

test("who submits while the last letter is looked at need not press twice", async () => {
  open({ ...food, ticked: ["no-ban", "signed"] });
  await waitFor(() => expect(heading()).toBe(zh.window.complete));
  fireEvent.change(document.getElementById("root_premises")!, { target: { value: "桂花街14号" } });
  press("Enter", { ctrlKey: true });
  await waitFor(() => expect(filings).toHaveLength(1));
  expect(filings[0]).toMatchObject({
    cases: [{ form: { premises: "桂花街14号" }, answers: { place: "rent" }, ticked: ["no-ban", "signed"] }],
  });
});

test("F8 goes from one missing thing to the next, arrows from box to box", async () => {
  open({ ...food, ticked: [] });
  await waitFor(() => expect(gaps()).toEqual(["核对：申请书已签字", "核对：没有从业禁止情形"]));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("point-signed")));
  press("F8");
  expect(document.activeElement).toBe(screen.getByTestId("point-no-ban"));
  press("ArrowUp");
  expect(document.activeElement).toBe(screen.getByTestId("point-neat"));
});

test("who goes on with a draft begins at what is missing, and comes back there from a dialog", async () => {
  open({ ...food, ticked: ["no-ban"] });
  await waitFor(() => expect(document.activeElement).toBe(screen.queryByTestId("point-signed")));
  const field = screen.getByTestId("applicant-phone");
  field.focus();
  alt("T");
  const dialog = await screen.findByRole("dialog");
  within(dialog).getByTestId("step-ok").focus();
  fireEvent.keyDown(dialog, { key: "Escape", keyCode: 27 });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(field));
});

test("the key that decides says what is in its way, and leads there", async () => {
  open({ ...food, answers: {}, applicant: { ...applicant, phone: "" } });
  await asked();
  document.body.focus();
  alt("T");
  const words = `${zh.window.actsFirst}${zh.gap.missing.replace("{{name}}", zh.gap.applicant.phone)}`;
  await waitFor(() => expect(document.querySelector(".ant-message")?.textContent).toBe(words));
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(document.activeElement?.id).toBe("applicant-phone");
  expect(screen.getByTestId("applicant-phone").getAttribute("aria-invalid")).toBe("true");
});

test("one key opens the agent and brings what an agent must hand in; closing it forgets nothing", async () => {
  open(food);
  await asked();
  alt("A");
  expect(document.activeElement?.id).toBe("agent-id_number");
  fireEvent.change(screen.getByTestId("agent-name"), { target: { value: "赵志强" } });
  await screen.findByText("授权委托书");
  alt("A");
  expect(screen.queryByTestId("agent-name")).toBeNull();
  expect(document.activeElement).toBe(screen.getByTestId("agent-toggle"));
  await waitFor(() => expect(screen.queryByText("授权委托书")).toBeNull());
  alt("A");
  expect(screen.getByTestId<HTMLInputElement>("agent-name").value).toBe("赵志强");
});

test("an agent who was here is known by number, and another number is somebody else", async () => {
  knownAgent = { name: "赵志强", phone: "13900000003", updated_at: "2026-10-01T01:00:00Z" };
  open({ ...food, acting: true });
  await asked();
  const input = (field: string) => screen.getByTestId<HTMLInputElement>(`agent-${field}`);
  const type = (field: string, value: string) => fireEvent.change(input(field), { target: { value } });
  type("id_number", "990100197511030110");
  await waitFor(() => expect([input("name").value, input("phone").value]).toEqual(["赵志强", "13900000003"]));
  await waitFor(() => expect(screen.getAllByText(/登记，有变动请改/)).toHaveLength(2));
  expect(input("authority").value).toBe("");
  type("phone", "13900000004");
  knownAgent = null;
  type("id_number", "11010519491231002X");
  expect([input("name").value, input("phone").value]).toEqual(["", "13900000004"]);
});

test("an agent's card is shown with the agent, and the hand goes on there", async () => {
  devices = [{ kind: "card-reader", name: "读卡器甲", trouble: null }];
  open({ ...food, acting: true, agent: { ...newDraft("1").agent, phone: "13900000003" } });
  await asked();
  await screen.findByTestId("read-card");
  screen.getByTestId("agent-id_number").focus();
  press("F7");
  const card = await screen.findByTestId("card-read");
  expect(card.closest("section")).toBe(screen.getByTestId("agent-name").closest("section"));
  expect(screen.getByTestId<HTMLInputElement>("agent-name").value).toBe(CARD.name);
  expect(document.activeElement?.id).toBe("agent-authority");
  // The reader's button is with who applies: from there the card is theirs.
  screen.getByTestId("applicant-phone").focus();
  press("F7");
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("applicant-name").value).toBe(CARD.name));
});

test("nobody acts for themselves", async () => {
  const agent = {
    ...newDraft("").agent,
    name: "赵志强",
    id_number: applicant.id_number,
    phone: "13900000003",
  };
  open({ ...food, acting: true, agent: { ...agent, authority: "递交" } });
  await asked();
  expect(screen.getByText(new RegExp(zh.field["is-applicant"]))).toBeTruthy();
});

test("another item keeps what was typed, and going back restores it", async () => {
  open({ ...food, form: { premises: "桂花街12号", note: "急" } });
  await asked();
  alt("I");
  fireEvent.click(await screen.findByTestId(`item-option-${HYGIENE.code}`));
  const kept = await screen.findByTestId("kept-parts");
  expect(kept.textContent).toContain("备注");
  expect(kept.textContent).toContain("租用");
  expect(document.querySelector<HTMLInputElement>("#root_premises")!.value).toBe("桂花街12号");
  expect(gaps()).toContain(zh.gap.kind);
  expect(screen.getByText(zh.field["subject-not-allowed"])).toBeTruthy();
  fireEvent.click(screen.getByTestId("kept-dismiss"));
  expect(screen.queryByTestId("kept-parts")).toBeNull();

  alt("I");
  fireEvent.click(await screen.findByTestId(`item-option-${FOOD.code}`));
  await waitFor(() => expect(document.querySelector<HTMLInputElement>("#root_note")?.value).toBe("急"));
  expect((await screen.findByTestId<HTMLInputElement>("answer-place-rent")).checked).toBe(true);
  expect(screen.getByTestId<HTMLInputElement>("point-no-ban").checked).toBe(true);
});

test("the example fills everything but what the clerk is to look at", async () => {
  // A form may have empty fields by itself; they are nothing that could be lost.
  open({ item: FOOD.code, form: { note: undefined, premises: "" } });
  await asked();
  alt("E");
  await waitFor(() => expect(gaps()).toEqual(["核对：申请书已签字", "核对：没有从业禁止情形"]));
  expect(screen.getByTestId<HTMLInputElement>("applicant-name").value).toBe("李秀兰");
  expect(screen.getByTestId<HTMLInputElement>("material-dated-lease").value).toBe("2026-11-01");
});

test("what was typed is not replaced by the example without a question", async () => {
  open({ item: FOOD.code, form: { note: "急" } });
  await asked();
  alt("E");
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain(zh.window.exampleTitle);
  expect(document.querySelector<HTMLInputElement>("#root_note")!.value).toBe("急");
});

test("what the hall refuses of a point is shown at the point", async () => {
  refuse = [
    { pointer: "/cases/0/points/no-ban", code: "point-violated", params: { reason: "在禁止名单上" } },
  ];
  open({ ...food, ticked: ["no-ban", "signed"] });
  await waitFor(() => expect(heading()).toBe(zh.window.complete));
  press("Enter", { ctrlKey: true });
  await waitFor(() => expect(gaps()).toEqual(["不符合：没有从业禁止情形"]));
  expect(screen.getByRole("alert").textContent).toContain("不符合要求：在禁止名单上");
  expect(document.activeElement).toBe(screen.getByTestId("point-no-ban"));
});

const WANG: KnownApplicant = {
  id: "w",
  applicant: { ...applicant, address: "桂花街12号" },
  updated_at: "2026-11-01T02:00:00Z",
  warnings: [],
  cases: { items: [], next: null },
  certificates: { items: [], next: null },
  materials: {
    items: [
      {
        case_id: "c",
        case_number: "2026110100000001",
        kind: "lease",
        name: "租赁合同",
        file_name: "合同.pdf",
        sha256: "ab",
        size: 1000,
        media_type: "application/pdf",
        dated: "2026-11-01",
        handed_at: "2026-11-01T02:00:00Z",
        valid_until: "2026-12-01",
      },
    ],
    next: null,
  },
};

test("a number fills in what is known, one key takes what is offered, and another number takes it away", async () => {
  known = WANG;
  open({ ...food, applicant: { kind: "person", name: "", id_number: "", phone: "" }, materials: {} });
  const number = await screen.findByTestId<HTMLInputElement>("applicant-id");
  fireEvent.change(number, { target: { value: applicant.id_number } });
  const name = screen.getByTestId<HTMLInputElement>("applicant-name");
  await waitFor(() => expect(name.value).toBe(applicant.name));
  // Name, telephone and address say where they come from.
  await waitFor(() => expect(screen.getAllByText(/^2026-11-01/)).toHaveLength(3));
  await screen.findByTestId("offer-lease");
  alt("R");
  await waitFor(() => expect(screen.queryByTestId("offer-lease")).toBeNull());
  expect(screen.getByTestId("material-name-lease").textContent).toContain("合同.pdf");

  expect(screen.queryByTestId("other-name")).toBeNull();
  fireEvent.change(name, { target: { value: "王五" } });
  expect(screen.getByTestId("other-name").textContent).toContain(applicant.name);
  fireEvent.change(name, { target: { value: applicant.name } });

  known = null;
  fireEvent.change(number, { target: { value: "990100198001010026" } });
  expect(name.value).toBe("");
  expect(screen.queryByTestId("material-name-lease")).toBeNull();
});

test("what is offered goes with the filing as what it was", async () => {
  known = WANG;
  open({ ...food, materials: { application: food.materials!.application! }, ticked: ["no-ban", "signed"] });
  fireEvent.click(await screen.findByTestId("offer-take-lease"));
  await waitFor(() => expect(heading()).toBe(zh.window.complete));
  press("Enter", { ctrlKey: true });
  await waitFor(() => expect(filings).toHaveLength(1));
  expect(filings[0]!.cases[0]!.materials[1]).toMatchObject({ code: "lease", sha256: "ab", reused_from: "c" });
});

test("the same item under way for the same applicant is said, with its number and state", async () => {
  const row = { id: "e", number_spoken: "0001-261101-03-001-7", item_name: FOOD.name, state: "closed" };
  known = { ...WANG, cases: { items: [row, { ...row, item_name: "别的" }] as never, next: null } };
  const desk = open(food);
  await screen.findByText(zh.known.here.replace("{{count}}", "2"));
  expect(screen.queryByTestId("under-way")).toBeNull();
  desk.unmount();
  known = { ...WANG, cases: { items: [row, { ...row, state: "accepted" }] as never, next: null } };
  open(food);
  const said = await screen.findByTestId("under-way");
  expect(said.textContent).toContain("0001-261101-03-001-7（已受理）");
});

test("an unknown province is said of somebody new, and holds up nothing", async () => {
  warnings = [{ pointer: "?id_number", code: "unknown-province", value: "99" }];
  open(food);
  const state = await screen.findByText(zh.known.new);
  expect(state.parentElement!.textContent).toContain("“99”");
});

test("what is typed is kept at the hall, and not kept is said", async () => {
  open(food);
  await waitFor(() => expect(screen.getByTestId("keeping").dataset.state).toBe("kept"));
  expect(drafts.at(-1)).toMatchObject({
    title: { item_name: FOOD.name, applicant_name: applicant.name },
    shown: { applicant: { id_number: applicant.id_number }, answers: { place: "rent" } },
  });
  keeping = false;
  fireEvent.change(screen.getByTestId("applicant-phone"), { target: { value: "13900139000" } });
  await waitFor(() => expect(screen.getByTestId("keeping").dataset.state).toBe("failed"));
  keeping = true;
  fireEvent.click(within(screen.getByTestId("keeping")).getByRole("button"));
  await waitFor(() => expect(screen.getByTestId("keeping").dataset.state).toBe("kept"));
});

test("one key shows the applicant what is entered; as long as no screen is open, that is said", async () => {
  open(food);
  await asked();
  const state = await screen.findByTestId("screen-state");
  expect(state.dataset.state).toBe("dark");
  alt("S");
  await waitFor(() => expect(screen.getByTestId("screen-state").dataset.state).toBe("closed"));
  expect(drafts.length).toBeGreaterThan(0);
  const { unmount } = renderHook(() => useSayingThere());
  await waitFor(() => expect(screen.getByTestId("screen-state").dataset.state).toBe("waiting"));
  unmount();
  await waitFor(() => expect(screen.getByTestId("screen-state").dataset.state).toBe("closed"));
});

test("F9 ticks what is looked at together, and 1 takes the paper", async () => {
  open({ ...food, materials: { lease: food.materials!.lease! }, ticked: [] });
  await waitFor(() => expect(gaps()).toContain("提交申请书"));
  screen.getByTestId("material-file-application").focus();
  press("1");
  await waitFor(() => expect(gaps()).not.toContain("提交申请书"));
  press("F9");
  expect(screen.getByTestId<HTMLInputElement>("point-neat").checked).toBe(true);
  await waitFor(() => expect(gaps()).toEqual(["核对：没有从业禁止情形"]));
  expect(document.activeElement).toBe(screen.getByTestId("point-no-ban"));
  press("F9");
  await waitFor(() => expect(heading()).toBe(zh.window.complete));
});

test("F9 before the hall has said what is asked for now leads on once it has", async () => {
  const { application } = food.materials!;
  open({ ...food, answers: { place: "own" }, materials: { application: application! }, ticked: ["signed"] });
  await waitFor(() => expect(gaps()).toEqual(["核对：没有从业禁止情形"]));
  fireEvent.click(screen.getByTestId("answer-place-rent"));
  screen.getByTestId("point-no-ban").focus();
  press("F9");
  expect(gaps()).not.toContain("提交租赁合同");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("material-file-lease")));
});

test("what is open is told once, in a notice of just that", async () => {
  open({ ...food, materials: { lease: food.materials!.lease! } });
  await waitFor(() => expect(gaps()).toContain("提交申请书"));
  alt("T");
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain("未提交：申请书");
  expect(within(dialog).queryByTestId("step-act-reject")).toBeNull();
  fireEvent.click(within(dialog).getByTestId("step-ok"));
  await waitFor(() => expect(filings).toHaveLength(1));
  expect(filings[0]!.cases[0]!.then).toEqual({ act: "ask-supplement" });
});

test("what nobody has looked at is not told: the hand is led there first", async () => {
  open({ ...food, ticked: [] });
  await waitFor(() => expect(gaps()).toHaveLength(2));
  alt("T");
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain(zh.act.unseen);
  const look = screen.getByTestId("step-ok");
  expect(look.textContent).toContain(zh.act.look);
  await waitFor(() => expect(document.activeElement).toBe(look));
  press("Enter", { ctrlKey: true });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("point-signed")));
  expect(filings).toHaveLength(0);
});

test("Shift+F9 says that a point is not met, in the clerk's words, and the notice says so", async () => {
  open({ ...food, ticked: [] });
  await waitFor(() => expect(gaps()).toHaveLength(2));
  screen.getByTestId("point-signed").focus();
  press("F9", { shiftKey: true });
  expect(document.activeElement?.id).toBe("point-signed-words");
  fireEvent.change(document.activeElement!, { target: { value: "第二页没有签字" } });
  press("Enter");
  expect(document.activeElement).toBe(screen.getByTestId("point-neat"));
  // F9 does not overrule what was found, and leads on, not back.
  press("F9");
  expect(screen.getByTestId<HTMLInputElement>("point-signed").checked).toBe(false);
  expect(document.activeElement).toBe(screen.getByTestId("point-no-ban"));
  press("F9");
  expect(gaps()).toEqual(["不符合：申请书已签字"]);
  alt("T");
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain("申请书：第二页没有签字");
  fireEvent.click(within(dialog).getByTestId("step-ok"));
  await waitFor(() => expect(filings).toHaveLength(1));
  expect(filings[0]!.cases[0]).toMatchObject({
    ticked: ["neat", "no-ban"],
    unmet: { signed: "第二页没有签字" },
    then: { act: "ask-supplement" },
  });
});

test("F9 away from materials and points ticks nothing, and leads to what nobody has looked at", async () => {
  open({ ...food, ticked: [] });
  await waitFor(() => expect(gaps()).toHaveLength(2));
  document.querySelector<HTMLElement>("#root_premises")!.focus();
  press("F9");
  expect(screen.getByTestId<HTMLInputElement>("point-signed").checked).toBe(false);
  expect(document.activeElement).toBe(screen.getByTestId("point-signed"));
});

test("words about a point are not thrown away by the key that asks for them", async () => {
  open({ ...food, ticked: ["no-ban"], unmet: { signed: "没有签字" } });
  await waitFor(() => expect(gaps()).toEqual(["不符合：申请书已签字"]));
  screen.getByTestId("point-signed").focus();
  press("F9", { shiftKey: true });
  expect((document.activeElement as HTMLInputElement).value).toBe("没有签字");
});

test("a point found not met is ticked after all", async () => {
  open({ ...food, ticked: ["no-ban"], unmet: { signed: "没有签字" } });
  await waitFor(() => expect(gaps()).toEqual(["不符合：申请书已签字"]));
  fireEvent.click(screen.getByTestId("point-signed"));
  await waitFor(() => expect(heading()).toBe(zh.window.complete));
  letGoOfAll();
  press("F9", { shiftKey: true });
  fireEvent.click(screen.getByTestId("unmet-signed"));
  expect(screen.getByTestId<HTMLInputElement>("point-signed").checked).toBe(false);
  expect(document.activeElement?.id).toBe("point-signed-words");
});

test("what a department has left to the window is decided at once, with its reason", async () => {
  changed = { delegated: ["accept", "decide"], immediate: true };
  open({ ...food, ticked: ["no-ban", "signed"] });
  await waitFor(() => expect(heading()).toBe(zh.window.complete));
  alt("T");
  const dialog = await screen.findByRole("dialog");
  fireEvent.keyDown(within(dialog).getByTestId("step-act-accept"), { key: "3" });
  fireEvent.click(await within(dialog).findByText(zh.outcome.denied));
  fireEvent.click(within(dialog).getByTestId("step-ok"));
  expect(filings).toHaveLength(0);
  fireEvent.change(within(dialog).getByTestId("step-text"), { target: { value: "场所不合要求。" } });
  fireEvent.click(within(dialog).getByTestId("step-ok"));
  await waitFor(() => expect(filings).toHaveLength(1));
  const then = { act: "decide", outcome: "denied", reason: "场所不合要求。" };
  expect(filings[0]!.cases[0]!.then).toEqual(then);
});

test("an item that is published anew while it is filled in says so, and what reads otherwise is looked at again", async () => {
  const seen = { version: FOOD.version - 1, points: { "no-ban": "旧要求", signed: "申请书已签字" } };
  open({ ...food, seen, ticked: ["no-ban", "signed"] });
  const said = await screen.findByTestId("item-anew");
  expect(said.textContent).toContain(zh.window.anew);
  await waitFor(() => expect(gaps()).toEqual(["核对：没有从业禁止情形"]));
  expect(screen.getByTestId<HTMLInputElement>("point-signed").checked).toBe(true);
  fireEvent.click(within(said).getByRole("button"));
  expect(screen.queryByTestId("item-anew")).toBeNull();
});

test("another window's draft that cannot be fetched says why", async () => {
  elsewhere = true;
  open(food);
  fireEvent.click(await screen.findByTestId("keeping-theirs"));
  const problem = await within(screen.getByTestId("keeping")).findByText(zh.problem["draft-not-found"]);
  expect(problem).toBeTruthy();
});

test("the next applicant comes without losing the one before", async () => {
  open(food);
  await asked();
  alt("N");
  fireEvent.click(await screen.findByTestId("put-aside"));
  await waitFor(() => expect(drafts.at(-1)?.title?.applicant_name).toBe(applicant.name));
});

test("a draft that an earlier version stored opens", async () => {
  const { filing, case: id } = newDraft("1");
  openStored({ filing, case: id, item: FOOD.code, applicant, form: {}, materials: {}, taken: false });
  await screen.findByTestId("answer-place-own");
});

test.each(["zh", "en"])("axe finds nothing on the desk (%s)", async (language) => {
  await i18n.changeLanguage(language);
  const { container } = open({ ...food, acting: true, form: { premises: "桂花街" } });
  await screen.findByTestId("point-signed");
  press("F4");
  await screen.findByTestId("guide");
  // What jsdom does not draw it cannot measure.
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
});

test("F9 ticks nothing of a material that is not there, and leads to it", async () => {
  open({ ...food, materials: { lease: food.materials!.lease! }, ticked: [] });
  await waitFor(() => expect(gaps()).toContain("提交申请书"));
  screen.getByTestId("material-file-application").focus();
  press("F9");
  expect(screen.getByTestId<HTMLInputElement>("point-neat").checked).toBe(false);
  // Also from its point it is the material itself, and not the next.
  screen.getByTestId("point-neat").focus();
  press("F9");
  expect(document.activeElement).toBe(screen.getByTestId("material-file-application"));
  expect(await screen.findByText(zh.window.materialFirst.replace("{{name}}", "申请书"))).toBeTruthy();
});
