/**
 * Forms are data. Checking is done by an interpreter (`@cfworker/json-schema`), because the usual compiler makes
 * code from text and the content security policy forbids that.
 */
import { Validator } from "@cfworker/json-schema";
import type { Json } from "../api/types";
import { hiddenIn } from "./text";

/** What can be wrong with a field. */
export type FormFault =
  | "required"
  | "wrong-type"
  | "too-short"
  | "too-long"
  | "too-few"
  | "too-many"
  | "out-of-range"
  | "not-a-number"
  | "not-an-integer"
  | "pattern"
  | "not-one-of"
  | "wrong-date"
  | "unknown-field"
  | "control-character";

export interface FieldFault {
  pointer: string;
  code: FormFault;
  value: unknown;
  params: Json;
}

const FAULTS: Record<string, FormFault> = {
  required: "required",
  type: "wrong-type",
  minLength: "too-short",
  minItems: "too-few",
  maxLength: "too-long",
  maxItems: "too-many",
  minimum: "out-of-range",
  exclusiveMinimum: "out-of-range",
  maximum: "out-of-range",
  exclusiveMaximum: "out-of-range",
  pattern: "pattern",
  format: "pattern",
  enum: "not-one-of",
  const: "not-one-of",
  anyOf: "not-one-of",
  oneOf: "not-one-of",
  additionalProperties: "unknown-field",
};

const draftOf = (schema: Json) => {
  const name = typeof schema.$schema === "string" ? schema.$schema : "";
  if (name.includes("draft-07")) return "7";
  return name.includes("2019-09") ? "2019-09" : "2020-12";
};

const validators = new WeakMap<Json, Validator>();

function validatorOf(schema: Json): Validator {
  let validator = validators.get(schema);
  if (!validator) {
    validator = new Validator(schema, draftOf(schema), false);
    validators.set(schema, validator);
  }
  return validator;
}

/** Everything wrong with the data, one entry per field and fault. */
export function faultsOf(schema: Json, data: unknown): FieldFault[] {
  // The interpreter takes `undefined` for a present value of no type; data without it is what would be sent.
  const sent: unknown = JSON.parse(JSON.stringify(data ?? {}));
  const seen = new Set<string>();
  const faults: FieldFault[] = [];
  for (const unit of validatorOf(schema).validate(sent).errors) {
    const code = FAULTS[unit.keyword];
    if (!code || /\/(anyOf|oneOf|not)\//.test(unit.keywordLocation)) continue;
    const place = unit.instanceLocation.replace(/^#/, "");
    const field = unit.keyword === "required" ? /"([^"]+)"/.exec(unit.error)?.[1] : undefined;
    const pointer = field === undefined ? place : `${place}/${field}`;
    const fault = refine({ pointer, code, value: at(sent, pointer), params: {} }, unit.keyword, schema);
    if (seen.has(fault.pointer)) continue;
    seen.add(fault.pointer);
    faults.push(fault);
  }
  return [...faults, ...hiddenUnder(sent, "").filter(({ pointer }) => !seen.has(pointer))];
}

/** Texts with characters that nobody sees. */
function hiddenUnder(value: unknown, pointer: string): FieldFault[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([name, inner]) => hiddenUnder(inner, below(pointer, name)));
  }
  const character = typeof value === "string" ? hiddenIn(value, true) : null;
  return character ? [{ pointer, code: "control-character", value, params: { character } }] : [];
}

/** A required text that is empty is missing; a number or date that is none says so; limits are named. */
function refine(fault: FieldFault, keyword: string, schema: Json): FieldFault {
  const field = schemaAt(schema, fault.pointer);
  const empty = !fault.value || (Array.isArray(fault.value) && fault.value.length === 0);
  if ((keyword === "minLength" || keyword === "minItems") && empty) return { ...fault, code: "required" };
  if (keyword === "format" && String(field?.format).startsWith("date"))
    return { ...fault, code: "wrong-date" };
  if (field?.type === "number" || field?.type === "integer") {
    const params = {
      above: field.exclusiveMinimum,
      least: field.minimum,
      below: field.exclusiveMaximum,
      most: field.maximum,
    };
    const wrongType = typeof fault.value === "number" ? "not-an-integer" : "not-a-number";
    return { ...fault, code: keyword === "type" ? wrongType : fault.code, params };
  }
  const limit = field?.[keyword];
  return typeof limit === "number" ? { ...fault, params: { min: limit, max: limit } } : fault;
}

