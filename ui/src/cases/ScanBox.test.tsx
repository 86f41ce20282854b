import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as calls from "../api/hall-calls";
import i18n from "../i18n";
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
