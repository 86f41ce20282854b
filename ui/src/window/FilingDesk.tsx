import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "../api/failure";
import { readItem, takeFiling } from "../api/hall-calls";
import type { ItemView } from "../api/types";
import { caseQuery } from "../cases/queries";
import { useCurrentSession } from "../session/useSession";
import { useDraft, writeDraft } from "../shared/draft";
import { Loaded, PageHeading, Section } from "../shared/Page";
import { fieldElement, SchemaForm } from "../shared/SchemaForm";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import { ApplicantBlock, applicantElement } from "./ApplicantBlock";
import { Checklist } from "./Checklist";
import {
  filingOf,
  gapsOf,
  isTouched,
  newDraft,
  placeOf,
  stillRefused,
  type Draft,
  type Gap,
  type Refusal,
} from "./filing";
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
  const [draft, change] = useDraft<Draft>(`hall.filing.${id}`, () => newDraft(id));
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
  const justPicked = useRef(false);

  useEffect(() => {
    if (!item.data || !justPicked.current) return;
    justPicked.current = false;
    applicantElement("name")?.focus();
  }, [item.data]);

  // The draft on the disk says "taken" before anything is drawn, so that a reload shows the number again.
  const take = useCommand(takeFiling, ({ cases }) => {
    for (const view of cases) queries.setQueryData(caseQuery(view.id).queryKey, view);
    writeDraft(`hall.filing.${draft.filing}`, { ...draft, taken: true });
    change((before) => ({ ...before, taken: true }));
  });
  const { today } = useCurrentSession();
  const [sent, setSent] = useState<Draft | null>(null);
  const { problem } = take;
  const refusal = useMemo(
    () => (problem && sent ? { errors: problem.errors, draft: sent } : null),
    [problem, sent],
  );
  const gaps = useMemo(
    () => gapsOf(draft, item.data, uploading, today, refusal),
    [draft, item.data, uploading, today, refusal],
  );
  const answered = useRef<Failure | null>(null);
  useEffect(() => {
    if (answered.current === problem) return;
    answered.current = problem;
    const refused = gaps.find((gap) => gap.part !== "item" && gap.fault.refused);
    if (refused) focusGap(refused);
  }, [problem, gaps]);

  const pick = (code: string) => {
    justPicked.current = true;
    change((before) => (before.item === code ? before : { ...before, item: code, form: {}, materials: {} }));
  };
  const submit = () => {
    if (take.busy) return;
    if (gaps.length || !item.data) {
      setShowAll(true);
      if (gaps[0]) focusGap(gaps[0]);
      return;
    }
    setSent(draft);
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

  const nameOf = (pointer: string) => {
    const place = item.data && placeOf(pointer, sent ?? draft, item.data);
    if (!place) return undefined;
    if (place.part === "applicant") return t(`applicantField.${draft.applicant.kind}.${place.field}`);
    return place.part === "form" ? place.title : place.name;
  };
  const refused = gaps.flatMap((gap) =>
    gap.part === "form" && gap.fault.refused ? [{ pointer: gap.pointer, ...gap.fault }] : [],
  );

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
                refused={refused}
                onChange={(data) => change((before) => ({ ...before, form: data }))}
              />
            </Section>
            <Section title={t("window.materials")}>
              <MaterialRows
                of={item.data.materials}
                handed={draft.materials}
                gaps={gaps}
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
        problem={openProblem(problem, refusal, draft, item.data)}
        nameOf={nameOf}
        onGap={focusGap}
        onSubmit={submit}
        onRetry={() => void take.retry()}
        onStartOver={startOver}
      />
    </div>
  );
}

/** What is still to be said of a problem: nothing, when every value that was refused has been changed. */
function openProblem(problem: Failure | null, refusal: Refusal | null, draft: Draft, item?: ItemView) {
  if (!problem?.errors.length || !refusal || !item) return problem;
  const errors = stillRefused(refusal, draft, item).map(({ error }) => error);
  return errors.length ? new Failure(problem.code, problem.status, errors) : null;
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
