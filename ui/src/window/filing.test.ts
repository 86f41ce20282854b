import { expect, test } from "vitest";
import type { ItemView } from "../api/types";
import { filingOf, gapsOf, newDraft, placeOf, type Draft } from "./filing";

const item = {
  code: "1",
  version: 3,
  form_schema: {
    type: "object",
    required: ["premises"],
    properties: { premises: { type: "string", title: "经营场所" } },
  },
  materials: [
    { code: "application", name: "申请书", required: true, copies: 1, original: true },
    { code: "licence", name: "营业执照", required: false, copies: 1, original: false },
  ],
} as unknown as ItemView;

const file = { sha256: "9f86", size: 10, media_type: "application/pdf", name: "申请书.pdf" };
const complete: Draft = {
  ...newDraft("filing"),
  item: "1",
  applicant: {
    kind: "person",
    name: " 王小明 ",
    id_number: "110105 19491231 002x",
    phone: "138 0013 8000",
    legal_representative: "旧",
  },
  form: { premises: "桂花街12号" },
  materials: { application: { file, paperOnly: false, copies: 2 } },
};

test("an empty desk asks for the item first, then for everything", () => {
  expect(gapsOf(newDraft("1"), undefined, new Set())).toEqual([{ part: "item" }]);
  expect(gapsOf(newDraft("1"), item, new Set()).map(({ part }) => part)).toEqual([
    "applicant",
    "applicant",
    "applicant",
    "form",
    "material",
  ]);
});

test("a complete draft lacks nothing, and a running upload holds it up", () => {
  expect(gapsOf(complete, item, new Set())).toEqual([]);
  expect(gapsOf(complete, item, new Set(["licence"]))).toMatchObject([
    { part: "material", fault: "uploading" },
  ]);
});

test("what is sent is plain and has only what was handed in", () => {
  expect(filingOf(complete, item)).toEqual({
    id: "filing",
    applicant: { kind: "person", name: "王小明", id_number: "11010519491231002X", phone: "13800138000" },
    cases: [
      {
        id: complete.case,
        item_code: "1",
        item_version: 3,
        form: { premises: "桂花街12号" },
        materials: [
          { code: "application", sha256: "9f86", file_name: "申请书.pdf", copies: 2, original: false },
        ],
      },
    ],
  });
});

test("a problem of the hall leads to the field's title", () => {
  expect(placeOf("/cases/0/form/premises", complete, item)).toEqual({ title: "经营场所" });
  expect(placeOf("/cases/0/materials/0/sha256", complete, item)).toEqual({ title: "申请书" });
  expect(placeOf("/applicant/phone", complete, item)).toEqual({ applicant: "phone" });
  expect(placeOf("/elsewhere", complete, item)).toBeUndefined();
});
