import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { beforeAll, expect, test, vi } from "vitest";
import * as calls from "../api/hall-calls";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { Undelivered } from "./Undelivered";

vi.mock("../api/hall-calls");
const list = vi.mocked(calls.listFailedDeliveries);

beforeAll(() => i18n.changeLanguage("zh"));

function open() {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <Undelivered />
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

test("what did not reach a department is listed with its case and the reason", async () => {
  const row = { id: "c", number: "1", number_spoken: "0001-1", item_name: "食品", department_name: "市监局" };
  const delivery = { id: "m", kind: "yichuang.task.assigned", last_error_code: "unsigned" };
  list.mockResolvedValue({ items: [{ case: row, delivery }], next: null } as never);
  open();
  const shown = await screen.findByTestId("undelivered-1");
  expect(shown.textContent).toContain(`${zh.message.assigned}：${zh.deliveryError.unsigned}`);
  expect(screen.getByRole("link").getAttribute("href")).toBe("/cases/c");
});

test("nothing is said where everything has arrived", async () => {
  list.mockResolvedValue({ items: [], next: null });
  open();
  await vi.waitFor(() => expect(list).toHaveBeenCalled());
  expect(screen.queryByRole("region")).toBeNull();
});