const steps = (pointer: string) =>
  pointer
    .split("/")
    .slice(1)
    .map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));

const below = (pointer: string, name: string) =>
  `${pointer}/${name.replace(/~/g, "~0").replace(/\//g, "~1")}`;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;
const isRecord = (value: unknown): value is Json => isObject(value) && !Array.isArray(value);

export function at(data: unknown, pointer: string): unknown {
  return steps(pointer).reduce<unknown>((value, step) => (isObject(value) ? value[step] : undefined), data);
}

/** The schema of a field, through references, arrays and conditions. */
export function schemaAt(root: Json, pointer: string): Json | undefined {
  return steps(pointer).reduce<Json | undefined>((schema, step) => schema && child(root, schema, step), root);
}

function child(root: Json, schema: Json, step: string): Json | undefined {
  const here = resolve(root, schema);
  const properties = here.properties;
  if (isObject(properties) && isObject(properties[step])) return resolve(root, properties[step]);
  if (/^\d+$/.test(step) && isObject(here.items)) return resolve(root, here.items);
  const branches = [here.then, here.else, ...[here.allOf, here.anyOf, here.oneOf].flat()].filter(isObject);
  for (const branch of branches) {
    const found = child(root, branch, step);
    if (found) return found;
  }
  return undefined;
}

function resolve(root: Json, schema: Json): Json {
  if (typeof schema.$ref !== "string") return schema;
  const target = at(root, schema.$ref.replace(/^#/, ""));
  return isObject(target) ? { ...resolve(root, target), ...without(schema, "$ref") } : schema;
}

function without(object: Json, key: string): Json {
  const rest = { ...object };
  delete rest[key];
  return rest;
}

/** The title of a field as its form names it. */
export function titleAt(schema: Json, pointer: string): string | undefined {
  const title = schemaAt(schema, pointer)?.title;
  return typeof title === "string" ? title : undefined;
}

/** The data without the lists that must have an entry and have none: they are not filled in yet. */
export function withoutUnfilled(root: Json, data: Json): Json {
  return filledUnder(root, root, data);
}

function filledUnder(root: Json, schema: Json, data: Json): Json {
  const properties = propertiesOf(root, schema);
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => {
      const field = properties[name];
      if (!field) return [[name, value]];
      if (Array.isArray(value)) {
        if (!value.length && Number(field.minItems) > 0) return [];
        const entry = resolve(root, (field.items ?? {}) as Json);
        return [[name, value.map((one: unknown) => (isRecord(one) ? filledUnder(root, entry, one) : one))]];
      }
      return [[name, isRecord(value) ? filledUnder(root, field, value) : value]];
    }),
  );
}

/** Faults in the order in which the form shows their fields. */
export function inFormOrder<T extends { pointer: string }>(root: Json, ui: Json, faults: T[]): T[] {
  return faults
    .map((fault) => ({ fault, place: placeOf(root, ui, fault.pointer) }))
    .sort((a, b) => {
      const level = a.place.findIndex((at, index) => at !== b.place[index]);
      return level < 0 ? a.place.length - b.place.length : a.place[level]! - (b.place[level] ?? -1);
    })
    .map(({ fault }) => fault);
}

