import { useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { handInSupplement } from "../api/hall-calls";
import type { CaseView, ItemView } from "../api/types";
import { useDraft } from "../shared/draft";
import { useLanding } from "../shared/focus";
import { Loaded, Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { SchemaForm } from "../shared/SchemaForm";
import { useShortcut } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import { GapWords, keyOf } from "./Checklist";
import { isThere, type Gap, type HandedMaterial, type Place } from "./filing";
import { elementOf, FIELDS, focusOn } from "./goals";
import { withGroupTicked, groupAt } from "./looked";
import { MaterialRows } from "./MaterialRows";
import { Points } from "./Points";
import { itemOfCaseQuery, useCaseChanged } from "../cases/queries";
import {
  askedOf,
  gapsOf,
  placeOf,
  stillRefused,
  supplementOf,
  type Refused,
  type Supplement,
} from "./supplement";
import { useMaterialFirst } from "./useMaterialFirst";
import { usePlaceWords } from "./usePlaceWords";

/** What the applicant was told is missing is here: which of it, its files, and what was looked at (补正). */
export function HandIn({ of: view }: { of: CaseView }) {
  return (
    <Loaded query={useQuery(itemOfCaseQuery(view))}>{(item) => <Supplied of={view} item={item} />}</Loaded>
  );
}

function Supplied({ of: view, item }: { of: CaseView; item: ItemView }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const changed = useCaseChanged();
  const [draft, change, drop] = useDraft<Supplement>(`hall.supplement.${view.id}.${view.version}`, () => ({
    materials: {},
    ticked: [],
    form: null,
  }));
  const materialFirst = useMaterialFirst(item);
  const [insist, setInsist] = useState(false);
  const [uploading, setUploading] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<Refused | null>(null);
  const asking = (of: Supplement) => askedOf(view, item, of, (words) => t("handIn.done", { words }));
  const asked = asking(draft);
  const gaps = gapsOf(view, asked, draft, uploading);
  const send = useCommand(
    handInSupplement,
    (after) => {
      drop();
      changed(after);
      const receipt = after.papers.findLast(({ kind }) => kind === "supplement-receipt");
      const number = receipt?.number;
      void message.success(number ? t("handIn.taken", { number }) : t("handIn.takenIn"));
    },
    ({ errors }) => {
      setRefused({ errors, draft });
      const place = errors.map((error) => placeOf(error, item, draft, asked)).find((one) => one);
      if (place) goTo(place);
      changed();
    },
  );
  const said = send.problem && refused ? stillRefused(refused, item, draft, asked) : [];
  const { problem } = send;
  const shown = !problem?.errors.length
    ? problem
    : said.length
      ? problem.about(said.map(({ error }) => error))
      : null;
  const faults = said.flatMap(({ error, place }) =>
    place ? [{ ...place, fault: { code: error.code, params: error.params, refused: true } }] : [],
  );
  const wrongDates = gaps.flatMap((gap) => {
    if (gap.part !== "material" || gap.fault.code !== "wrong-date") return [];
    const params = { name: t("materials.dated"), value: draft.materials[gap.code]?.dated };
    return [{ ...gap, fault: { code: "wrong-date", params, refused: true } }];
  });
  const rowFaults = [...faults.filter(({ part }) => part === "material"), ...(insist ? wrongDates : [])];
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
  const form = useRef<HTMLDivElement>(null);
  // The button that is pressed goes; the hand goes on where it led.
  const changeForm = () => {
    flushSync(() => change((before) => ({ ...before, form: view.form ?? null })));
    form.current?.querySelector<HTMLElement>(FIELDS)?.focus();
  };
  const keepForm = () => {
    flushSync(() => change((before) => ({ ...before, form: null })));
    document.querySelector<HTMLElement>("[data-testid=hand-in-form]")?.focus();
  };
  const submit = () => {
    if (send.busy) return;
    setInsist(true);
    // Another form may be in another situation, which only the hall knows.
    const [first] = draft.form ? gaps.filter(isUnread) : gaps;
    if (first) return focusOn(first);
    void send.run({ id: view.id, version: view.version, body: supplementOf(draft, item, asked) });
  };
  const nextGap = () => {
    const at = gaps.findIndex((gap) => elementOf(gap)?.contains(document.activeElement));
    const next = gaps[(at + 1) % gaps.length];
    if (next) focusOn(next);
    else submitElement()?.focus();
  };
  const looked = () => {
    const points = [...asked.points, ...asked.own];
    const group = groupAt(document.activeElement, points);
    const here = (code: string) =>
      isThere(draft.materials[code]) || view.materials.some((one) => one.code === code);
    if (group === undefined) return nextGap();
    if (group !== null && !here(group)) return materialFirst(group);
    const ticked = withGroupTicked(draft, points, group);
    flushSync(() => change(() => ticked));
    const [first] = gapsOf(view, asking(ticked), ticked, uploading);
    if (first) focusOn(first);
    else submitElement()?.focus();
  };
  useShortcut("submit", submit);
  useShortcut("gap", nextGap);
  useShortcut("looked", looked);
  useLanding(nextGap, true, view.version);
  const toField = (pointer: string) => focusOn({ part: "form", pointer });
  const placeWords = usePlaceWords("person");
  const nameOf = (pointer: string) => {
    const place = said.find(({ error }) => error.pointer === pointer)?.place;
    return place && placeWords(place);
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
        gaps={rowFaults}
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
          <div ref={form}>
            <SchemaForm
              schema={item.form_schema}
              uiSchema={item.ui_schema}
              data={draft.form}
              showAll
              refused={faults.flatMap((one) =>
                one.part === "form" ? [{ pointer: one.pointer, ...one.fault }] : [],
              )}
              onChange={(form) => change((before) => ({ ...before, form }))}
            />
          </div>
          <Button size="small" onClick={keepForm} data-testid="hand-in-keep-form">
            {t("handIn.keepForm")}
          </Button>
        </>
      ) : (
        view.form && (
          <Button size="small" onClick={changeForm} data-testid="hand-in-form">
            {t("handIn.changeForm")}
          </Button>
        )
      )}
      {insist && gaps.length > 0 && (
        <ul className="plain-list hand-in-gaps" aria-label={t("window.checklist")}>
          {gaps.map((gap) => (
            <li key={keyOf(gap)}>
              <button type="button" className="gap" onClick={() => focusOn(gap)}>
                <GapWords of={gap} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Problem
        of={shown}
        nameOf={nameOf}
        onRetry={send.problem?.uncertain ? () => void send.retry() : undefined}
      />
      <p className="hand-in-foot">
        <Button type="primary" loading={send.busy} onClick={submit} data-testid="hand-in-submit">
          {t("handIn.submit")} <kbd>Ctrl+Enter</kbd>
        </Button>
        <span role="status" data-testid="hand-in-missing">
          {gaps.length ? t("window.missing", { count: gaps.length }) : t("window.complete")}
        </span>
        {gaps.length > 0 && (
          <Button size="small" onClick={nextGap}>
            {t("window.nextGap")} <kbd>F8</kbd>
          </Button>
        )}
      </p>
    </Section>
  );
}

const submitElement = () => document.querySelector<HTMLElement>("[data-testid=hand-in-submit]");

/** What cannot be sent at all, whatever the form says. */
const isUnread = (gap: Gap) =>
  gap.part === "material" && ["uploading", "wrong-date"].includes(gap.fault.code);

/** Where the hall found something, unless the page does not show it. */
const goTo = (place: Place) => focusOn({ ...place, fault: { code: "refused" } });
