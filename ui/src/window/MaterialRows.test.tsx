import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useEffect, useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import * as calls from "../api/hall-calls";
import type { FileView } from "../api/types";
import "../i18n";
import type { HandedMaterial } from "./filing";
import { MaterialRows } from "./MaterialRows";
import { FOOD } from "./samples";

vi.mock("../api/hall-calls");
vi.mock("../devices/DeviceFiles", () => ({ DeviceFiles: () => null }));

const LEASE = FOOD.materials.find(({ code }) => code === "lease")!;
const FILE: FileView = { sha256: "9f86", size: 3, media_type: "image/png", name: "合同.png" };

let arrive: (file: FileView) => void;
let handed: Record<string, HandedMaterial>;

beforeEach(() => {
  handed = {};
  vi.mocked(calls.putFile).mockImplementation(() => new Promise((done) => (arrive = done)));
});

function Desk({ item }: { item: string }) {
  const [materials, setMaterials] = useState<Record<string, HandedMaterial>>({});
  useEffect(() => {
    handed = materials;
  });
  return (
    <MaterialRows
      key={item}
      of={[LEASE]}
      notAsked={[]}
      handed={materials}
      points={[]}
      schema={{}}
      gaps={[]}
      onChange={(code, alter) => setMaterials((before) => ({ ...before, [code]: alter(before[code]) }))}
      onUploading={() => {}}
      onTick={() => {}}
      onField={() => {}}
    />
  );
}

async function upload() {
  const file = new File(["png"], "合同.png", { type: "image/png" });
  fireEvent.change(screen.getByTestId("material-file-lease"), { target: { files: [file] } });
  await waitFor(() => expect(calls.putFile).toHaveBeenCalled());
}

const comes = () =>
  act(() => {
    arrive(FILE);
    return Promise.resolve();
  });

test("what is typed while a file is on its way is there when it has come", async () => {
  render(<Desk item="food" />);
  await upload();
  fireEvent.click(screen.getByTestId("material-paper-lease"));
  fireEvent.click(screen.getByTestId("material-original-lease"));
  const dated = screen.getByTestId("material-dated-lease");
  dated.focus();
  fireEvent.change(dated, { target: { value: "20261101" } });
  await comes();
  expect(handed.lease).toMatchObject({ file: FILE, paperOnly: false, original: false, dated: "2026-11-01" });
});

test("a file that comes when another item is on the desk is nothing of it", async () => {
  const { rerender } = render(<Desk item="food" />);
  await upload();
  rerender(<Desk item="hygiene" />);
  await comes();
  expect(handed).toEqual({});
});

test("a date that cannot be read stays and is said once its field is left", () => {
  render(<Desk item="food" />);
  const dated = screen.getByTestId<HTMLInputElement>("material-dated-lease");
  dated.focus();
  fireEvent.change(dated, { target: { value: "去年十月" } });
  expect(screen.queryByText(/不是日期/)).toBeNull();
  fireEvent.keyDown(dated, { key: "Tab" });
  fireEvent.blur(dated);
  expect(dated.value).toBe("去年十月");
  expect(handed.lease?.dated).toBe("去年十月");
  expect(screen.getByText(/“去年十月”不是日期/)).toBeTruthy();
});
