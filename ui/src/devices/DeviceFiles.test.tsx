import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { configure, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { App } from "antd";
import { beforeEach, expect, test, vi } from "vitest";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { DeviceFiles } from "./DeviceFiles";
import { devicesAtWindow } from "./sample";

configure({ asyncUtilTimeout: 8_000 });

let files: File[];
let made: number;
let revoked: number;

beforeEach(async () => {
  await i18n.changeLanguage("zh");
  [files, made, revoked] = [[], 0, 0];
  // jsdom has no addresses for bytes.
  URL.createObjectURL = vi.fn(() => `blob:${(made += 1)}`);
  URL.revokeObjectURL = vi.fn(() => void (revoked += 1));
});

const open = (busy = false) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <DeviceFiles name="租赁合同" busy={busy} onFile={(file) => files.push(file)} />
      </App>
    </QueryClientProvider>,
  );
const pages = () => screen.queryAllByTestId("scanned-page");
const use = async () => {
  // Enter takes what came.
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("use-pages")));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("use-pages").disabled).toBe(false));
  fireEvent.click(screen.getByTestId("use-pages"));
};

test("a picture is taken at once, and becomes a JPEG of the material's name", async () => {
  devicesAtWindow();
  open();
  fireEvent.click(await screen.findByTestId("camera-button"));
  await waitFor(() => expect(pages()).toHaveLength(1));
  await use();
  expect(files.map(({ name, type }) => [name, type])).toEqual([["租赁合同.jpg", "image/jpeg"]]);
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("camera-button")));
  expect(revoked).toBe(made);
});

test("a picture that is not clear is taken again in its place", async () => {
  const desk = devicesAtWindow();
  open();
  fireEvent.click(await screen.findByTestId("camera-button"));
  await waitFor(() => expect(pages()).toHaveLength(1));
  const first = within(pages()[0]!).getByRole("img").getAttribute("src");
  fireEvent.click(screen.getByRole("button", { name: "重拍第 1 页" }));
  await waitFor(() => expect(within(pages()[0]!).getByRole("img").getAttribute("src")).not.toBe(first));
  expect(pages()).toHaveLength(1);
  expect(desk.asked.filter((path) => path === "POST /picture")).toHaveLength(2);
});

test("all sheets of the feeder and one more picture become one PDF, without what was removed", async () => {
  devicesAtWindow({ sheets: 3 });
  open();
  fireEvent.click(await screen.findByTestId("scanner-button"));
  await waitFor(() => expect(pages()).toHaveLength(3));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("camera-more").disabled).toBe(false));
  fireEvent.click(screen.getByTestId("camera-more"));
  await waitFor(() => expect(pages()).toHaveLength(4));
  fireEvent.click(await screen.findByRole("button", { name: "移除第 2 页" }));
  await use();
  expect(files.map(({ name, type }) => [name, type])).toEqual([["租赁合同.pdf", "application/pdf"]]);
  const text = new TextDecoder("latin1").decode(await files[0]!.arrayBuffer());
  expect(text).toContain("/Count 3");
});

test("pages that came before a jam stay, and it is said what to do", async () => {
  devicesAtWindow({ sheets: 1, refuse: "scanner-jam" });
  open();
  fireEvent.click(await screen.findByTestId("scanner-button"));
  expect((await screen.findByRole("alert")).textContent).toContain(zh.problem["scanner-jam"]);
  expect(pages()).toHaveLength(1);
  await use();
  expect(files).toHaveLength(1);
});

test("pages that came are not thrown away by a key, or a click beside them", async () => {
  devicesAtWindow({ sheets: 2 });
  open();
  fireEvent.click(await screen.findByTestId("scanner-button"));
  await waitFor(() => expect(pages()).toHaveLength(2));
  fireEvent.click(document.querySelector(".ant-modal-wrap")!);
  expect(screen.queryByTestId("leave-anyway")).toBeNull();
  fireEvent.keyDown(screen.getByTestId("use-pages"), { key: "Escape", keyCode: 27 });
  const leave = await screen.findByTestId("leave-anyway");
  expect(pages()).toHaveLength(2);
  fireEvent.click(leave);
  await waitFor(() => expect(pages()).toHaveLength(0));
  expect(files).toEqual([]);
});

test("a dialog that closes in the middle of a scan stops it", async () => {
  const desk = devicesAtWindow({ sheets: 5_000 });
  const { unmount } = open();
  fireEvent.click(await screen.findByTestId("scanner-button"));
  await waitFor(() => expect(pages().length).toBeGreaterThan(0));
  unmount();
  await waitFor(() => expect(desk.asked).toContain("DELETE /scans/7"));
  const asked = desk.asked.length;
  await new Promise((done) => setTimeout(done, 50));
  expect(desk.asked.length).toBe(asked);
});

test("without devices, or with ones that do not answer, there are no buttons", async () => {
  const desk = devicesAtWindow({
    devices: [{ kind: "scanner", name: "", trouble: "device-unreachable" }],
  });
  open();
  await waitFor(() => expect(desk.asked).toHaveLength(1));
  expect(screen.queryAllByRole("button")).toEqual([]);
});
