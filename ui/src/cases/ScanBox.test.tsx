import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { Failure } from "../api/failure";
import * as calls from "../api/hall-calls";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { ScanBox } from "./ScanBox";

vi.mock("../api/hall-calls");
const find = vi.mocked(calls.findCase);
const [onFound, onWords] = [vi.fn(), vi.fn()];

beforeAll(() => i18n.changeLanguage("zh"));
beforeEach(() => vi.clearAllMocks());

function scan(text: string, listing: boolean) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ScanBox onFound={onFound} onWords={listing ? onWords : undefined} />
    </QueryClientProvider>,
  );
  const box = screen.getByTestId("scan-box");
  fireEvent.change(box, { target: { value: text } });
  fireEvent.keyDown(box, { key: "Enter" });
}

test("a parcel with several results is listed where there is a list", async () => {
  find.mockResolvedValue({ id: "newest", several: true });
  scan("EA123456789CN", true);
  await vi.waitFor(() => expect(onWords).toHaveBeenCalledWith("EA123456789CN"));
  expect(onFound).not.toHaveBeenCalled();
});

test("elsewhere it leads to the newest, as a number of one case leads to that", async () => {
  find.mockResolvedValue({ id: "newest", several: true });
  scan("EA123456789CN", false);
  await vi.waitFor(() => expect(onFound).toHaveBeenCalledWith("newest"));
});

test.each([
  ["Esc", (box: HTMLElement) => fireEvent.keyDown(box, { key: "Escape" })],
  ["going on elsewhere", (box: HTMLElement) => box.blur()],
])("what was not found is told until %s", async (_, leave) => {
  find.mockRejectedValue(new Failure("case-not-found", 404));
  scan("spjy", false);
  const box = screen.getByTestId("scan-box");
  await screen.findByText(zh.problem["case-not-found"]);
  await vi.waitFor(() => expect(document.activeElement).toBe(box));
  leave(box);
  await vi.waitFor(() => expect(screen.queryByText(zh.problem["case-not-found"])).toBeNull());
});

test("the answer to a search that did not get through can be asked for again", async () => {
  find.mockRejectedValue(new Failure("unreachable", 0));
  scan("spjy", false);
  const again = await screen.findByRole("button", { name: /^重\s?试$/ });
  again.focus();
  expect(again.isConnected).toBe(true);
});
