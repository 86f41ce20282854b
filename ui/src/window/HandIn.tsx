import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { handInSupplement } from "../api/hall-calls";
import type { CaseView, ItemView } from "../api/types";
import { isNoDay } from "../shared/day";
import { useDraft } from "../shared/draft";
import { Loaded, Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { SchemaForm } from "../shared/SchemaForm";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import type { HandedMaterial } from "./filing";
import { materialElement, MaterialRows } from "./MaterialRows";
import { Points } from "./Points";
import { itemOfCaseQuery, useCaseChanged } from "../cases/queries";
import { askedOf, supplementOf, type Supplement } from "./supplement";

/** What the applicant was told is missing is here: which of it, its files, and what was looked at (补正). */
export function HandIn({ of: view }: { of: CaseView }) {
  return (
    <Loaded query={useQuery(itemOfCaseQuery(view.id))}>{(item) => <Supplied of={view} item={item} />}</Loaded>
  );
}

function Supplied({ of: view, item }: { of: CaseView; item: ItemView }) {
  const { t } = useTranslation();
  const changed = useCaseChanged();
  const [draft, change, drop] = useDraft<Supplement>(`hall.supplement.${view.id}.${view.version}`, () => ({
    materials: {},
    ticked: [],
    form: null,
  }));
  const [insist, setInsist] = useState(false);
  const [uploading, setUploading] = useState<ReadonlySet<string>>(new Set());
  const send = useCommand(
    handInSupplement,
    (after) => {
      drop();
      changed(after);
    },
    () => changed(),
  );
  const asked = askedOf(view, item, draft);
  const noDays = asked.materials
    .filter(({ code }) => isNoDay(draft.materials[code]?.dated))
    .map(({ code, name }) => {
      const params = { name: t("materials.dated"), value: draft.materials[code]?.dated };
      return { part: "material" as const, code, name, fault: { code: "wrong-date", params, refused: true } };
    });
  const tick = (code: string, met: boolean) =>
    change((before) => ({
      ...before,
      ticked: met ? [...before.ticked, code] : before.ticked.filter((one) => one !== code),
    }));
  const hand = (code: string, alter: (before: HandedMaterial | undefined) => HandedMaterial) =>
    change((before) => ({
      ...before,
      materials: { ...before.materials, [code]: alter(before.materials[code]) },
    }));
  const submit = () => {
    if (uploading.size || send.busy) return;
    setInsist(true);
    if (noDays[0]) return materialElement(noDays[0].code, "dated")?.focus();
    void send.run({ id: view.id, version: view.version, body: supplementOf(draft, item, asked) });
  };
  useShortcut("submit", submit);
  const toField = () => document.querySelector<HTMLElement>(".hand-in .schema-form input")?.focus();
  const nameOf = (pointer: string) => {
    const code = /^\/points\/(.+)$/.exec(pointer)?.[1];
    const point = [...asked.own, ...asked.points].find((one) => one.point.code === code);
    return point?.point.text;
  };
  return (
    <Section className="hand-in" title={t("handIn.title")}>
      <p className="quiet">{t("handIn.words")}</p>
      <MaterialRows
        // What is on its way for one notice is nothing of the next.
        key={`${view.id} ${view.version}`}
        of={asked.materials}
        notAsked={[]}
        handed={draft.materials}
        points={asked.points}
        schema={item.form_schema}
        gaps={insist ? noDays : []}
        onChange={hand}
        onUploading={(code, busy) =>
          setUploading(
            (before) => new Set(busy ? [...before, code] : [...before].filter((one) => one !== code)),
          )
        }
        onTick={tick}
        onField={toField}
      />
      {asked.own.length > 0 && (
        <>
          <h3>{t("handIn.further")}</h3>
          <Points of={asked.own} schema={item.form_schema} onTick={tick} onField={toField} />
        </>
      )}
      {draft.form ? (
        <>
          <h3>{t("window.form")}</h3>
          <SchemaForm
            schema={item.form_schema}
            uiSchema={item.ui_schema}
            data={draft.form}
            showAll
            refused={[]}
            onChange={(form) => change((before) => ({ ...before, form }))}
          />
          <Button size="small" onClick={() => change((before) => ({ ...before, form: null }))}>
            {t("handIn.keepForm")}
          </Button>
        </>
      ) : (
        view.form && (
          <Button
            size="small"
            onClick={() => change((before) => ({ ...before, form: view.form ?? null }))}
            data-testid="hand-in-form"
          >
            {t("handIn.changeForm")}
          </Button>
        )
      )}
      <Problem
        of={send.problem}
        nameOf={nameOf}
        onRetry={send.problem?.uncertain ? () => void send.retry() : undefined}
      />
      <p className="hand-in-foot">
        <Button type="primary" loading={send.busy} onClick={submit} data-testid="hand-in-submit">
          {t("handIn.submit")} <kbd>Ctrl+Enter</kbd>
        </Button>
      </p>
    </Section>
  );
}
