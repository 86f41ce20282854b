import { Theme as AntdTheme } from "@rjsf/antd";
import { withTheme } from "@rjsf/core";
import {
  createErrorHandler,
  toErrorSchema,
  unwrapErrorHandler,
  type ErrorSchema,
  type UiSchema,
  type ValidatorType,
} from "@rjsf/utils";
import { useMemo, useState } from "react";
import type { FieldProblem, Json } from "../api/types";
import { faultsOf, withoutUnfilled, type FieldFault } from "./schema";
import { NumberField, SCHEMA_WIDGETS } from "./SchemaInputs";
import { useFaultWords, useRefusalWords } from "./words";

const Themed = withTheme<Json>(AntdTheme as object);

type Say = (fault: FieldFault) => string;

const errorAt = (pointer: string, message: string) => ({
  property: pointer.replace(/\//g, "."),
  message,
  stack: message,
});

const listOf = (faults: FieldFault[], say: Say) => faults.map((fault) => errorAt(fault.pointer, say(fault)));

/** rjsf's validator on top of the interpreter of `schema.ts`, with the words of the page's language. */
function validatorSaying(say: Say): ValidatorType<Json> {
  return {
    validateFormData(formData, schema, customValidate) {
      const errors = listOf(faultsOf(schema, formData), say);
      const errorSchema = toErrorSchema<Json>(errors);
      if (!customValidate) return { errors, errorSchema };
      const handler = customValidate(formData, createErrorHandler<Json>(formData ?? {}));
      return { errors, errorSchema: { ...errorSchema, ...unwrapErrorHandler<Json>(handler) } };
    },
    isValid(schema, formData, rootSchema) {
      const { $defs, definitions } = rootSchema as Json;
      return faultsOf({ $defs, definitions, ...(schema as Json) }, formData ?? undefined).length === 0;
    },
    rawValidation: (schema, formData) => ({ errors: faultsOf(schema, formData) as never[] }),
  };
}

const FIELDS = { NumberField };
const UI_BASE: UiSchema = { "ui:submitButtonOptions": { norender: true }, "ui:options": { label: false } };
const LAYOUT = {
  colSpan: { object: 24, array: 24, textarea: 24, string: 12, number: 12, integer: 12, boolean: 12 },
};

interface Props {
  schema: Json;
  uiSchema: Json;
  data: Json;
  /** Everything that is wrong is shown; otherwise only what is wrong in fields that have been left. */
  showAll: boolean;
  /** What a service found wrong, by places in the form. */
  refused: FieldProblem[];
  onChange: (data: Json) => void;
}

const elementId = (pointer: string) => `root${pointer.replace(/\//g, "_")}`;

/** A form that is described by data. An empty field is not called wrong before somebody wants to submit. */
export function SchemaForm({ schema, uiSchema, data, showAll, refused, onChange }: Props) {
  const say = useFaultWords(schema);
  const sayRefusal = useRefusalWords();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const validator = useMemo(() => validatorSaying(say), [say]);
  const ui = useMemo(() => ({ ...UI_BASE, ...uiSchema }), [uiSchema]);
  const errors = useMemo((): ErrorSchema<Json> => {
    const found = faultsOf(schema, data).filter(
      ({ pointer, code }) => showAll || (code !== "required" && left.has(elementId(pointer))),
    );
    const told = refused.map((problem) => errorAt(problem.pointer, sayRefusal(problem)));
    return toErrorSchema<Json>([...listOf(found, say), ...told]);
  }, [schema, data, showAll, refused, left, say, sayRefusal]);

  return (
    <div className="schema-form" lang="zh-CN">
      <Themed
        tagName="div"
        schema={schema}
        uiSchema={ui}
        formData={data}
        formContext={LAYOUT}
        validator={validator}
        widgets={SCHEMA_WIDGETS}
        fields={FIELDS}
        extraErrors={errors}
        noValidate
        noHtml5Validate
        showErrorList={false}
        onBlur={(id) => setLeft((before) => (before.has(id) ? before : new Set([...before, id])))}
        // A list in which nothing is chosen would be an answer, also to a rule about what is in it.
        onChange={({ formData }) => onChange(withoutUnfilled(schema, formData ?? {}))}
      />
    </div>
  );
}

/** The element that edits a field of the form. */
export const fieldElement = (pointer: string) => document.getElementById(elementId(pointer));
