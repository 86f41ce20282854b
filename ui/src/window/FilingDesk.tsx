import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { readItem, takeFiling } from "../api/hall-calls";
import type { ItemView } from "../api/types";
import { caseQuery } from "../cases/queries";
import { useDraft, writeDraft } from "../shared/draft";
import { Loaded, PageHeading, Section } from "../shared/Page";
import { fieldElement, SchemaForm } from "../shared/SchemaForm";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import { ApplicantBlock, applicantElement } from "./ApplicantBlock";
import { Checklist } from "./Checklist";
import { filingOf, gapsOf, isTouched, newDraft, placeOf, type Draft, type Gap } from "./filing";
import { ChosenItem } from "./ChosenItem";
import { ItemSearch } from "./ItemSearch";
import { MaterialRows, materialElement } from "./MaterialRows";
import { Taken } from "./Taken";

interface Props {
  id: string;
  onNext: () => void;
}

/** One sitting: from the item that is asked for to the number that is said aloud. */
export function FilingDesk({ id, onNext }: Props) {
  const { t } = useTranslation();
  const [draft, change] = useDraft<Draft>(`filing.${id}`, () => newDraft(id));
  return (
    <>
      <PageHeading title={t("window.title")} hidden />
      {draft.taken ? (
        <Taken caseId={draft.case} onNext={onNext} />
      ) : (
        <Intake draft={draft} change={change} onNext={onNext} />
      )}
    </>
  );
}

interface IntakeProps {
  draft: Draft;
  change: (alter: (before: Draft) => Draft) => void;
  onNext: () => void;
}

function Intake({ draft, change, onNext }: IntakeProps) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const queries = useQueryClient();
  const [showAll, setShowAll] = useState(false);
  const [uploading, setUploading] = useState<ReadonlySet<string>>(new Set());
  const item = useQuery({
    queryKey: ["hall", "item", draft.item],
    queryFn: () => readItem(draft.item ?? ""),
    enabled: draft.item !== null,
    staleTime: Infinity,
  });
  const gaps = useMemo(() => gapsOf(draft, item.data, uploading), [draft, item.data, uploading]);
  const justPicked = useRef(false);

  useEffect(() => {
    if (!item.data || !justPicked.current) return;
    justPicked.current = false;
    applicantElement("name")?.focus();
  }, [item.data]);

  // The draft on the disk says "taken" before anything is drawn, so that a reload shows the number again.
  const take = useCommand(takeFiling, ({ cases }) => {
    for (const view of cases) queries.setQueryData(caseQuery(view.id).queryKey, view);
    writeDraft(`filing.${draft.filing}`, { ...draft, taken: true });
    change((before) => ({ ...before, taken: true }));
  });

  const pick = (code: string) => {
    justPicked.current = true;
    change((before) => (before.item === code ? before : { ...before, item: code, form: {}, materials: {} }));
  };
  const submit = () => {
    if (gaps.length || !item.data) {
      setShowAll(true);
      if (gaps[0]) focusGap(gaps[0]);
      return;
    }
    void take.run(filingOf(draft, item.data)).then((filing) => {
      // The item may have been published anew: the next try goes with what holds now.
      if (!filing) void queries.invalidateQueries({ queryKey: ["hall", "item", draft.item] });
    });
  };
  const startOver = () => {
    if (!isTouched(draft)) return onNext();
    void modal.confirm({
      title: t("window.dropTitle"),
      content: t("window.dropWords"),
      okText: t("window.drop"),
      cancelText: t("cancel"),
      onOk: onNext,
    });
  };
  useShortcut("submit", submit);
  useShortcut("next", startOver);

  const nameOf = (view: ItemView) => (pointer: string) => {
    const place = placeOf(pointer, draft, view);
    if (!place) return undefined;
    return "title" in place ? place.title : t(`applicantField.${draft.applicant.kind}.${place.applicant}`);
  };

  return (
    <div className="desk-columns">
      <div>
        <Section
          title={t("window.item")}
          aside={
            draft.item && (
              <Button size="small" onClick={() => change((before) => ({ ...before, item: null }))}>
                {t("window.changeItem")}
              </Button>
            )
          }
        >
          {draft.item ? (
            <Loaded query={item}>{(view) => <ChosenItem of={view} />}</Loaded>
          ) : (
            <ItemSearch onPick={pick} />
          )}
        </Section>
        {item.data && (
          <>
            <ApplicantBlock
              applicant={draft.applicant}
              gaps={gaps}
              showAll={showAll}
              onChange={(applicant) =>
                change((before) => ({ ...before, applicant: { ...before.applicant, ...applicant } }))
              }
            />
            <Section title={t("window.form")}>
              <SchemaForm
                schema={item.data.form_schema}
                uiSchema={item.data.ui_schema}
                data={draft.form}
                showAll={showAll}
                onChange={(data) => change((before) => ({ ...before, form: data }))}
              />
            </Section>
            <Section title={t("window.materials")}>
              <MaterialRows
                of={item.data.materials}
                handed={draft.materials}
                onChange={(code, material) =>
                  change((before) => ({ ...before, materials: { ...before.materials, [code]: material } }))
                }
                onUploading={(code, busy) =>
                  setUploading(
                    (before) => new Set(busy ? [...before, code] : [...before].filter((one) => one !== code)),
                  )
                }
              />
            </Section>
          </>
        )}
      </div>
      <Checklist
        gaps={gaps}
        busy={take.busy}
        problem={take.problem}
        nameOf={item.data && nameOf(item.data)}
        onGap={focusGap}
        onSubmit={submit}
        onRetry={() => void take.retry()}
        onStartOver={startOver}
      />
    </div>
  );
}

function focusGap(gap: Gap) {
  const element =
    gap.part === "item"
      ? document.querySelector<HTMLElement>("[data-testid=item-search]")
      : gap.part === "applicant"
        ? applicantElement(gap.field)
        : gap.part === "form"
          ? fieldElement(gap.pointer)
          : materialElement(gap.code);
  element?.scrollIntoView({ block: "center" });
  const field = element?.matches("input, textarea, button, select")
    ? element
    : element?.querySelector<HTMLElement>("input, textarea, button, select");
  field?.focus({ preventScroll: true });
}
