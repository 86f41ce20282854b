import { expect, test } from "vitest";
import type { FieldProblem, ItemView } from "../api/types";
import { filingOf, gapsOf, newDraft, placeOf, stillRefused, type Draft } from "./filing";

const item = {
  code: "1",
  version: 3,
  form_schema: {
    type: "object",
    required: ["premises"],
    properties: {
      premises: { type: "string", title: "经营场所" },
      scope: { type: "array", title: "经营项目", minItems: 1, items: { type: "string" } },
      keeper: { type: "string", title: "管理员", minLength: 2 },
    },
  },
  ui_schema: { "ui:order": ["scope", "premises", "keeper"] },
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
    contact: "旧",
  },
  form: { premises: "桂花街12号" },
  materials: { application: { file, paperOnly: false, copies: 2 } },
};

const TODAY = "2026-11-22";
const NONE: ReadonlySet<string> = new Set();

test("an empty desk asks for the item first, then for everything", () => {
  expect(gapsOf(newDraft("1"), undefined, NONE, TODAY)).toEqual([{ part: "item" }]);
  expect(gapsOf(newDraft("1"), item, NONE, TODAY).map(({ part }) => part)).toEqual([
    "applicant",
    "applicant",
    "applicant",
    "form",
    "material",
  ]);
});

test("a complete draft lacks nothing, and a running upload holds it up", () => {
  expect(gapsOf(complete, item, NONE, TODAY)).toEqual([]);
  expect(gapsOf(complete, item, new Set(["licence"]), TODAY)).toMatchObject([
    { part: "material", fault: { code: "uploading" } },
  ]);
});

test("what the form lacks stands in the order of the form", () => {
  expect(gapsOf({ ...complete, form: { scope: [], keeper: "x" } }, item, NONE, TODAY)).toMatchObject([
    { title: "经营项目", fault: { code: "required" } },
    { title: "经营场所", fault: { code: "required" } },
    { title: "管理员", fault: { code: "too-short" } },
  ]);
});

const applicantCodes = (change: object) =>
  gapsOf({ ...complete, applicant: { ...complete.applicant, ...change } }, item, NONE, TODAY).map((gap) =>
    gap.part === "applicant" ? `${gap.field} ${gap.fault.code}` : gap.part,
  );

test("an applicant is held against the rules of the hall", () => {
  expect(applicantCodes({ name: "王" })).toEqual(["name too-short"]);
  expect(applicantCodes({ name: "𠮷".repeat(100) })).toEqual([]);
  expect(applicantCodes({ name: "王".repeat(101) })).toEqual(["name too-long"]);
  expect(applicantCodes({ name: "王\u202e小明" })).toEqual(["name control-character"]);
  expect(applicantCodes({ id_number: "110101203003071232" })).toEqual(["id_number birth-in-future"]);
  expect(applicantCodes({ phone: "010-12345678" })).toEqual(["phone wrong-local-number"]);
  expect(applicantCodes({ address: "街".repeat(101) })).toEqual(["address too-long"]);
  // Who applies has no such field.
  expect(applicantCodes({ legal_representative: "王".repeat(31) })).toEqual([]);
});

const missing = (pointer: string): FieldProblem => ({
  pointer,
  code: "missing-glyphs",
  params: { characters: ["𠮷 U+20BB7"] },
});
const refusal = {
  draft: complete,
  errors: [missing("/cases/0/form/premises"), missing("/applicant/name"), missing("/filing")],
};

test("what the hall refused is a gap until its value is changed", () => {
  const codes = (draft: Draft) => gapsOf(draft, item, NONE, TODAY, refusal).map(({ part }) => part);
  expect(codes(complete)).toEqual(["applicant", "form"]);
  expect(codes({ ...complete, applicant: { ...complete.applicant, name: "王吉" } })).toEqual(["form"]);
  expect(codes({ ...complete, form: { premises: "吉祥街12号" } })).toEqual(["applicant"]);
});

test("an error of no field holds as long as the refusal", () => {
  const changed = {
    ...complete,
    applicant: { ...complete.applicant, name: "王吉" },
    form: { premises: "吉祥街12号" },
  };
  expect(stillRefused(refusal, changed, item).map(({ error }) => error.pointer)).toEqual(["/filing"]);
});

test("a refused file is a gap until a file is handed in again, even the same", () => {
  const gone = {
    draft: complete,
    errors: [{ pointer: "/cases/0/materials/0/sha256", code: "file-missing" }],
  };
  expect(gapsOf(complete, item, NONE, TODAY, gone)).toMatchObject([
    { code: "application", fault: { code: "file-missing", refused: true } },
  ]);
  const again = { ...complete, materials: { application: { ...complete.materials.application! } } };
  expect(gapsOf(again, item, NONE, TODAY, gone)).toEqual([]);
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
  expect(placeOf("/cases/0/form/premises", complete, item)).toMatchObject({ title: "经营场所" });
  expect(placeOf("/cases/0/materials/0/sha256", complete, item)).toMatchObject({ name: "申请书" });
  expect(placeOf("/applicant/phone", complete, item)).toMatchObject({ field: "phone" });
  expect(placeOf("/elsewhere", complete, item)).toBeUndefined();
});
