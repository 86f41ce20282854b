import { expect, test } from "vitest";
import type { FieldProblem, ItemView, Review } from "../api/types";
import {
  adviceOf,
  filingOf,
  gapsOf,
  isTouched,
  mended,
  newDraft,
  notAskedFor,
  placeOf,
  reviewOf,
  stillRefused,
  type Desk,
  type Draft,
  type Refusal,
} from "./filing";
import { FOOD, HYGIENE, reviewed } from "./samples";

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
  subjects: ["person", "organisation"],
  questions: [],
  points: [],
  materials: [
    { code: "application", name: "申请书", required: true, copies: 1, original: "kept", points: [] },
    { code: "licence", name: "营业执照", required: false, copies: 1, original: "no", points: [] },
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
const review: Review = { questions: [], materials: ["application", "licence"], points: [], fee: null };

const missingIn = (draft: Draft, more: Partial<Desk> = {}) =>
  gapsOf({ draft, item, standing: { review, state: "fresh" }, uploading: NONE, today: TODAY, ...more });

test("an empty desk asks for the item first, then for everything", () => {
  expect(missingIn(newDraft("1"), { item: undefined })).toEqual([{ part: "item" }]);
  expect(missingIn(newDraft("1")).map(({ part }) => part)).toEqual([
    "applicant",
    "applicant",
    "applicant",
    "form",
    "material",
  ]);
});

test("a complete draft lacks nothing, and a running upload holds it up", () => {
  expect(missingIn(complete)).toEqual([]);
  expect(missingIn(complete, { uploading: new Set(["licence"]) })).toMatchObject([
    { part: "material", fault: { code: "uploading" } },
  ]);
});

test("what the form lacks stands in the order of the form", () => {
  expect(missingIn({ ...complete, form: { scope: [], keeper: "x" } })).toMatchObject([
    { title: "经营项目", fault: { code: "required" } },
    { title: "经营场所", fault: { code: "required" } },
    { title: "管理员", fault: { code: "too-short" } },
  ]);
});

const applicantCodes = (change: object) =>
  missingIn({ ...complete, applicant: { ...complete.applicant, ...change } }).map((gap) =>
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
const refusal: Refusal = {
  review,
  draft: complete,
  errors: [missing("/cases/0/form/premises"), missing("/applicant/name"), missing("/filing")],
};

test("what the hall refused is a gap until its value is changed", () => {
  const codes = (draft: Draft) => missingIn(draft, { refusal }).map(({ part }) => part);
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

test("that an item was withdrawn is not said of the item chosen since", () => {
  const errors = [
    { pointer: "/cases/0/item_code", code: "withdrawn" },
    { pointer: "/filing", code: "taken" },
  ];
  const pointers = (draft: Draft) =>
    stillRefused({ review, draft: complete, errors }, draft, item).map(({ error }) => error.pointer);
  expect(pointers(complete)).toEqual(["/cases/0/item_code", "/filing"]);
  expect(pointers({ ...complete, item: "2" })).toEqual(["/filing"]);
});

test("a refused file is a gap until a file is handed in again, even the same", () => {
  const gone: Refusal = {
    review,
    draft: complete,
    errors: [{ pointer: "/cases/0/materials/0/sha256", code: "file-missing" }],
  };
  expect(missingIn(complete, { refusal: gone })).toMatchObject([
    { code: "application", fault: { code: "file-missing", refused: true } },
  ]);
  const again = { ...complete, materials: { application: { ...complete.materials.application! } } };
  expect(missingIn(again, { refusal: gone })).toEqual([]);
});

test("what is sent is plain and has only what was handed in", () => {
  expect(filingOf(complete, item, review)).toEqual({
    id: "filing",
    applicant: { kind: "person", name: "王小明", id_number: "11010519491231002X", phone: "13800138000" },
    cases: [
      {
        id: complete.case,
        item_code: "1",
        item_version: 3,
        answers: {},
        form: { premises: "桂花街12号" },
        materials: [
          {
            code: "application",
            sha256: "9f86",
            file_name: "申请书.pdf",
            copies: 2,
            original: false,
            dated: null,
          },
        ],
        ticked: [],
        unmet: {},
      },
    ],
  });
});

test("a problem of the hall leads to the field's title", () => {
  expect(placeOf({ pointer: "/cases/0/form/premises" }, complete, item, review)).toMatchObject({
    title: "经营场所",
  });
  expect(placeOf({ pointer: "/cases/0/materials/0/sha256" }, complete, item, review)).toMatchObject({
    name: "申请书",
  });
  expect(placeOf({ pointer: "/applicant/phone" }, complete, item, review)).toMatchObject({ field: "phone" });
  expect(placeOf({ pointer: "/elsewhere" }, complete, item, review)).toBeUndefined();
});

// An item with a situation, points and an agent's paper.

const food: Draft = {
  ...complete,
  item: FOOD.code,
  answers: { place: "rent" },
  form: { premises: "桂花街12号" },
  materials: {
    application: { file: null, paperOnly: true, copies: 1 },
    lease: { file, paperOnly: false, copies: 1, dated: "2026-11-20", original: true },
  },
  ticked: ["signed", "no-ban", "neat"],
};
const deskOf = (draft: Draft, more: Partial<Desk> = {}): Desk => {
  const said = reviewed(FOOD, reviewOf(draft, FOOD, null));
  return {
    draft,
    item: FOOD,
    standing: { review: said, state: "fresh" },
    uploading: NONE,
    today: TODAY,
    ...more,
  };
};
const wordsOf = (draft: Draft) =>
  gapsOf(deskOf(draft)).map((gap) =>
    "code" in gap ? `${gap.part} ${gap.code} ${"fault" in gap ? gap.fault.code : ""}` : gap.part,
  );

test("nothing is complete before the hall has said so", () => {
  expect(gapsOf(deskOf(food))).toEqual([]);
  const { review: said } = deskOf(food).standing;
  for (const state of ["checking", "failed"] as const) {
    expect(gapsOf(deskOf(food, { standing: { review: said, state } }))).toEqual([{ part: "review", state }]);
  }
});

test("an open or violated blocking point is missing, an advisory one is advice", () => {
  expect(wordsOf({ ...food, ticked: ["no-ban"] })).toEqual(["point signed point-open"]);
  expect(wordsOf({ ...food, ticked: ["signed"] })).toEqual(["point no-ban point-open"]);
  expect(wordsOf({ ...food, form: { premises: "桂花街" } })).toEqual(["point lease-number point-violated"]);
  expect(adviceOf(deskOf({ ...food, ticked: ["no-ban", "signed"] }))).toMatchObject([{ code: "neat" }]);
});

test("a point that waits for a field is missing there, and not twice", () => {
  expect(wordsOf({ ...food, form: {} })).toEqual(["form"]);
});

test("a field that was just filled is not called missing while the hall looks at it", () => {
  const { review: before } = deskOf({ ...food, form: {} }).standing;
  const desk = deskOf(food, { standing: { review: before, state: "checking" } });
  expect(gapsOf(desk)).toEqual([{ part: "review", state: "checking" }]);
});

test("the situation selects materials; what it does not ask for stays and is not sent", () => {
  expect(wordsOf({ ...food, answers: {} })).toEqual(["question place required"]);
  const own = { ...food, answers: { place: "own" } };
  expect(wordsOf(own)).toEqual([]);
  const said = reviewed(FOOD, reviewOf(own, FOOD, null));
  expect(notAskedFor(own, FOOD, said).map(({ code }) => code)).toEqual(["lease"]);
  expect(filingOf(own, FOOD, said).cases[0]!.materials.map(({ code }) => code)).toEqual(["application"]);
});

test("an agent brings an authorisation at once, and is sent only while somebody acts", () => {
  const acting = { ...food, acting: true };
  expect(wordsOf(acting)).toEqual([
    "agent",
    "agent",
    "agent",
    "agent",
    "material authorisation required",
    "point scope point-open",
  ]);
  const agent = {
    name: " 赵志强 ",
    id_number: "990100197511030110",
    phone: "13800138000",
    authority: "代为申请",
    until: "2026-11-21",
  };
  expect(gapsOf(deskOf({ ...acting, agent }))).toMatchObject([
    { part: "agent", field: "until", fault: { code: "expired" } },
    {},
    {},
  ]);
  const said = reviewed(FOOD, reviewOf({ ...acting, agent }, FOOD, null));
  expect(filingOf({ ...acting, agent }, FOOD, said).agent).toMatchObject({ name: "赵志强" });
  expect(filingOf({ ...food, agent }, FOOD, said)).not.toHaveProperty("agent");
});

test("answers, ticks, dates and originals go with the case", () => {
  const said = reviewed(FOOD, reviewOf(food, FOOD, null));
  expect(filingOf({ ...food, ticked: [...food.ticked, "scope"] }, FOOD, said).cases[0]).toMatchObject({
    answers: { place: "rent" },
    ticked: ["signed", "no-ban", "neat"],
    materials: [
      { code: "application", original: true, dated: null },
      { code: "lease", original: true, dated: "2026-11-20" },
    ],
  });
});

test("a date that cannot be read is missing, and does not make an authority without an end", () => {
  const agent = {
    name: "赵志强",
    id_number: "990100197511030110",
    phone: "13800138000",
    authority: "代为申请",
    until: "明年年底",
  };
  expect(gapsOf(deskOf({ ...food, acting: true, agent }))).toMatchObject([
    { part: "agent", field: "until", fault: { code: "wrong-date" } },
    {},
    {},
  ]);
  const lease = { ...food.materials.lease!, dated: "去年十月" };
  const draft = { ...food, materials: { ...food.materials, lease } };
  expect(wordsOf(draft)).toEqual(["material lease wrong-date"]);
  expect(reviewOf(draft, FOOD, null).materials).toContainEqual({ code: "lease", copies: 1, dated: null });
});

test("an original that was not seen, and a paper that is too old, are said and do not hold up", () => {
  const lease = { file, paperOnly: false, copies: 1, dated: "2026-10-01" };
  const draft = { ...food, materials: { ...food.materials, lease } };
  expect(wordsOf(draft)).toEqual([]);
  expect(adviceOf(deskOf(draft))).toMatchObject([
    { part: "original", code: "lease", original: "shown" },
    { part: "old", code: "lease", days: 30 },
  ]);
});

test("who may not apply is told", () => {
  const said = reviewed(HYGIENE, reviewOf(food, HYGIENE, null));
  const [first] = gapsOf(deskOf(food, { item: HYGIENE, standing: { review: said, state: "fresh" } }));
  expect(first).toMatchObject({ part: "kind", fault: { code: "subject-not-allowed" } });
});

test("what the hall refuses of answers, points and agents has its place", () => {
  const { review: said } = deskOf(food).standing;
  const at = (pointer: string, params: object = {}) =>
    placeOf({ pointer, params }, { ...food, acting: true }, FOOD, said!);
  expect(at("/cases/0/answers/place")).toMatchObject({ part: "question", text: "场所是自有还是租用？" });
  expect(at("/cases/0/points/signed")).toMatchObject({ part: "point", text: "申请书已签字" });
  expect(at("/cases/0/materials", { code: "lease" })).toMatchObject({ name: "租赁合同" });
  expect(at("/agent/authority")).toEqual({ part: "agent", field: "authority" });
  expect(at("/applicant/kind")).toEqual({ part: "kind" });
  const told: Refusal = {
    draft: food,
    review: said!,
    errors: [{ pointer: "/cases/0/points/no-ban", code: "point-violated", params: { reason: "有" } }],
  };
  expect(gapsOf(deskOf(food, { refusal: told }))).toMatchObject([
    { part: "point", code: "no-ban", fault: { refused: true } },
  ]);
});

test("a draft of an earlier version of this page is mended", () => {
  const { filing, case: id, applicant, form, materials } = complete;
  const old = { filing, case: id, item: "1", applicant, form, materials, taken: false };
  expect(isTouched(old as Draft)).toBe(true);
  const now = mended(old, filing);
  expect(missingIn(now)).toEqual([]);
  expect(filingOf(now, item, review).cases[0]).toMatchObject({ id, answers: {}, ticked: [] });
});
