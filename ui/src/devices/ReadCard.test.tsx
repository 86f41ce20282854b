import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import axe from "axe-core";
import { useEffect, useState } from "react";
import { beforeEach, expect, test } from "vitest";
import type { ApplicantInput, SessionView } from "../api/types";
import i18n from "../i18n";
import { zh } from "../i18n/zh";
import { CurrentSession } from "../session/useSession";
import { ReadCard, withCard } from "./ReadCard";
import { CARD, devicesAtWindow } from "./sample";

const EMPTY: ApplicantInput = { kind: "person", name: "", id_number: "", phone: "" };
const OTHER: ApplicantInput = {
  kind: "person",
  name: "王小明",
  id_number: "11010519491231002X",
  phone: "13800138000",
  address: "别处",
};

let filled: ApplicantInput;

function Block({ applicant }: { applicant: ApplicantInput }) {
  const [now, setNow] = useState(applicant);
  useEffect(() => {
    filled = now;
  }, [now]);
  return (
    <main>
      <ReadCard
        somebody={now.kind === "person"}
        numbers={[now.id_number]}
        onCard={(card) => setNow((before) => ({ ...before, ...withCard(before, card) }))}
      />
      <button onClick={() => setNow((before) => ({ ...before, id_number: "1" }))}>type</button>
    </main>
  );
}

function open(applicant = EMPTY) {
  const session = { today: "2026-06-15" } as SessionView;
  return render(
    <QueryClientProvider client={new QueryClient()}>
      <CurrentSession value={session}>
        <Block applicant={applicant} />
      </CurrentSession>
    </QueryClientProvider>,
  );
}

beforeEach(() => i18n.changeLanguage("zh"));

test("F7 reads the card, fills in the applicant and shows who was read", async () => {
  devicesAtWindow();
  const { container } = open();
  await screen.findByTestId("read-card");
  fireEvent.keyDown(document.body, { key: "F7" });
  const shown = await screen.findByTestId("card-read");
  expect(filled).toEqual({ ...EMPTY, name: CARD.name, id_number: CARD.number, address: CARD.address });
  expect(shown.textContent).toContain("已读取白晓兰的身份证，号码校验正确");
  expect(shown.textContent).toContain("2015-03-02 – 2035-03-02");
  expect(screen.getByAltText("白晓兰的证件照片").getAttribute("src")).toContain(CARD.photo);
  expect(screen.queryByTestId("card-expired")).toBeNull();
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
  expect(violations).toEqual([]);
});

test("what was read disappears when the number is another's", async () => {
  devicesAtWindow();
  open();
  fireEvent.click(await screen.findByTestId("read-card"));
  await screen.findByTestId("card-read");
  fireEvent.click(screen.getByText("type"));
  await waitFor(() => expect(screen.queryByTestId("card-read")).toBeNull());
});

test("a card that has expired says so", async () => {
  devicesAtWindow({ card: { ...CARD, valid_until: "2026-06-14" } });
  open();
  fireEvent.click(await screen.findByTestId("read-card"));
  expect((await screen.findByTestId("card-expired")).textContent).toContain("2026-06-14");
});

test.each(["no-card", "card-misread", "device-unplugged", "device-busy"] as const)(
  "%s is said in words, and nothing is filled in",
  async (code) => {
    devicesAtWindow({ refuse: code });
    open();
    fireEvent.click(await screen.findByTestId("read-card"));
    expect((await screen.findByRole("alert")).textContent).toContain(zh.problem[code]);
    expect(filled).toEqual(EMPTY);
  },
);

test("a number that fails its check digit fills in nothing", async () => {
  devicesAtWindow({ card: { ...CARD, number: "990100198802140024" } });
  open();
  fireEvent.click(await screen.findByTestId("read-card"));
  expect((await screen.findByRole("alert")).textContent).toContain(zh.problem["card-misread"]);
  expect(filled).toEqual(EMPTY);
});

test("of somebody else nothing stays, and of the same person what was typed does", () => {
  expect(withCard(OTHER, CARD)).toMatchObject({ name: "白晓兰", phone: "", address: CARD.address });
  expect(withCard({ ...OTHER, id_number: CARD.number }, CARD)).toEqual({
    name: CARD.name,
    id_number: CARD.number,
  });
});

test("a number in small letters is the same person's", () => {
  const card = { ...CARD, number: OTHER.id_number.toLowerCase() };
  expect(withCard(OTHER, card)).toEqual({ name: CARD.name, id_number: OTHER.id_number });
});

test("what somebody chose while the card was read stays", () => {
  expect(withCard({ ...OTHER, kind: "organisation" }, CARD)).toEqual({});
});

test("without a reader, or for an organisation, there is no button and F7 does nothing", async () => {
  const desk = devicesAtWindow({ devices: [] });
  open();
  await waitFor(() => expect(desk.asked).toEqual(["GET "]));
  fireEvent.keyDown(document.body, { key: "F7" });
  expect(screen.queryByTestId("read-card")).toBeNull();

  const there = devicesAtWindow();
  open({ ...OTHER, kind: "organisation" });
  await waitFor(() => expect(there.asked).toEqual(["GET "]));
  fireEvent.keyDown(document.body, { key: "F7" });
  expect(screen.queryByTestId("read-card")).toBeNull();
  expect(there.asked).toEqual(["GET "]);
});

test("a bridge that does not answer is named, without a button", async () => {
  devicesAtWindow({ devices: [{ kind: "bridge", name: "", trouble: "device-unreachable" }] });
  open();
  expect((await screen.findByTestId("device-bridge")).textContent).toBe("读卡器和高拍仪：没有应答");
  expect(screen.queryByTestId("read-card")).toBeNull();
});

test("a reader that is unplugged says so beside its button", async () => {
  devicesAtWindow({ devices: [{ kind: "card-reader", name: "读卡器甲", trouble: "device-unplugged" }] });
  open();
  expect((await screen.findByTestId("device-card-reader")).textContent).toBe("读卡器甲：没有接上");
  expect(screen.getByTestId("read-card")).toBeTruthy();
});
