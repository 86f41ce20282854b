import { expect, test } from "vitest";
import { newDraft } from "./filing";
import { FOOD } from "./samples";
import { textsOf } from "./then";

test("a text says what the draft says, and nothing where it says nothing", () => {
  const grant =
    "准予{/applicant/name}在{/form/premises}从事{/form/kinds}（{/answers/place}），面积{/form/area}。{/form/none}";
  const item = { ...FOOD, decision_texts: { grant, refuse: "{/item/name}：{}不予。{/agent/name}" } };
  const draft = newDraft("filing");
  draft.applicant.name = "安澜小馆";
  draft.agent.name = "无人";
  draft.answers = { place: "rent" };
  draft.form = { premises: "桂花街12号", kinds: ["热食类", "饮品"], area: 80 };
  expect(textsOf(item, draft)).toEqual({
    granted: "准予安澜小馆在桂花街12号从事热食类、饮品（租用），面积80。",
    denied: `${FOOD.name}：{}不予。`,
  });
});
