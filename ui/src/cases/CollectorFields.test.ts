import { expect, test } from "vitest";
import type { CaseView, Collector } from "../api/types";
import { CARD } from "../devices/sample";
import { openField, withCardOf } from "./CollectorFields";

const TODAY = "2026-06-15";
const agent = {
  name: "李代办",
  id_number: "1101**********002X",
  phone: "138****8000",
  authority: "代收文书",
  until: "2026-06-15",
};
const view = { agent } as unknown as CaseView;
const collector: Collector = { name: "李代办", id_number: "11010519491231002x", relation: "agent" };

test("the agent of the case needs no further paper, by the number and whatever the name", () => {
  expect(openField(view, collector, TODAY)).toBeNull();
  expect(openField(view, { ...collector, name: "李代辦" }, TODAY)).toBeNull();
});

test("who has only the agent's name shows a paper", () => {
  const other = { ...collector, id_number: "11010519900307283X" };
  expect(openField(view, other, TODAY)).toBe("authority");
  expect(openField(view, { ...other, authority: "授权委托书" }, TODAY)).toBeNull();
});

test("the day after its last the authority has ended", () => {
  expect(openField(view, collector, "2026-06-16")).toBe("authority");
  expect(openField({ ...view, agent: { ...agent, until: null } }, collector, "2036-06-16")).toBeNull();
});

test("a card says who stands here: the applicant, the agent of the case, or somebody with a paper", () => {
  const masked = `${CARD.number.slice(0, 4)}**********${CARD.number.slice(-4)}`;
  const person = { kind: "person", name: CARD.name, id_number: masked };
  const relation = (of: object, card = CARD) => withCardOf(of as CaseView, collector, card).relation;
  expect(relation({ applicant: person, agent })).toBe("self");
  expect(relation({ applicant: person, agent }, { ...CARD, number: collector.id_number })).toBe("agent");
  expect(relation({ applicant: { ...person, id_number: "1" }, agent: null })).toBe("agent");
  const organisation = {
    kind: "organisation",
    name: "公司",
    id_number: "9",
    legal_representative: CARD.name,
  };
  expect(relation({ applicant: organisation, agent: null })).toBe("representative");
  const stands = { ...collector, relation: "representative" as const };
  const stranger = { ...CARD, name: "司马青" };
  expect(withCardOf({ applicant: organisation } as CaseView, stands, stranger).relation).toBe("agent");
  const unnamed = { ...organisation, legal_representative: null };
  expect(withCardOf({ applicant: unnamed } as unknown as CaseView, stands, stranger).relation).toBe(
    "representative",
  );
});

test("the applicant's papers are not taken under another number", () => {
  const person = { kind: "person", name: "李代办", id_number: "1101**********002X" };
  const of = { applicant: person, agent: null } as unknown as CaseView;
  const self = { ...collector, relation: "self" as const };
  expect(openField(of, self, TODAY)).toBeNull();
  expect(openField(of, { ...self, id_number: "11010519900307283X" }, TODAY)).toBe("id_number");
});
