import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, configure, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { App, Input, Modal } from "antd";
import { useState } from "react";
import { MemoryRouter, Route, Routes } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import { Frame } from "./Frame";
import { listItems } from "./api/hall-calls";
import i18n from "./i18n";
import { zh } from "./i18n/zh";
import { useFocusBack } from "./shared/focus";
import { useShortcut } from "./shared/shortcuts";
import { startTour, useTour } from "./tour";

vi.mock("./session/useNews", () => ({ useNews: () => {} }));
configure({ asyncUtilTimeout: 4_000 });

const session = {
  account: { id: "chen", login: "chen", name: "陈", roles: ["supervisor"] },
  office: { name: "安澜市政务服务中心" },
  window: null,
  demo: false,
  today: "2026-11-22",
};
const welcome = { office: session.office, demo: false, demo_accounts: [], today: session.today };

let expired: boolean;
let unreachable: boolean;
let ended: number;

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

function hall(address: string, init: RequestInit = {}): Promise<Response> {
  const path = new URL(address).pathname.replace("/api/hall", "");
  if (path === "/session" && init.method === "DELETE") {
    if (unreachable) return Promise.reject(new TypeError("no connection"));
    ended += 1;
    return Promise.resolve(new Response(null, { status: 204 }));
  }
  if (path === "/welcome") return Promise.resolve(json(welcome));
  if (path === "/sessions") {
    expired = false;
    return Promise.resolve(json(session));
  }
  if (expired) return Promise.resolve(json({ code: "unauthenticated" }, 401));
  return Promise.resolve(json(path === "/session" ? session : { items: [], next: null }));
}

const sent = vi.fn();

function Walking() {
  useFocusBack(() => screen.getByTestId("item-search").focus());
  return <button autoFocus>walk on</button>;
}

function Page() {
  const [open, setOpen] = useState(false);
  const touring = useTour();
  useShortcut("submit", sent);
  return (
    <>
      <button onClick={() => void listItems().catch(() => undefined)}>ask the hall</button>
      <button onClick={() => setOpen(true)}>open</button>
      {touring && <Walking />}
      <input data-testid="item-search" />
      <Modal open={open} onCancel={() => setOpen(false)} footer={null} destroyOnHidden>
        <Input aria-label="words" />
      </Modal>
    </>
  );
}

beforeEach(async () => {
  await i18n.changeLanguage("zh");
  [expired, unreachable, ended] = [false, false, 0];
  sent.mockClear();
  vi.stubGlobal("fetch", vi.fn(hall));
});

const open = () =>
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <App>
        <MemoryRouter>
          <Routes>
            <Route path="/" element={<Frame service="hall" />}>
              <Route index element={<Page />} />
            </Route>
          </Routes>
        </MemoryRouter>
      </App>
    </QueryClientProvider>,
  );

test("while nobody is signed in the desk answers no key, and its dialog waits with what was typed", async () => {
  open();
  fireEvent.click(await screen.findByText("open"));
  const words = await screen.findByLabelText<HTMLInputElement>("words");
  fireEvent.change(words, { target: { value: "材料不齐" } });
  words.focus();
  expired = true;
  fireEvent.click(screen.getByText("ask the hall"));
  const password = await screen.findByTestId("sign-in-password");
  await waitFor(() => expect(document.activeElement).toBe(password));
  // By which the stylesheet hides everything beside the page.
  expect(document.body.hasAttribute("data-desk-covered")).toBe(true);
  fireEvent.keyDown(password, { key: "Escape", keyCode: 27 });
  fireEvent.keyDown(password, { key: "Enter", ctrlKey: true });
  fireEvent.change(password, { target: { value: "anlan-2026" } });
  fireEvent.click(screen.getByTestId("sign-in-submit"));
  await waitFor(() => expect(screen.queryByTestId("sign-in-password")).toBeNull());
  expect(document.body.hasAttribute("data-desk-covered")).toBe(false);
  expect(screen.getByLabelText<HTMLInputElement>("words").value).toBe("材料不齐");
  expect(sent).not.toHaveBeenCalled();
});

test("a key does nothing at a desk where nobody is signed in", async () => {
  open();
  await screen.findByText("open");
  expired = true;
  fireEvent.click(screen.getByText("ask the hall"));
  const password = await screen.findByTestId("sign-in-password");
  fireEvent.keyDown(password, { key: "Enter", ctrlKey: true });
  expect(sent).not.toHaveBeenCalled();
  fireEvent.change(password, { target: { value: "anlan-2026" } });
  fireEvent.click(screen.getByTestId("sign-in-submit"));
  await waitFor(() => expect(screen.queryByTestId("sign-in-password")).toBeNull());
  fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true });
  expect(sent).toHaveBeenCalledTimes(1);
});

test("who could not sign out is told so, is still at the desk, and tries again", async () => {
  open();
  fireEvent.click(await screen.findByTestId("account-menu"));
  unreachable = true;
  fireEvent.click(await screen.findByText(zh.head.leave));
  await screen.findByText(zh.head.notLeftWords);
  expect(screen.queryByTestId("sign-in-login")).toBeNull();
  unreachable = false;
  fireEvent.click(screen.getByRole("button", { name: /^重\s?试$/ }));
  await screen.findByTestId("sign-in-login");
  expect(ended).toBe(1);
});

test("help that is asked for on the walk ends it, and gives the keyboard back", async () => {
  open();
  await screen.findByText("open");
  act(startTour);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText("walk on")));
  fireEvent.keyDown(document.activeElement!, { key: "F1" });
  await screen.findByTestId("help-lines");
  expect(screen.queryByText("walk on")).toBeNull();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("help-lines")));
  fireEvent.keyDown(document.activeElement!, { key: "Escape", keyCode: 27 });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("item-search")));
});

test("the key of the desk that is open leaves the keyboard where it is", async () => {
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <App>
        <MemoryRouter initialEntries={["/cases"]}>
          <Routes>
            <Route path="/" element={<Frame service="hall" />}>
              <Route path="cases" element={<Page />} />
            </Route>
          </Routes>
        </MemoryRouter>
      </App>
    </QueryClientProvider>,
  );
  const field = await screen.findByTestId("item-search");
  field.focus();
  fireEvent.keyDown(field, { key: "1", code: "Digit1", altKey: true });
  expect(document.activeElement).toBe(field);
});
