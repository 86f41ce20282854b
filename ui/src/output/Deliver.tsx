import { Button, Input, Radio } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { deliverCase } from "../api/hall-calls";
import type { CaseView, Collector, CollectorRelation } from "../api/types";
import { useCaseChanged } from "../cases/queries";
import { focusScanBox } from "../cases/ScanBox";
import { useDraft } from "../shared/draft";
import { useCurrentSession } from "../session/useSession";
import { Field } from "../shared/Field";
import { bareNumber, citizenIdFault } from "../shared/identity";
import { Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";

const FIELDS = { name: "collector-name", id_number: "collector-id", note: "collector-note" } as const;

/** Who collects the papers. The applicant's own name is there already; the number is read from the card. */
export function Deliver({ of: view, onCancel }: { of: CaseView; onCancel: () => void }) {
  const { t } = useTranslation();
  const changed = useCaseChanged();
  const { today } = useCurrentSession();
  const person = view.applicant?.kind === "person" ? view.applicant : null;
  const own = person?.name ?? "";
  const [collector, change, drop] = useDraft<Collector>(`hall.deliver.${view.id}`, () => ({
    name: own,
    id_number: "",
    relation: person ? "self" : "agent",
  }));
  const held = view.originals.filter((original) => !original.fate);
  const [returned, setReturned] = useState<ReadonlySet<string>>(new Set());
  const [insist, setInsist] = useState(false);
  const deliver = useCommand(
    deliverCase,
    (delivered) => {
      drop();
      changed(delivered);
      focusScanBox();
    },
    () => changed(),
  );
  useEffect(() => document.getElementById(own ? FIELDS.id_number : FIELDS.name)?.focus(), [own]);

  const set = (part: Partial<Collector>) => {
    deliver.clear();
    change((before) => ({ ...before, ...part }));
  };
  const refused = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (deliver.problem) refused.current?.scrollIntoView({ block: "nearest" });
  }, [deliver.problem]);
  const nameMissing = !collector.name.trim();
  const idFault = collector.id_number.trim() ? citizenIdFault(collector.id_number, today) : "required";
  const typed = bareNumber(collector.id_number).length;
  const shownFault = idFault && (insist || typed >= 18) ? idFault : null;
  const submit = () => {
    setInsist(true);
    if (nameMissing) return document.getElementById(FIELDS.name)?.focus();
    if (idFault) return document.getElementById(FIELDS.id_number)?.focus();
    const note = collector.note?.trim();
    void deliver.run({
      id: view.id,
      version: view.version,
      collector: {
        name: collector.name.trim(),
        id_number: bareNumber(collector.id_number),
        relation: collector.relation,
        ...(note ? { note } : {}),
      },
      originals: {
        returned: held.map(({ code }) => code).filter((code) => returned.has(code)),
        archived: held.map(({ code }) => code).filter((code) => !returned.has(code)),
      },
    });
  };
  useShortcut("submit", submit);

  const labels: Record<string, string> = {
    name: t("deliver.name"),
    id_number: t("deliver.idNumber"),
    note: t("deliver.note"),
    relation: t("deliver.relation"),
  };
  return (
    <Section title={t("deliver.title")}>
      <Radio.Group
        className="deliver-relation"
        optionType="button"
        buttonStyle="solid"
        aria-label={t("deliver.relation")}
        value={collector.relation}
        onChange={(event) => {
          const relation = event.target.value as CollectorRelation;
          set({
            relation,
            name: relation === "self" ? own || collector.name : collector.name === own ? "" : collector.name,
          });
        }}
        options={(["self", "agent"] as const).map((value) => ({ value, label: t(`relation.${value}`) }))}
      />
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          id={FIELDS.name}
          label={t("deliver.name")}
          required
          fault={insist && nameMissing ? t("field.required") : null}
        >
          <Input
            id={FIELDS.name}
            data-testid={FIELDS.name}
            autoComplete="off"
            value={collector.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <Field
          id={FIELDS.id_number}
          label={t("deliver.idNumber")}
          required
          fault={
            shownFault &&
            (shownFault === "required" ? t("field.required") : t(`identity.person.${shownFault}`))
          }
          hint={
            typed > 0 ? (
              <span className={idFault ? "quiet" : "good"}>
                {idFault ? t("applicant.digits", { length: typed, of: 18 }) : t("applicant.numberRight")}
              </span>
            ) : (
              person && t("deliver.idHint", { id: person.id_number })
            )
          }
        >
          <Input
            id={FIELDS.id_number}
            data-testid={FIELDS.id_number}
            className="number"
            autoComplete="off"
            value={collector.id_number}
            onChange={(event) => set({ id_number: event.target.value })}
          />
        </Field>
        <Field
          id={FIELDS.note}
          label={t("deliver.note")}
          hint={collector.relation === "agent" ? t("deliver.noteHint") : undefined}
          className="field-wide"
        >
          <Input
            id={FIELDS.note}
            data-testid={FIELDS.note}
            autoComplete="off"
            maxLength={200}
            value={collector.note ?? ""}
            onChange={(event) => set({ note: event.target.value })}
          />
        </Field>
        {held.length > 0 && (
          <fieldset className="field-wide originals">
            <legend>{t("originals.title")}</legend>
            <p className="quiet">{t("originals.hint")}</p>
            {held.map(({ code, name }) => (
              <Radio.Group
                key={code}
                aria-label={name}
                value={returned.has(code) ? "returned" : "archived"}
                onChange={(event) => {
                  const back = event.target.value === "returned";
                  setReturned((before) => {
                    const after = new Set(before);
                    if (back) after.add(code);
                    else after.delete(code);
                    return after;
                  });
                }}
              >
                <span lang="zh-CN">{name}</span>
                <Radio value="archived">{t("originals.archived")}</Radio>
                <Radio value="returned" data-testid={`original-returned-${code}`}>
                  {t("originals.returned")}
                </Radio>
              </Radio.Group>
            ))}
          </fieldset>
        )}
        <div className="field-wide" ref={refused}>
          <Problem
            of={deliver.problem}
            nameOf={(pointer) => labels[pointer.split("/").at(-1) ?? ""]}
            onRetry={deliver.problem?.uncertain ? () => void deliver.retry() : undefined}
          />
        </div>
        <div className="buttons field-wide">
          <Button
            type="primary"
            size="large"
            htmlType="submit"
            loading={deliver.busy}
            data-testid="deliver-submit"
          >
            {t("deliver.submit")} <kbd>Ctrl+Enter</kbd>
          </Button>
          <Button
            size="large"
            onClick={() => {
              drop();
              onCancel();
            }}
          >
            {t("cancel")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
