/** Two made-up items with a hall that reviews them, for the tests of this desk. */
import type { ItemView, Review, ReviewApplication } from "../api/types";

const sourced = { status: "sourced" as const };
const base = {
  version: 3,
  aliases: ["开饭店"],
  department_name: "市场监督管理局",
  kind: "行政许可",
  promised: { days: 5, unit: "working" as const },
  statutory: { days: 10, unit: "working" as const },
  immediate: false,
  unverified: true,
  legal_basis: [{ law: "食品安全法", article: "第三十五条", status: "unverified" as const, source: null }],
  limits: [
    {
      clock: "promised" as const,
      budget: { days: 5, unit: "working" as const },
      law: "服务承诺",
      article: "一",
      verified: false,
    },
  ],
  result: {
    certificate_title: "食品经营许可证",
    template: "certificate",
    validity_years: 5,
    validity_months: null,
    valid_until: null,
    ...sourced,
  },
  accepts: "department" as const,
  decides: "department" as const,
  delegated: [],
  conditions: ["有固定的经营场所。"],
  cautions: ["先问清经营项目。"],
  faq: [{ question: "要不要原件？", answer: "不用。" }],
  decision_texts: {
    grant: "准予{/applicant/name}从事食品经营。",
    refuse: "不予{/applicant/name}食品经营许可。",
  },
  ui_schema: {},
};

const point = (code: string, text: string, by_machine = false, blocking = true) => ({
  code,
  text,
  reason: `${text}不对，请改正。`,
  blocking,
  by_machine,
  ...sourced,
});

const material = (code: string, name: string, more: object = {}) => ({
  code,
  name,
  kind: null,
  source: "申请人",
  copies: 1,
  original: "no" as const,
  required: true,
  key: false,
  valid_days: null,
  points: [],
  standard: "字迹清楚。",
  accepts: [],
  ...sourced,
  ...more,
});

export const FOOD = {
  ...base,
  code: "11990100MB000131013000131901001",
  name: "食品经营许可",
  subjects: ["person", "organisation"],
  fee: { text: "按面积", lines: [{ label: "小型", fen: 8000 }], status: "unverified" },
  form_schema: {
    type: "object",
    required: ["premises"],
    properties: {
      premises: { type: "string", title: "经营场所", minLength: 2 },
      area: { type: "number", title: "经营面积（平方米）" },
      note: { type: "string", title: "备注" },
    },
  },
  questions: [
    {
      code: "place",
      text: "场所是自有还是租用？",
      options: [
        { code: "own", label: "自有" },
        { code: "rent", label: "租用" },
      ],
    },
  ],
  materials: [
    material("application", "申请书", {
      original: "kept",
      points: [point("signed", "申请书已签字"), point("neat", "书写工整", false, false)],
    }),
    material("lease", "租赁合同", {
      kind: "lease",
      valid_days: 30,
      original: "shown",
      points: [point("lease-number", "场所写到门牌号", true)],
    }),
    material("authorisation", "授权委托书", { points: [point("scope", "委托事项写明")] }),
  ],
  points: [point("no-ban", "没有从业禁止情形")],
  example: {
    applicant: { kind: "person", name: "李秀兰", id_number: "990100198001010026" },
    answers: { place: "rent" },
    form: { premises: "安澜市桂花街12号" },
    materials: { lease: { date: "2026-11-01" } },
  },
} as unknown as ItemView;

export const HYGIENE = {
  ...base,
  code: "11990100MB000131013000199901001",
  name: "公共场所卫生许可",
  subjects: ["organisation"],
  fee: { text: "不收费", lines: [], status: "sourced" },
  form_schema: {
    type: "object",
    required: ["premises"],
    properties: {
      premises: { type: "string", title: "经营场所" },
      area: { type: "string", title: "面积" },
    },
  },
  questions: [],
  materials: [
    material("rental-contract", "房屋租赁合同", { kind: "lease" }),
    material("application", "卫生许可申请书"),
  ],
  points: [],
  example: {
    applicant: { kind: "organisation", name: "安澜好味餐饮有限公司", id_number: "91990100MA0000001G" },
    answers: {},
    form: { premises: "安澜市桂花街12号" },
    materials: {},
  },
} as unknown as ItemView;

/** What the hall says to an application of either item, by rules like those of the catalogue. */
export function reviewed(item: ItemView, application: ReviewApplication): Review {
  const { answers, form = {}, agent_name, ticked } = application;
  const premises = form.premises;
  const asked: Record<string, boolean> = {
    lease: answers.place === "rent",
    authorisation: Boolean(agent_name),
  };
  const materials = item.materials.filter(({ code }) => asked[code] ?? true);
  const finding = (code: string, by_machine: boolean) => {
    if (!by_machine) return ticked.includes(code) ? "met" : "open";
    if (typeof premises !== "string" || !premises) return "open";
    return premises.includes("号") ? "met" : "violated";
  };
  const points = [...materials.flatMap((one) => one.points), ...item.points];
  return {
    questions: item.questions.map(({ code }) => code),
    materials: materials.map(({ code }) => code),
    points: points.map(({ code, by_machine }) => ({
      code,
      finding: finding(code, by_machine),
      fields: by_machine ? ["premises"] : [],
    })),
    fee: typeof form.area === "number" && form.area < 50 ? (item.fee.lines[0] ?? null) : null,
  };
}
