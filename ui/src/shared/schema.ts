/**
 * Forms are data. Checking is done by an interpreter (`@cfworker/json-schema`), because the usual compiler makes
 * code from text and the content security policy forbids that.
 */
import { Validator } from "@cfworker/json-schema";
import type { Json } from "../api/types";

/** What can be wrong with a field. */
export type FormFault =
  | "required"
  | "wrong-type"
  | "too-short"
  | "too-long"
  | "too-small"
  | "too-large"
  | "pattern"
  | "not-one-of"
  | "wrong-date"
  | "unknown-field";

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
  minItems: "too-short",
  maxLength: "too-long",
  maxItems: "too-long",
  minimum: "too-small",
  exclusiveMinimum: "too-small",
  maximum: "too-large",
  exclusiveMaximum: "too-large",
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
  return faults;
}

/** A required text that is empty is missing; a date that is no date says so; limits are named. */
function refine(fault: FieldFault, keyword: string, schema: Json): FieldFault {
  const field = schemaAt(schema, fault.pointer);
  const empty = !fault.value || (Array.isArray(fault.value) && fault.value.length === 0);
  if ((keyword === "minLength" || keyword === "minItems") && empty) return { ...fault, code: "required" };
  if (keyword === "format" && String(field?.format).startsWith("date"))
    return { ...fault, code: "wrong-date" };
  const limit = field?.[keyword];
  return typeof limit === "number" ? { ...fault, params: { min: limit, max: limit } } : fault;
}

const steps = (pointer: string) =>
  pointer
    .split("/")
    .slice(1)
    .map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

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

export interface SchemaRow {
  pointer: string;
  title: string;
  value: unknown;
  depth: number;
  group: boolean;
}

/** The filled form as rows in the order of its schema; fields without a schema come last, under their own names. */
export function rowsOf(root: Json, data: Json): SchemaRow[] {
  return rowsUnder(root, root, data, "", 0);
}

function rowsUnder(root: Json, schema: Json, data: Json, pointer: string, depth: number): SchemaRow[] {
  const properties = propertiesOf(root, schema);
  const names = [...new Set([...Object.keys(properties), ...Object.keys(data)])];
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
          entry as Json,
          `${here}/${index}`,
          depth + 1,
        ),
      ]);
    }
    if (isObject(value) && !Array.isArray(value)) {
      const group = { pointer: here, title, value: null, depth, group: true };
      return [group, ...rowsUnder(root, field ?? {}, value, here, depth + 1)];
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