/** Where a field stands, level by level. */
function placeOf(root: Json, ui: Json, pointer: string): number[] {
  let schema: Json | undefined = root;
  let layout: Json | undefined = ui;
  return steps(pointer).map((step) => {
    const names = schema ? Object.keys(propertiesOf(root, schema)) : [];
    const place = /^\d+$/.test(step) ? Number(step) : placeIn(orderOf(layout, names), step);
    schema = schema && child(root, schema, step);
    layout = layoutOf(layout, step);
    return place;
  });
}

/** The order that a layout names, or else that of the schema. */
const orderOf = (layout: Json | undefined, names: string[]): unknown[] =>
  Array.isArray(layout?.["ui:order"]) ? (layout["ui:order"] as unknown[]) : names;

/** What is not named stands at the asterisk, or at the end. */
function placeIn(order: unknown[], name: string): number {
  const place = order.indexOf(name);
  if (place >= 0) return place;
  return order.includes("*") ? order.indexOf("*") : order.length;
}

function layoutOf(layout: Json | undefined, step: string): Json | undefined {
  const inner = layout?.[step] ?? layout?.items;
  return isObject(inner) ? inner : undefined;
}

export interface SchemaRow {
  pointer: string;
  title: string;
  value: unknown;
  depth: number;
  group: boolean;
}

/** The filled form as rows in the order in which it is filled in; fields without a schema come last, under their own names. */
export function rowsOf(root: Json, ui: Json, data: Json): SchemaRow[] {
  return rowsUnder(root, root, ui, data, "", 0);
}

function rowsUnder(
  root: Json,
  schema: Json,
  layout: Json | undefined,
  data: Json,
  pointer: string,
  depth: number,
): SchemaRow[] {
  const properties = propertiesOf(root, schema);
  const known = Object.keys(properties);
  const order = orderOf(layout, known);
  const ordered = [...known].sort((a, b) => placeIn(order, a) - placeIn(order, b));
  const names = [...new Set([...ordered, ...Object.keys(data)])];
  return names.flatMap((name) => {
    const value = data[name];
    if (value === undefined || value === null || value === "") return [];
    const field = properties[name];
    const title = typeof field?.title === "string" ? field.title : name;
    const here = `${pointer}/${name}`;
    if (Array.isArray(value) && value.some(isObject)) {
      return value.flatMap((entry, index) => [
        { pointer: `${here}/${index}`, title: `${title} ${index + 1}`, value: null, depth, group: true },
        ...rowsUnder(
          root,
          resolve(root, (field?.items ?? {}) as Json),
          layoutOf(layoutOf(layout, name), "items"),
          entry as Json,
          `${here}/${index}`,
          depth + 1,
        ),
      ]);
    }
    if (isObject(value) && !Array.isArray(value)) {
      const group = { pointer: here, title, value: null, depth, group: true };
      return [group, ...rowsUnder(root, field ?? {}, layoutOf(layout, name), value, here, depth + 1)];
    }
    return [{ pointer: here, title, value: spoken(field, value), depth, group: false }];
  });
}

function propertiesOf(root: Json, schema: Json): Record<string, Json> {
  const here = resolve(root, schema);
  const own = isObject(here.properties) ? here.properties : {};
  const found: Record<string, Json> = Object.fromEntries(
    Object.entries(own).flatMap(([name, field]) => (isObject(field) ? [[name, resolve(root, field)]] : [])),
  );
  const branches = [here.then, here.else, ...[here.allOf, here.anyOf, here.oneOf].flat()].filter(isObject);
  return branches.reduce<Record<string, Json>>(
    (all, branch) => ({ ...propertiesOf(root, branch), ...all }),
    found,
  );
}

/** A coded value as the form calls it. */
function spoken(field: Json | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => spoken(field?.items as Json | undefined, one));
  const choices = [field?.oneOf, field?.anyOf].flat().filter(isObject);
  const choice = choices.find((one) => one.const === value);
  if (typeof choice?.title === "string") return choice.title;
  const values = field?.enum;
  const names = field?.enumNames;
  if (Array.isArray(values) && Array.isArray(names))
    return (names[values.indexOf(value)] as unknown) ?? value;
  return value;
}
