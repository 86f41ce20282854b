import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { configure, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { App } from "antd";
import axe from "axe-core";
import { beforeEach, expect, test, vi } from "vitest";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { ScreenPage } from "./ScreenPage";

// The computer may be busy with other tests.
configure({ asyncUtilTimeout: 8_000 });

const DRAFT = {
  draft_id: "1",
  version: 1,
  digest: "one",
  since: "2026-06-15T01:00:00Z",
  confirmed: null as object | null,
  applicant: { kind: "person", name: "李秀兰", id_number: "990100198001010026", phone: "13800138000" },
  agent: null,
  item_code: "1",
  item_name: "食品经营许可",
  answers: [{ question: "自有还是租用？", answer: "租用" }],
  form: [{ name: "premises", title: "经营场所", value: "桂花街12号" }],
  materials: [],
};

let draft: typeof DRAFT | null;
let confirmed: string[];
let signedIn: boolean;

class Silent {
  addEventListener() {}
  close() {}
}

beforeEach(async () => {
  await i18n.changeLanguage("zh");
  draft = DRAFT;
  confirmed = [];
  signedIn = true;
  vi.stubGlobal("EventSource", Silent);
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => {
    if (address.endsWith("/session")) {
      if (!signedIn) return Promise.resolve(Response.json({ code: "no-session" }, { status: 401 }));
      const office = { name: "安澜市政务服务中心" };
      return Promise.resolve(Response.json({ account: { id: "chen", roles: [] }, office, window: "03" }));
    }
    if (address.endsWith("/confirm")) {
      const { digest } = JSON.parse(new TextDecoder().decode(init.body as ArrayBuffer)) as { digest: string };
      confirmed.push(digest);
      if (digest !== draft?.digest) {
        return Promise.resolve(Response.json({ code: "precondition-failed", errors: [] }, { status: 412 }));
      }
      draft = { ...draft, confirmed: { at: "2026-06-15T01:05:00Z", current: true } };
    }
    return Promise.resolve(Response.json({ window: "03", draft }));
  });
});

const open = () =>
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <App>
        <ScreenPage />
      </App>
    </QueryClientProvider>,
  );

test("the applicant reads what is entered and confirms it", async () => {
  const { container } = open();
  const button = await screen.findByTestId("screen-confirm");
  expect(container.textContent).toContain("990100198001010026");
  expect(container.textContent).toContain("桂花街12号");
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id }) => id)).toEqual([]);
  fireEvent.click(button);
  await waitFor(() => expect(screen.getByTestId("screen-words").textContent).toContain("09:05"));
  expect(confirmed).toEqual(["one"]);
});

test("what has changed meanwhile is read again before it is confirmed", async () => {
  open();
  const button = await screen.findByTestId("screen-confirm");
  draft = { ...DRAFT, digest: "two", applicant: { ...DRAFT.applicant, name: "李秀" } };
  fireEvent.click(button);
  await screen.findByText("李秀");
  fireEvent.click(screen.getByTestId("screen-confirm"));
  await waitFor(() => expect(confirmed).toEqual(["one", "two"]));
});

test("without a draft, or a clerk, the screen is dark and nobody signs in at it", async () => {
  draft = null;
  const { unmount } = open();
  await screen.findByText(zh.screen.dark);
  unmount();
  signedIn = false;
  open();
  await screen.findByText(zh.screen.nobody);
  expect(document.querySelector("input")).toBeNull();
  // It goes on by itself once a clerk is there.
  signedIn = true;
  draft = DRAFT;
  await screen.findByTestId("screen-confirm");
});
