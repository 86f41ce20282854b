import { Button, Radio } from "antd";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { accountOriginals } from "../api/hall-calls";
import type { CaseView, Collector } from "../api/types";
import { desksOf, useCurrentSession } from "../session/useSession";
import { enterGoesOn, neverByItself } from "../shared/enter";
import { Section } from "../shared/Page";
import { Problem } from "../shared/Problem";
import { isEnter } from "../shared/shortcuts";
import { useCommand } from "../shared/useCommand";
import {
  CollectorFields,
  collectorId,
  firstCollector,
  focusRefused,
  openField,
  related,
  relationsOf,
  tidied,
  Ways,
} from "./CollectorFields";
import { useCaseChanged } from "./queries";

const PREFIX = "receiver";
type Fate = "held" | "returned" | "archived";

/** The originals that the hall has taken, and what became of each (原件去向). */
export function Originals({ of: view }: { of: CaseView }) {
  const { t } = useTranslation();
  const mayAccount = desksOf("hall", useCurrentSession()).includes("output");
  if (!view.originals.length) return null;
  const held = view.originals.filter(({ fate }) => !fate);
  // Before it ends, originals go with the hand-over.
  const ended = view.state === "withdrawn" || view.state === "delivered";
  const accounts = ended && held.length > 0 && mayAccount;
  return (
    <Section title={t("originals.title")}>
      <ul className="plain-list" data-testid="originals">
        {view.originals
          .filter(({ fate }) => fate || !accounts)
          .map(({ code, name, fate, receiver }) => (
            <li key={code} className="original">
              <span lang="zh-CN">{name}</span>{" "}
              <b className={fate ? "quiet" : undefined}>
                {t(`originals.fate.${(fate ?? "held") as Fate}`)}
                {receiver && t("originals.to", { name: receiver })}
              </b>
            </li>
          ))}
      </ul>
      {accounts && <Account key={held.length} of={view} />}
    </Section>
  );
}

/** Returns or files what is still held. The case is closed with the last one. */
function Account({ of: view }: { of: CaseView }) {
  const { t } = useTranslation();
  const { today } = useCurrentSession();
  const changed = useCaseChanged();
  const held = view.originals.filter(({ fate }) => !fate);
  const [fates, setFates] = useState<Record<string, Fate>>({});
  const [receiver, setReceiver] = useState<Collector>(() => firstCollector(view));
  const [insist, setInsist] = useState(false);
  const account = useCommand(accountOriginals, changed, (failure) => {
    focusRefused<keyof Collector>(failure, (field) => collectorId(PREFIX, field));
    changed();
  });
  const of = (fate: Fate) => held.map(({ code }) => code).filter((code) => fates[code] === fate);
  const [returned, archived] = [of("returned"), of("archived")];
  const set = (part: Partial<Collector>) => {
    account.clear();
    setReceiver((before) => ({ ...before, ...part }));
  };
  const chosen = returned.length + archived.length > 0;
  const submit = () => {
    if (!chosen) return;
    setInsist(true);
    const open = returned.length ? openField(view, receiver, today) : null;
    if (open) return document.getElementById(collectorId(PREFIX, open))?.focus();
    void account.run({
      id: view.id,
      version: view.version,
      returned,
      archived,
      receiver: returned.length ? tidied(receiver) : null,
    });
  };
  // Other forms of the page answer the same key: this one, where the keyboard is in it.
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (!isEnter(event) || !event.ctrlKey) return enterGoesOn(event);
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) submit();
  };
  const labels: Record<string, string> = {
    name: t("deliver.name"),
    id_number: t("deliver.idNumber"),
    authority: t("deliver.authority"),
    originals: t("originals.title"),
    receiver: t("originals.receiver"),
  };
  return (
    <form className="fields originals" onSubmit={neverByItself} onKeyDown={onKeyDown}>
      <p className="quiet field-wide">{t("originals.hint")}</p>
      {held.map(({ code, name }) => (
        <Radio.Group
          key={code}
          className="field-wide"
          aria-label={name}
          value={fates[code] ?? "held"}
          onChange={(event) => {
            account.clear();
            setFates((before) => ({ ...before, [code]: event.target.value as Fate }));
          }}
        >
          <span lang="zh-CN">{name}</span>
          <Radio value="held">{t("originals.later")}</Radio>
          <Radio value="returned" data-testid={`account-returned-${code}`}>
            {t("originals.returned")}
          </Radio>
          <Radio value="archived" data-testid={`account-archived-${code}`}>
            {t("originals.archived")}
          </Radio>
        </Radio.Group>
      ))}
      {returned.length > 0 && (
        <>
          <div className="field-wide">
            <Ways
              label={t("originals.receiver")}
              value={receiver.relation}
              options={relationsOf(view).map((value) => ({ value, label: t(`relation.${value}`) }))}
              onChange={(relation) => set(related(view, receiver, relation))}
            />
          </div>
          <CollectorFields
            of={view}
            prefix={PREFIX}
            collector={receiver}
            today={today}
            insist={insist}
            refused={account.problem}
            onChange={set}
          />
        </>
      )}
      <div className="field-wide">
        <Problem
          of={account.problem}
          nameOf={(pointer) => labels[pointer.split("/").at(-1) ?? ""]}
          onRetry={account.problem?.uncertain ? () => void account.retry() : undefined}
        />
      </div>
      <div className="buttons field-wide">
        <Button
          type="primary"
          onClick={submit}
          loading={account.busy}
          disabled={!chosen}
          data-testid="originals-submit"
        >
          {t("originals.submit")} <kbd>Ctrl+Enter</kbd>
        </Button>
      </div>
    </form>
  );
}
